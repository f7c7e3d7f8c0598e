// config.c - the command line, as the engine wants it
// SPDX-License-Identifier: MIT

#include "config.h"

#define DEFAULT_UDP_BITS_PER_S 1048576 // iperf3's, and not a round million

static enum iperf3_direction direction_of(const struct options *options) {
    if (options->bidir) {
        return IPERF3_BIDIR;
    }
    return options->reverse ? IPERF3_REVERSE : IPERF3_FORWARD;
}

static uint32_t duration_of(const struct options *options) {
    if (options->duration_s != OPTIONS_NOT_GIVEN) {
        return (uint32_t)options->duration_s;
    }
    bool limited = options->bytes > 0 || options->blocks > 0;
    return limited ? 0 : iperf3_default_config.test.duration_s;
}

static uint64_t rate_of(const struct options *options) {
    if (options->rate.bits_per_s != OPTIONS_NOT_GIVEN) {
        return options->rate.bits_per_s;
    }
    return options->udp ? DEFAULT_UDP_BITS_PER_S : 0;
}

static struct iperf3_test test_of(const struct options *options) {
    return (struct iperf3_test) {
               .protocol = options->udp ? IPERF3_UDP : IPERF3_TCP,
               .direction = direction_of(options),
               .parallel = (uint8_t)options->parallel,
               .tos = (uint8_t)options->tos,
               .no_delay = options->no_delay,
               .repeating_payload = options->repeating_payload,
               .get_server_output = options->get_server_output,
               .udp_counters_64bit = options->udp_counters_64bit,
               .dont_fragment = options->dont_fragment,
               .omit_s = (uint16_t)options->omit_s,
               .mss = (uint16_t)options->mss,
               .burst = (uint16_t)options->rate.count,
               .duration_s = duration_of(options),
               .length = (uint32_t)options->length,
               .bytes = options->bytes,
               .blocks = options->blocks,
               .bits_per_s = rate_of(options),
               .window = (uint32_t)options->window,
               .title = options->title,
               .extra_data = options->extra_data,
    };
}

static void configure_server(struct iperf3_config *config, const struct options *options) {
    config->max_streams = 2 * IPERF3_MAX_STREAMS;
    config->one_off = options->one_off;
    config->max_duration_s = (uint32_t)options->max_duration_s;
    config->max_bits_per_s = options->limit.bits_per_s;
    if (options->limit.count > 0) {
        config->rate_window_s = (uint32_t)options->limit.count;
    }
    // Otherwise iperf3 begins anew, in case it is stuck, and says nothing.
    if (options->one_off) {
        config->idle_timeout_s = (uint32_t)options->idle_timeout_s;
    }
}

static void configure_client(struct iperf3_config *config, const struct options *options) {
    config->test = test_of(options);
    config->max_streams = (uint16_t)iperf3_test_streams(&config->test);
    config->local_port = (uint16_t)options->local_port;
    if (options->connect_timeout_ms > 0) {
        config->connect_timeout_ms = (uint32_t)options->connect_timeout_ms;
    }
}

struct iperf3_config config_of(const struct options *options) {
    struct iperf3_config config = iperf3_default_config;
    config.interval_ms = (uint32_t)options->interval_ms;
    if (options->receive_timeout_ms != OPTIONS_NOT_GIVEN) {
        config.receive_timeout_ms = (uint32_t)options->receive_timeout_ms;
    }
    if (options->server) {
        configure_server(&config, options);
    } else {
        configure_client(&config, options);
    }
    return config;
}
