// modiperf3_lwip.c - the MicroPython module iperf3_lwip
// SPDX-License-Identifier: MIT
//
// What the functions take is described and parsed in iperf3_lwip_args.c, what they
// return in iperf3_lwip.h.

#include "py/runtime.h"

#if MICROPY_PY_LWIP

#include "iperf3_lwip.h"
#include "py/objstr.h"

static mp_obj_t client(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    struct iperf3_lwip_run run;
    iperf3_lwip_parse_client(&run, n_args, args, keywords);
    return iperf3_lwip_run(&run);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(client_obj, 1, client);

static mp_obj_t udp_client(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    struct iperf3_lwip_run run;
    iperf3_lwip_parse_udp_client(&run, n_args, args, keywords);
    return iperf3_lwip_run(&run);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(udp_client_obj, 1, udp_client);

// Also udp_server(): it is the client that chooses between TCP and UDP.
static mp_obj_t server(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    struct iperf3_lwip_run run;
    iperf3_lwip_parse_server(&run, true, n_args, args, keywords);
    return iperf3_lwip_run(&run);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(server_obj, 0, server);

static const MP_DEFINE_STR_OBJ(version_obj, IPERF3_VERSION);

static const mp_rom_map_elem_t globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_iperf3_lwip) },
    { MP_ROM_QSTR(MP_QSTR___version__), MP_ROM_PTR(&version_obj) },
    { MP_ROM_QSTR(MP_QSTR_client), MP_ROM_PTR(&client_obj) },
    { MP_ROM_QSTR(MP_QSTR_server), MP_ROM_PTR(&server_obj) },
    { MP_ROM_QSTR(MP_QSTR_udp_client), MP_ROM_PTR(&udp_client_obj) },
    { MP_ROM_QSTR(MP_QSTR_udp_server), MP_ROM_PTR(&server_obj) },
    { MP_ROM_QSTR(MP_QSTR_Client), MP_ROM_PTR(&iperf3_lwip_client_type) },
    { MP_ROM_QSTR(MP_QSTR_Server), MP_ROM_PTR(&iperf3_lwip_server_type) },
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t iperf3_lwip_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&globals,
};

MP_REGISTER_MODULE(MP_QSTR_iperf3_lwip, iperf3_lwip_module);

#endif // MICROPY_PY_LWIP
