// iperf3_lwip_args.c - what client(), server(), Client() and Server() are called with
// SPDX-License-Identifier: MIT

#include <string.h>

#include "py/runtime.h"

#if MICROPY_PY_LWIP

#include "iperf3_lwip.h"

#define MIN_BUFFER_SIZE (1024)
#define MAX_BUFFER_SIZE (65536)
#define DEFAULT_BUFFER_SIZE (16384)
#define DEFAULT_SERVER_PARALLEL (4)
#define DEFAULT_UDP_BANDWIDTH (1048576) // iperf3's, and not a round million
#define DEFAULT_UDP_CLIENT_BANDWIDTH (100000000)

// The arguments of server(). client() has the same behind its host, and more.
enum {
    ARG_port,
    ARG_duration,
    ARG_buffer_size,
    ARG_parallel,
    ARG_interval,
    ARG_quiet,
    ARG_on_interval,
    ARG_json,
    ARG_rcv_timeout,
    // server() only
    ARG_idle_timeout,
    ARG_server_bitrate_limit,
    ARG_one_off,
    SERVER_ARG_COUNT,
    // client() only
    ARG_reverse = ARG_idle_timeout,
    ARG_bidir,
    ARG_burst,
    ARG_bytes,
    ARG_blocks,
    ARG_omit,
    ARG_length,
    ARG_no_delay,
    ARG_mss,
    ARG_tos,
    ARG_window,
    ARG_udp_counters_64bit,
    ARG_repeating_payload,
    ARG_dont_fragment,
    ARG_title,
    ARG_extra_data,
    ARG_get_server_output,
    ARG_bind,
    ARG_cport,
    ARG_connect_timeout,
    ARG_bandwidth,
    ARG_udp,
    CLIENT_ARG_COUNT,
};

#define POSITIONAL(name, default_object) \
    { MP_QSTR_##name, MP_ARG_OBJ, { .u_rom_obj = default_object } }
#define KEYWORD(name, default_object) \
    { MP_QSTR_##name, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_rom_obj = default_object } }
#define FLAG(name) \
    { MP_QSTR_##name, MP_ARG_KW_ONLY | MP_ARG_BOOL, { .u_bool = false } }

/// Single arguments ///

// The arguments of one call and their names.
struct call {
    const mp_arg_t *names;
    const mp_arg_val_t *values;
};

static bool is_given(const struct call *call, size_t arg) {
    return call->values[arg].u_obj != mp_const_none;
}

static uint32_t get_int(const struct call *call, size_t arg, int min, int max) {
    mp_int_t value = mp_obj_get_int(call->values[arg].u_obj);
    if (value < min || value > max) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%q must be %d..%d"),
            (qstr)call->names[arg].qst, min, max);
    }
    return (uint32_t)value;
}

// Up to 2**62 - 1; 0 for None. mp_obj_get_int() stops at 31 bits on most boards,
// and what gives 64 bits has changed from version to version of MicroPython.
static uint64_t get_limit(const struct call *call, size_t arg) {
    if (!is_given(call, arg)) {
        return 0;
    }
    mp_obj_t value = call->values[arg].u_obj;
    mp_obj_t shifted = mp_binary_op(MP_BINARY_OP_RSHIFT, value, MP_OBJ_NEW_SMALL_INT(32));
    mp_int_t high = mp_obj_is_small_int(shifted) ? MP_OBJ_SMALL_INT_VALUE(shifted) : -1;
    if (high < 0 || high > 0x3fffffff) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%q must be 0..2**62-1"),
            (qstr)call->names[arg].qst);
    }
    return (uint64_t)high << 32 | (uint32_t)mp_obj_get_int_truncated(value);
}

// Seconds, whole or with a fraction, as milliseconds: 0.1..max, or 0 where it has
// a meaning.
static uint32_t get_ms(const struct call *call, size_t arg, int max, bool zero_allowed) {
    #if MICROPY_PY_BUILTINS_FLOAT
    mp_float_t seconds = mp_obj_get_float(call->values[arg].u_obj);
    #else
    mp_int_t seconds = mp_obj_get_int(call->values[arg].u_obj);
    #endif
    bool zero = zero_allowed && seconds == 0;
    uint32_t ms = 0;
    if (seconds > 0 && seconds <= max) { // not so for a NaN
        #if MICROPY_PY_BUILTINS_FLOAT
        ms = (uint32_t)(seconds * MICROPY_FLOAT_CONST(1000.0) + MICROPY_FLOAT_CONST(0.5));
        #else
        ms = (uint32_t)seconds * 1000;
        #endif
    }
    if (ms < 100 && !zero) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%q must be %s0.1..%d"),
            (qstr)call->names[arg].qst, zero_allowed ? "0 or " : "", max);
    }
    return ms;
}

// lwIP's parser does not mind what follows an address.
static bool is_address(const char *text) {
    char end = text[strspn(text, "0123456789abcdefABCDEF.:")];
    return end == '\0' || end == '%'; // % and an interface: the scope of an IPv6 address
}

static void get_address(mp_obj_t object, qstr name, ip_addr_t *host) {
    const char *text = mp_obj_str_get_str(object);
    bool valid = is_address(text);
    MICROPY_PY_LWIP_ENTER // it may look for an interface
        valid = valid && ipaddr_aton(text, host);
    MICROPY_PY_LWIP_EXIT
    if (!valid) {
        mp_raise_msg_varg(&mp_type_ValueError,
            MP_ERROR_TEXT("%q must be an IP address, not a name"), name);
    }
}

// Seconds; without a duration `otherwise`.
static uint32_t get_duration(const struct call *call, uint32_t otherwise) {
    if (!is_given(call, ARG_duration)) {
        return otherwise;
    }
    return get_int(call, ARG_duration, 0, IPERF3_MAX_DURATION_S);
}

// What client() and server() have in common, but for duration and parallel.
static void get_common(const struct call *call, struct iperf3_lwip_run *run) {
    memset(run, 0, sizeof(*run));
    run->config = iperf3_default_config;
    run->config.payload_size =
        get_int(call, ARG_buffer_size, MIN_BUFFER_SIZE, MAX_BUFFER_SIZE);
    run->config.interval_ms = get_ms(call, ARG_interval, 60, true);
    run->config.receive_timeout_ms = get_ms(call, ARG_rcv_timeout, 86400, false);
    run->port = (uint16_t)get_int(call, ARG_port, 1, 65535);
    run->json = call->values[ARG_json].u_bool;
    run->quiet = run->json || call->values[ARG_quiet].u_bool;
    run->on_interval = call->values[ARG_on_interval].u_obj;
    run->nothing_to_do = get_duration(call, 1) == 0; // 0, as opposed to none
}

static enum iperf3_direction get_direction(const struct call *call) {
    bool reverse = call->values[ARG_reverse].u_bool;
    bool bidir = call->values[ARG_bidir].u_bool;
    if (reverse && bidir) {
        mp_raise_ValueError(MP_ERROR_TEXT("reverse and bidir exclude each other"));
    }
    return bidir ? IPERF3_BIDIR : reverse ? IPERF3_REVERSE : IPERF3_FORWARD;
}

static uint64_t get_bandwidth(const struct call *call, bool udp) {
    if (!is_given(call, ARG_bandwidth)) {
        return udp ? DEFAULT_UDP_BANDWIDTH : 0;
    }
    return get_limit(call, ARG_bandwidth);
}

// Bytes of a block; 0: the engine chooses a datagram that is not fragmented.
static uint32_t get_length(const struct call *call, const struct iperf3_config *config) {
    bool udp = config->test.protocol == IPERF3_UDP;
    if (!is_given(call, ARG_length)) {
        return udp ? 0 : (uint32_t)config->payload_size;
    }
    return udp ? get_int(call, ARG_length, IPERF3_MIN_UDP_LENGTH, IPERF3_MAX_UDP_LENGTH)
               : get_int(call, ARG_length, 1, IPERF3_MAX_TCP_LENGTH);
}

// lwIP's buffers are as large as they were built.
static uint32_t get_window(const struct call *call) {
    return get_int(call, ARG_window, 0, (int)MIN(TCP_WND, TCP_SND_BUF));
}

static const char *get_text(const struct call *call, size_t arg) {
    return is_given(call, arg) ? mp_obj_str_get_str(call->values[arg].u_obj) : NULL;
}

static void get_test(const struct call *call, struct iperf3_config *config) {
    struct iperf3_test *test = &config->test;
    bool udp = call->values[ARG_udp].u_bool;
    test->protocol = udp ? IPERF3_UDP : IPERF3_TCP;
    test->direction = get_direction(call);
    test->parallel = (uint8_t)get_int(call, ARG_parallel, 1, IPERF3_MAX_STREAMS);
    test->bytes = get_limit(call, ARG_bytes);
    test->blocks = get_limit(call, ARG_blocks);
    bool limited = test->bytes != 0 || test->blocks != 0;
    test->duration_s = get_duration(call, limited ? 0 : test->duration_s);
    test->omit_s = (uint16_t)get_int(call, ARG_omit, 0, IPERF3_MAX_OMIT_S);
    test->bits_per_s = get_bandwidth(call, udp);
    test->burst = (uint16_t)get_int(call, ARG_burst, 0, IPERF3_MAX_BURST);
    test->udp_counters_64bit = call->values[ARG_udp_counters_64bit].u_bool;
    test->length = get_length(call, config);
    if (udp && test->length > config->payload_size) {
        config->payload_size = test->length; // a datagram is sent in one piece
    }
    test->no_delay = call->values[ARG_no_delay].u_bool;
    test->mss = (uint16_t)get_int(call, ARG_mss, 0, IPERF3_MAX_MSS);
    test->tos = (uint8_t)get_int(call, ARG_tos, 0, 255);
    test->window = get_window(call);
    test->repeating_payload = call->values[ARG_repeating_payload].u_bool;
    test->dont_fragment = call->values[ARG_dont_fragment].u_bool;
    test->title = get_text(call, ARG_title);
    test->extra_data = get_text(call, ARG_extra_data);
    test->get_server_output = call->values[ARG_get_server_output].u_bool;
}

// Where the client's connections come from.
static void get_local(const struct call *call, struct iperf3_config *config) {
    int streams = (int)iperf3_test_streams(&config->test);
    config->local_port = (uint16_t)get_int(call, ARG_cport, 0, 65536 - streams);
    if (is_given(call, ARG_bind)) {
        get_address(call->values[ARG_bind].u_obj, MP_QSTR_bind, &config->local);
    }
}

/// Calls ///

// client(host, port=5201, duration=10, buffer_size=16384, *, udp=False,
//        reverse=False, bidir=False, parallel=1, bandwidth=None, burst=0,
//        bytes=None, blocks=None, omit=0, interval=1, length=None,
//        no_delay=False, mss=0, tos=0, window=0, udp_counters_64bit=False,
//        repeating_payload=False, dont_fragment=False, title=None, extra_data=None,
//        get_server_output=False, bind=None, cport=0, quiet=False, on_interval=None,
//        json=False, rcv_timeout=120, connect_timeout=5) -> dict
//
// Runs one test against an iperf3 server and returns its figures, as
// described at iperf3_lwip_result(). Prints iperf3's lines meanwhile.
//
//     host             IP address of the server, a string
//     port             1..65535
//     duration         seconds, 0..86400. 0 returns at once and connects to
//                      nobody. None: 10, or no limit where bytes or blocks is given
//     buffer_size      bytes of payload kept on the Python heap, 1024..65536;
//                      sent over and over
//     udp              datagrams instead of TCP (-u)
//     reverse          the server sends (-R)
//     bidir            both sides send (--bidir)
//     parallel         streams in each direction, 1..128 (-P)
//     bandwidth        bits per second and stream, 0: as fast as possible (-b). None:
//                      1048576 with udp, else 0
//     burst            blocks sent back to back, 0..1000 (-b RATE/BURST)
//     bytes, blocks    end the test after so many bytes (-n) or blocks (-k), over
//                      all streams
//     omit             seconds at the start that do not count, 0..600 (-O)
//     interval         seconds between lines, 0.1..60; 0: none on the way (-i)
//     length           bytes of a block (-l): 1..1048576, with udp 16..65507. None:
//                      buffer_size, with udp what fits a packet
//     no_delay         without Nagle's algorithm (-N)
//     mss              TCP's maximum segment size, 0..32767; 0: as lwIP chooses (-M)
//     tos              IP type of service, 0..255 (-S)
//     window           bytes in the buffers of both sides' sockets, 0..what lwIP was built
//                      with; 0: as they are (-w)
//     udp_counters_64bit  datagrams numbered in 64 bits (--udp-counters-64bit)
//     repeating_payload   the digits over and over instead of noise (--repeating-payload)
//     dont_fragment    the server's datagrams bear that bit (--dont-fragment); the
//                      board's have to fit a packet
//     title            begins every line (-T)
//     extra_data       for the JSON documents of both sides (--extra-data)
//     get_server_output  ask for what the server prints (--get-server-output)
//     bind             own address, for a board that has more than one (-B)
//     cport            own port of the first stream, the others count on; 0: any (--cport)
//     quiet            print nothing
//     on_interval      called with the dict of each interval, as described at
//                      iperf3_lwip_interval(); an exception in it ends the test
//     json             print nothing and return the document that iperf3 prints with
//                      -J, as described at iperf3_report_json()
//     rcv_timeout      seconds without data after which a test in which the board
//                      receives has failed, 0.1..86400 (--rcv-timeout)
//     connect_timeout  seconds, 0.1..60
//
// ValueError: an argument is out of range. MemoryError: the Python heap has no
// room. OSError with ETIMEDOUT: no answer from host; EHOSTUNREACH: no route to it;
// ECONNREFUSED: no server there; ENOMEM: lwIP has no room; else with the text that
// iperf3 prints. Ctrl-C ends the test on both sides, prints what there is and
// raises KeyboardInterrupt.

// What client() and udp_client() take behind their positional arguments but for
// the one that is positional in the other.
#define CLIENT_KEYWORDS \
    KEYWORD(parallel, MP_ROM_INT(1)), \
    KEYWORD(interval, MP_ROM_INT(1)), \
    FLAG(quiet), \
    KEYWORD(on_interval, MP_ROM_NONE), \
    FLAG(json), \
    KEYWORD(rcv_timeout, MP_ROM_INT(120)), \
    FLAG(reverse), \
    FLAG(bidir), \
    KEYWORD(burst, MP_ROM_INT(0)), \
    KEYWORD(bytes, MP_ROM_NONE), \
    KEYWORD(blocks, MP_ROM_NONE), \
    KEYWORD(omit, MP_ROM_INT(0)), \
    KEYWORD(length, MP_ROM_NONE), \
    FLAG(no_delay), \
    KEYWORD(mss, MP_ROM_INT(0)), \
    KEYWORD(tos, MP_ROM_INT(0)), \
    KEYWORD(window, MP_ROM_INT(0)), \
    FLAG(udp_counters_64bit), \
    FLAG(repeating_payload), \
    FLAG(dont_fragment), \
    KEYWORD(title, MP_ROM_NONE), \
    KEYWORD(extra_data, MP_ROM_NONE), \
    FLAG(get_server_output), \
    KEYWORD(bind, MP_ROM_NONE), \
    KEYWORD(cport, MP_ROM_INT(0)), \
    KEYWORD(connect_timeout, MP_ROM_INT(5))

static const mp_arg_t client_args[] = {
    { MP_QSTR_host, MP_ARG_REQUIRED | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
    POSITIONAL(port, MP_ROM_INT(IPERF3_DEFAULT_PORT)),
    POSITIONAL(duration, MP_ROM_NONE),
    POSITIONAL(buffer_size, MP_ROM_INT(DEFAULT_BUFFER_SIZE)),
    CLIENT_KEYWORDS,
    KEYWORD(bandwidth, MP_ROM_NONE),
    FLAG(udp),
};

static void parse_client(const mp_arg_val_t *values, struct iperf3_lwip_run *run) {
    const struct call call = { client_args + 1, values + 1 };
    get_common(&call, run);
    get_address(values[0].u_obj, MP_QSTR_host, &run->host);
    get_test(&call, &run->config);
    get_local(&call, &run->config);
    run->config.max_streams = (uint16_t)iperf3_test_streams(&run->config.test);
    run->config.connect_timeout_ms = get_ms(&call, ARG_connect_timeout, 60, false);
}

void iperf3_lwip_parse_client(
    struct iperf3_lwip_run *run, size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    MP_STATIC_ASSERT(MP_ARRAY_SIZE(client_args) == 1 + CLIENT_ARG_COUNT);
    mp_arg_val_t values[MP_ARRAY_SIZE(client_args)];
    mp_arg_parse_all(n_args, args, keywords, MP_ARRAY_SIZE(values), client_args, values);
    parse_client(values, run);
}

// udp_client(host, port=5201, duration=10, bandwidth=100000000, *,
//            buffer_size=16384, ...) -> dict
//
// client(udp=True), with bandwidth in the place of buffer_size.
static const mp_arg_t udp_client_args[] = {
    { MP_QSTR_host, MP_ARG_REQUIRED | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
    POSITIONAL(port, MP_ROM_INT(IPERF3_DEFAULT_PORT)),
    POSITIONAL(duration, MP_ROM_NONE),
    POSITIONAL(bandwidth, MP_ROM_INT(DEFAULT_UDP_CLIENT_BANDWIDTH)),
    CLIENT_KEYWORDS,
    KEYWORD(buffer_size, MP_ROM_INT(DEFAULT_BUFFER_SIZE)),
};

void iperf3_lwip_parse_udp_client(
    struct iperf3_lwip_run *run, size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    MP_STATIC_ASSERT(MP_ARRAY_SIZE(udp_client_args) == CLIENT_ARG_COUNT);
    mp_arg_val_t values[MP_ARRAY_SIZE(client_args)];
    mp_arg_parse_all(
        n_args, args, keywords, MP_ARRAY_SIZE(udp_client_args), udp_client_args, values);
    mp_arg_val_t bandwidth = values[1 + ARG_buffer_size];
    values[1 + ARG_buffer_size] = values[1 + ARG_bandwidth];
    values[1 + ARG_bandwidth] = bandwidth;
    values[1 + ARG_udp].u_bool = true;
    parse_client(values, run);
}

// server(port=5201, duration=None, buffer_size=16384, *, parallel=4, interval=1,
//        quiet=False, on_interval=None, json=False, rcv_timeout=120,
//        idle_timeout=None, server_bitrate_limit=None, one_off=True) -> dict
//
// Listens, serves one test, TCP or UDP, to an iperf3 client, and returns its figures as
// client() does. Server() takes the same, but serves one test after another
// unless one_off.
//
//     duration  seconds: refuse longer tests. None: as the client asks. 0 returns
//               at once and serves nobody
//     parallel  sets memory aside for so many streams in each direction, 1..128;
//               a client that asks for more than twice as many in all is refused
//     idle_timeout  seconds, 1..86400: give up when no client comes for so long. None:
//               wait for ever
//     server_bitrate_limit  bit/s of all streams together: refuse faster tests, and end
//               one that is faster over 5 s. None: any
//     one_off   whether to end after one test (-1). False: serve until Ctrl-C
//
// The rest as for client(). OSError with EADDRINUSE: the port is taken; else as
// for client(). A test that fails, or that the client breaks off, raises too.
static const mp_arg_t server_args[] = {
    POSITIONAL(port, MP_ROM_INT(IPERF3_DEFAULT_PORT)),
    POSITIONAL(duration, MP_ROM_NONE),
    POSITIONAL(buffer_size, MP_ROM_INT(DEFAULT_BUFFER_SIZE)),
    KEYWORD(parallel, MP_ROM_INT(DEFAULT_SERVER_PARALLEL)),
    KEYWORD(interval, MP_ROM_INT(1)),
    FLAG(quiet),
    KEYWORD(on_interval, MP_ROM_NONE),
    FLAG(json),
    KEYWORD(rcv_timeout, MP_ROM_INT(120)),
    KEYWORD(idle_timeout, MP_ROM_NONE),
    KEYWORD(server_bitrate_limit, MP_ROM_NONE),
    KEYWORD(one_off, MP_ROM_NONE),
};

void iperf3_lwip_parse_server(struct iperf3_lwip_run *run, bool one_off, size_t n_args,
    const mp_obj_t *args, mp_map_t *keywords) {
    MP_STATIC_ASSERT(MP_ARRAY_SIZE(server_args) == SERVER_ARG_COUNT);
    mp_arg_val_t values[MP_ARRAY_SIZE(server_args)];
    mp_arg_parse_all(n_args, args, keywords, MP_ARRAY_SIZE(values), server_args, values);
    const struct call call = { server_args, values };

    get_common(&call, run);
    run->is_server = true;
    run->config.max_streams =
        (uint16_t)(2 * get_int(&call, ARG_parallel, 1, IPERF3_MAX_STREAMS));
    run->config.max_duration_s = get_duration(&call, 0);
    run->config.max_bits_per_s = get_limit(&call, ARG_server_bitrate_limit);
    if (is_given(&call, ARG_idle_timeout)) {
        run->config.idle_timeout_s = get_int(&call, ARG_idle_timeout, 1, IPERF3_MAX_DURATION_S);
    }
    run->config.one_off = one_off;
    if (is_given(&call, ARG_one_off)) {
        run->config.one_off = mp_obj_is_true(call.values[ARG_one_off].u_obj);
    }
}

#endif // MICROPY_PY_LWIP
