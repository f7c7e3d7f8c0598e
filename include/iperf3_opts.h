// iperf3_opts.h - what is built in
// SPDX-License-Identifier: MIT
//
// Change an option with a compiler flag for the engine: -DIPERF3_WITH_UDP=0. There
// is none for what the linker does by itself with -ffunction-sections and
// --gc-sections: it leaves out the client, the server, the text and the JSON of
// reports and the texts of errors where a program does not call them. In
// docs/PORTING.md stands what all these take, in bytes.

#ifndef IPERF3_OPTS_H
#define IPERF3_OPTS_H

// UDP tests: 1.2 KB. Without, iperf3_connect() returns
// IPERF3_ERR_NOT_BUILT_IN for one, and a server refuses it with iperf3's error
// 131, "protocol does not exist". lwIP may then be built without UDP (LWIP_UDP 0).
#ifndef IPERF3_WITH_UDP
#define IPERF3_WITH_UDP 1
#endif

// The client: 1.4 KB. Only for programs that call iperf3_connect() and can do without, as
// the MicroPython module; it then returns IPERF3_ERR_NOT_BUILT_IN.
#ifndef IPERF3_WITH_CLIENT
#define IPERF3_WITH_CLIENT 1
#endif

// The server: 2.9 KB. Likewise with iperf3_listen().
#ifndef IPERF3_WITH_SERVER
#define IPERF3_WITH_SERVER 1
#endif

#endif // IPERF3_OPTS_H
