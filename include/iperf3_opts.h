// iperf3_opts.h - what is built in
// SPDX-License-Identifier: MIT
//
// Change an option with a compiler flag for all files that include iperf3.h and
// for the engine itself: -DIPERF3_WITH_UDP=0. There are none for what the linker
// does by itself with -ffunction-sections and --gc-sections: it leaves out the
// client or the server, text, JSON and the texts of errors where a program does
// not call them. docs/PORTING.md says in figures what each of all these saves.

#ifndef IPERF3_OPTS_H
#define IPERF3_OPTS_H

// UDP tests. Without: a client's iperf3_connect() takes UDP for IPERF3_ERR_ARGUMENT,
// a server refuses it with iperf3's error 131, "protocol does not exist". lwIP
// may be built without UDP (LWIP_UDP 0).
#ifndef IPERF3_WITH_UDP
#define IPERF3_WITH_UDP 1
#endif

// iperf3_connect(). For programs that refer to it and do not use it, as the
// MicroPython module does; it then has no client().
#ifndef IPERF3_WITH_CLIENT
#define IPERF3_WITH_CLIENT 1
#endif

// iperf3_listen(), and in the MicroPython module server().
#ifndef IPERF3_WITH_SERVER
#define IPERF3_WITH_SERVER 1
#endif

#endif // IPERF3_OPTS_H
