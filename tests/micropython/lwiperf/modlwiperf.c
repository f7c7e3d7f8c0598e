// modlwiperf.c - lwIP's own lwiperf (iperf 2, TCP) as a module, to compare with
// SPDX-License-Identifier: MIT
//
//     lwiperf.server(port=5001, timeout=30)          -> (bytes, ms)
//     lwiperf.client(host, port=5001, seconds=10)    -> (bytes, ms)
//
// Each runs one test. lwiperf counts bytes in 32 bits: 4 GiB is the limit.

#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"

#if MICROPY_PY_LWIP

#include "lwip/tcp.h"

// lwiperf.c is taken in whole, found from lwIP's include folder, because its
// API has no test duration, closes no connection in lwiperf_abort(), and its
// tcp_err callback reports on a connection that is gone.
static void connection_lost(void *session, err_t error);
#define tcp_err(pcb, callback) tcp_err(pcb, (callback) == NULL ? NULL : connection_lost)
#include "../apps/lwiperf/lwiperf.c"
#undef tcp_err

#define CONNECT_AND_CLOSE_MS (10000)

// written by lwIP's callbacks
static struct {
    volatile bool done;
    bool lost;
    uint32_t bytes;
    uint32_t ms;
} outcome;

static void test_done(void *arg, enum lwiperf_report_type type, const ip_addr_t *local_address,
    u16_t local_port, const ip_addr_t *remote_address, u16_t remote_port, u32_t bytes, u32_t ms, u32_t kbits) {
    outcome.bytes = bytes;
    outcome.ms = ms;
    outcome.lost = type != LWIPERF_TCP_DONE_SERVER && type != LWIPERF_TCP_DONE_CLIENT;
    outcome.done = true;
}

static void connection_lost(void *session, err_t error) {
    ((lwiperf_state_tcp_t *)session)->report_fn = NULL;
    lwiperf_tcp_err(session, error);
    outcome.lost = true;
    outcome.done = true;
}

static void close_all(void) {
    MICROPY_PY_LWIP_ENTER
    while (lwiperf_all_connections != NULL) {
        lwiperf_state_tcp_t *session = (lwiperf_state_tcp_t *)lwiperf_all_connections;
        session->report_fn = NULL;
        lwiperf_tcp_close(session, LWIPERF_TCP_ABORTED_LOCAL);
    }
    MICROPY_PY_LWIP_EXIT
}

static void wait_for_outcome(uint32_t timeout_ms) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) != 0) {
        close_all();
        nlr_jump(nlr.ret_val);
    }
    mp_uint_t start = mp_hal_ticks_ms();
    while (!outcome.done && mp_hal_ticks_ms() - start < timeout_ms) {
        mp_event_wait_ms(10);
    }
    nlr_pop();
    close_all();
}

static mp_obj_t result(void) {
    if (!outcome.done) {
        mp_raise_OSError(MP_ETIMEDOUT);
    }
    if (outcome.lost) {
        mp_raise_OSError(MP_ECONNRESET);
    }
    mp_obj_t items[] = {
        mp_obj_new_int_from_uint(outcome.bytes),
        mp_obj_new_int_from_uint(outcome.ms),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}

static mp_obj_t lwiperf_server(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_port, ARG_timeout };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_port, MP_ARG_INT, { .u_int = LWIPERF_TCP_PORT_DEFAULT } },
        { MP_QSTR_timeout, MP_ARG_INT, { .u_int = 30 } },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);

    outcome.done = false;
    MICROPY_PY_LWIP_ENTER
    void *session = lwiperf_start_tcp_server(IP_ADDR_ANY, (u16_t)args[ARG_port].u_int, test_done, NULL);
    MICROPY_PY_LWIP_EXIT
    if (session == NULL) {
        mp_raise_OSError(MP_ENOMEM);
    }
    wait_for_outcome((uint32_t)args[ARG_timeout].u_int * 1000);
    return result();
}
static MP_DEFINE_CONST_FUN_OBJ_KW(lwiperf_server_obj, 0, lwiperf_server);

static mp_obj_t lwiperf_client(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_host, ARG_port, ARG_seconds };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_host, MP_ARG_REQUIRED | MP_ARG_OBJ, { .u_obj = MP_OBJ_NULL } },
        { MP_QSTR_port, MP_ARG_INT, { .u_int = LWIPERF_TCP_PORT_DEFAULT } },
        { MP_QSTR_seconds, MP_ARG_INT, { .u_int = 10 } },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    ip_addr_t host;
    if (!ipaddr_aton(mp_obj_str_get_str(args[ARG_host].u_obj), &host)) {
        mp_raise_ValueError(MP_ERROR_TEXT("host is no IP address"));
    }
    uint32_t seconds = (uint32_t)args[ARG_seconds].u_int;

    outcome.done = false;
    MICROPY_PY_LWIP_ENTER
    lwiperf_state_tcp_t *session = lwiperf_start_tcp_client(
        &host, (u16_t)args[ARG_port].u_int, LWIPERF_CLIENT, test_done, NULL);
    if (session != NULL) {
        session->settings.amount = lwip_htonl(-(seconds * 100)); // negative: time in units of 10 ms
    }
    MICROPY_PY_LWIP_EXIT
    if (session == NULL) {
        mp_raise_OSError(MP_ENOMEM);
    }
    wait_for_outcome(seconds * 1000 + CONNECT_AND_CLOSE_MS);
    return result();
}
static MP_DEFINE_CONST_FUN_OBJ_KW(lwiperf_client_obj, 1, lwiperf_client);

static const mp_rom_map_elem_t lwiperf_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_lwiperf) },
    { MP_ROM_QSTR(MP_QSTR_server), MP_ROM_PTR(&lwiperf_server_obj) },
    { MP_ROM_QSTR(MP_QSTR_client), MP_ROM_PTR(&lwiperf_client_obj) },
};
static MP_DEFINE_CONST_DICT(lwiperf_globals, lwiperf_globals_table);

const mp_obj_module_t lwiperf_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&lwiperf_globals,
};
MP_REGISTER_MODULE(MP_QSTR_lwiperf, lwiperf_module);

#endif // MICROPY_PY_LWIP
