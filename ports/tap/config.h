// config.h - the command line, as the engine wants it
// SPDX-License-Identifier: MIT

#ifndef CONFIG_H
#define CONFIG_H

#include "iperf3.h"
#include "options.h"

// All of a configuration that options decide.
struct iperf3_config config_of(const struct options *options);

#endif // CONFIG_H
