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

// The longest sleep. What arrives wakes the processor anyway, and the data flow
// in lwIP's callbacks meanwhile. But a message that arrives just before the
// processor goes to sleep is found only when the sleep ends: then a step of the
// protocol waits this long. 200 polls a second cost next to nothing.
#define IPERF3_LWIP_MAX_SLEEP_MS (5)

// A run of the engine: one test, or a server's tests one after another. Lives on
// the C stack of client() and server(), or in an object Client or Server: the
// garbage collector finds the memory through it, and nothing static is left for a
// soft reset to make stale.
struct iperf3_lwip_run {
    // what the caller asks for: iperf3_lwip_parse_...()
    struct iperf3_config config; // now_us, random and payload: iperf3_lwip_start()
    ip_addr_t host;              // client
    uint16_t port;
    bool is_server;
    bool quiet;
    bool json;
    bool nothing_to_do;    // a duration of 0
    bool keeps_interval;   // for `interval` below
    mp_obj_t on_interval;  // called with the dict of each interval, or None
    // what it holds while it runs; NULL when it does not
    iperf3_t *session;
    byte *memory;
    byte *payload; // of config.payload_size bytes
    size_t memory_size;
    nlr_jump_callback_node_t on_exit; // iperf3_lwip_run()
    // what it has to tell
    bool wants_output;   // --get-server-output: client: collect what the server has
                         //   printed; server: what this one prints, for the client
    bool output_is_json; // the server was run with -J
    vstr_t output;
    mp_obj_t document;       // where json: of the running test
    mp_obj_t interval;       // the last one's dict, or None
    mp_obj_t result;         // of the last test, or MP_OBJ_NULL
    enum iperf3_error error; // it failed
    const char *error_text;
};

/// Arguments ///

// Fill a run with what a function or constructor is called with, or raise.
void iperf3_lwip_parse_client(
    struct iperf3_lwip_run *run, size_t n_args, const mp_obj_t *args, mp_map_t *keywords);
void iperf3_lwip_parse_udp_client(
    struct iperf3_lwip_run *run, size_t n_args, const mp_obj_t *args, mp_map_t *keywords);

// one_off: unless the caller says otherwise.
void iperf3_lwip_parse_server(struct iperf3_lwip_run *run, bool one_off, size_t n_args,
    const mp_obj_t *args, mp_map_t *keywords);

/// Runs ///

// Starts, or raises. The memory comes from the Python heap, and is back there when
// the run ends.
void iperf3_lwip_start(struct iperf3_lwip_run *run);

// Of a run that has a session: does what is due and tells it. True: there may be
// more at once, or the run is over and has no session any more. False: nothing is
// due for so many microseconds. Raises what on_interval raises, or MemoryError: then
// the run should be stopped.
bool iperf3_lwip_step(struct iperf3_lwip_run *run, uint32_t *wait_us);

// Ends what runs on both sides and tells the rest. Does not raise.
void iperf3_lwip_stop(struct iperf3_lwip_run *run);

// The same for a finaliser, which may neither print nor allocate.
void iperf3_lwip_drop(struct iperf3_lwip_run *run);

// The result of the last test; or raises why it failed, or that none has ended.
mp_obj_t iperf3_lwip_take_result(const struct iperf3_lwip_run *run);

// All of this, blocking. Whatever happens, nothing stays behind.
mp_obj_t iperf3_lwip_run(struct iperf3_lwip_run *run);

// Digits over and over, or noise.
void iperf3_lwip_fill_payload(struct iperf3_lwip_run *run, bool repeating);

/// Telling ///

void iperf3_lwip_begin_telling(struct iperf3_lwip_run *run);

// Prints a report, calls on_interval, keeps the result. is_over: no other follows.
void iperf3_lwip_tell(
    struct iperf3_lwip_run *run, const struct iperf3_report *report, bool is_over);

mp_obj_t iperf3_lwip_empty_result(const struct iperf3_lwip_run *run);

/// Objects ///

extern const mp_obj_type_t iperf3_lwip_client_type;
extern const mp_obj_type_t iperf3_lwip_server_type;

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
