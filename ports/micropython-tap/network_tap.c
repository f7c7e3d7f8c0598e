// network_tap.c - network.TAP, the Python side of a TAP device
// SPDX-License-Identifier: MIT
//
//     nic = network.TAP("tap0")
//     nic.ipconfig(addr4="10.99.0.2/24", gw4="10.99.0.1")

#include "network_tap.h"

#include <string.h>

#include "extmod/modnetwork.h"
#include "lwip_used.h"
#include "py/mperrno.h"
#include "py/runtime.h"
#include "lwip/stats.h"

struct tap_netif network_tap = { .fd = -1 };
static const mp_obj_base_t nic = { &network_tap_type };

// TAP(name="tap0"): opens the device at the first call, names the same one after that
static mp_obj_t network_tap_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 0, 1, false);
    const char *name = n_args > 0 ? mp_obj_str_get_str(args[0]) : "tap0";
    if (network_tap.fd < 0) {
        MICROPY_PY_LWIP_ENTER
        int error = tap_netif_open(&network_tap, name);
        MICROPY_PY_LWIP_EXIT
        if (error != 0) {
            mp_raise_OSError(error);
        }
    } else if (strcmp(name, network_tap.name) != 0) {
        mp_raise_OSError(MP_EBUSY);
    }
    return MP_OBJ_FROM_PTR(&nic);
}

// active([up]) -> bool
static mp_obj_t network_tap_active(size_t n_args, const mp_obj_t *args) {
    if (n_args > 1) {
        bool up = mp_obj_is_true(args[1]);
        MICROPY_PY_LWIP_ENTER
        if (up) {
            netif_set_up(&network_tap.netif);
        } else {
            netif_set_down(&network_tap.netif);
        }
        MICROPY_PY_LWIP_EXIT
    }
    return mp_obj_new_bool(netif_is_up(&network_tap.netif));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(network_tap_active_obj, 1, 2, network_tap_active);

// isconnected() -> bool: up, and has an IPv4 address
static mp_obj_t network_tap_isconnected(mp_obj_t self_in) {
    (void)self_in;
    const struct netif *netif = &network_tap.netif;
    return mp_obj_new_bool(netif_is_up(netif) && !ip4_addr_isany(netif_ip4_addr(netif)));
}
static MP_DEFINE_CONST_FUN_OBJ_1(network_tap_isconnected_obj, network_tap_isconnected);

static mp_obj_t network_tap_ifconfig(size_t n_args, const mp_obj_t *args) {
    return mod_network_nic_ifconfig(&network_tap.netif, n_args - 1, args + 1);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(network_tap_ifconfig_obj, 1, 2, network_tap_ifconfig);

static mp_obj_t network_tap_ipconfig(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    return mod_network_nic_ipconfig(&network_tap.netif, n_args - 1, args + 1, kwargs);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(network_tap_ipconfig_obj, 1, network_tap_ipconfig);

static void store(mp_obj_t dict, qstr key, size_t value) {
    mp_obj_dict_store(dict, MP_OBJ_NEW_QSTR(key), mp_obj_new_int_from_uint(value));
}

// stats() -> dict: frames since the device was opened, and TCP segments sent again
static mp_obj_t network_tap_stats(mp_obj_t self_in) {
    (void)self_in;
    mp_obj_t dict = mp_obj_new_dict(5);
    store(dict, MP_QSTR_received, network_tap.received);
    store(dict, MP_QSTR_sent, network_tap.sent);
    store(dict, MP_QSTR_receive_drops, network_tap.receive_drops);
    store(dict, MP_QSTR_send_errors, network_tap.send_errors);
    store(dict, MP_QSTR_tcp_retransmits, lwip_stats.mib2.tcpretranssegs);
    return dict;
}
static MP_DEFINE_CONST_FUN_OBJ_1(network_tap_stats_obj, network_tap_stats);

static const mp_rom_map_elem_t network_tap_locals_dict_table[] = {
    { MP_ROM_QSTR(MP_QSTR_active), MP_ROM_PTR(&network_tap_active_obj) },
    { MP_ROM_QSTR(MP_QSTR_isconnected), MP_ROM_PTR(&network_tap_isconnected_obj) },
    { MP_ROM_QSTR(MP_QSTR_ifconfig), MP_ROM_PTR(&network_tap_ifconfig_obj) },
    { MP_ROM_QSTR(MP_QSTR_ipconfig), MP_ROM_PTR(&network_tap_ipconfig_obj) },
    { MP_ROM_QSTR(MP_QSTR_stats), MP_ROM_PTR(&network_tap_stats_obj) },
    { MP_ROM_QSTR(MP_QSTR_lwip_used), MP_ROM_PTR(&lwip_used_obj) },
};
static MP_DEFINE_CONST_DICT(network_tap_locals_dict, network_tap_locals_dict_table);

MP_DEFINE_CONST_OBJ_TYPE(
    network_tap_type,
    MP_QSTR_TAP,
    MP_TYPE_FLAG_NONE,
    make_new, network_tap_make_new,
    locals_dict, &network_tap_locals_dict
    );
