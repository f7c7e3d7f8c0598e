// iperf3_lwip.h - what the files of the MicroPython module share
// SPDX-License-Identifier: MIT

#ifndef IPERF3_LWIP_H
#define IPERF3_LWIP_H

#include "iperf3.h"
#include "py/mphal.h"
#include "py/nlr.h"
#include "py/obj.h"

// Ports whose lwIP runs in the thread of Python need no lock and define none.
// ENTER may declare a variable, hence one pair per block.
#ifndef MICROPY_PY_LWIP_ENTER
#define MICROPY_PY_LWIP_ENTER
#define MICROPY_PY_LWIP_EXIT
#endif

// One blocking call of client() or server(). It lives on the C stack of that
// call: the garbage collector finds the memory through it, and nothing static
// is left for a soft reset to make stale.
struct iperf3_lwip_run {
    // what the caller asks for
    struct iperf3_config config; // now_us, random and payload: see iperf3_lwip_run()
    const ip_addr_t *host;       // NULL: be the server
    uint16_t port;
    bool quiet;
    mp_obj_t on_interval; // called with the dict of each interval, or None
    mp_obj_t document;    // iperf3_lwip_document() to return, or MP_OBJ_NULL
    bool wants_output;    // --get-server-output: client: collect what the server has
                          //   printed; server: what this one prints, for the client
    // what the run holds; zero before it
    nlr_jump_callback_node_t on_exit;
    iperf3_t *session;
    size_t memory_size;
    byte *memory;
    byte *payload; // of config.payload_size bytes
    vstr_t output; // where wants_output
    bool output_is_json;
};

// Runs one test to its end and returns run->document or iperf3_lwip_result(), or
// raises. The memory comes from the Python heap and is back there in either case.
mp_obj_t iperf3_lwip_run(struct iperf3_lwip_run *run);

/// Dicts ///

// Figures are the keys
//
//     'bytes'            int    payload: no headers of TCP or below
//     'seconds'          float
//     'bits_per_second'  float
//
// and, of a UDP test, where datagrams were sent
//
//     'packets'          int
//
// and where they were received
//
//     'packets'          int    sent, as far as the receiver knows
//     'lost_packets'     int
//     'lost_percent'     float
//     'out_of_order'     int    0 where the other side received: it does not tell
//     'jitter_ms'        float  the average of the streams
//
// (int instead of float in a MicroPython without floats). A count that nobody
// knows, as the retransmits of a peer that has no such counter, is None.
//
// A test moves data from the client to the server, with reverse=True from the
// server to the client, with bidir=True both ways; then the keys at the top are
// about client to server, and 'reverse' holds the other way in the same form.

// The dict that client() and server() return:
//
//     <figures>                  as this side counted them, all streams together
//     'retransmits'              TCP: int or None: segments the sending side sent again.
//                                UDP has instead the receiving side's 'packets' and so on
//     'sender'                   dict of <figures> and 'retransmits': the sending side
//     'receiver'                 dict of <figures>: the receiving side
//     'reverse'                  bidir only: dict of the five lines above
//     'streams'                  list of dicts, one per stream
//         'id'                   int, as iperf3 numbers streams: 1, 3, 4, ...
//         'sender'               bool: this side sends
//         'local_port'           int
//         'remote_port'          int
//         <figures>              as this side counted them
//         'retransmits'          int or None, of the sending side
//         'remote'               dict of <figures>, as the other side counted them
//
//     'server_output_text'       client, get_server_output: str: what the server printed;
//                                of one that was run with -J 'server_output_json': dict
//
// A zeroed report gives the dict of a test that was not run.
mp_obj_t iperf3_lwip_result(const struct iperf3_report *report);

// The dict that on_interval is called with; all counts are this side's:
//
//     'start', 'end'             float, seconds since the start of the test or since
//                                the end of its omitted seconds
//     'omitted'                  bool: not part of the totals
//     <figures>                  all streams together
//     'retransmits'              int; None where this side receives or does not know
//     'reverse'                  bidir only: dict of <figures> and 'retransmits'
//     'streams'                  list of dicts, one per stream
//         'id', 'sender', 'local_port', 'remote_port', <figures>, 'retransmits'
//         'cwnd'                 int, congestion window in bytes; only where this side sends
mp_obj_t iperf3_lwip_interval(const struct iperf3_report *report);

/// iperf3's JSON ///

// The document that iperf3 prints with -J, of a test that has not begun:
// {'start': {}, 'intervals': [], 'end': {}}. ValueError where MicroPython has no
// json module or no floats.
mp_obj_t iperf3_lwip_document(void);

// Adds what a report has to say, as described at iperf3_report_json(). Allocates.
void iperf3_lwip_document_add(mp_obj_t document, const struct iperf3_report *report);

// Stores what the server has printed, as `server_output_text`, a string, or, of a
// server that was run with -J, `server_output_json`, a dict (a string in a MicroPython
// that has no json). Takes the text over.
void iperf3_lwip_store_output(mp_obj_t dict, vstr_t *output, bool is_json);

#endif // IPERF3_LWIP_H
