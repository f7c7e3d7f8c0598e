// network_lan.c - network.LAN, the Python side of the Ethernet interface
// SPDX-License-Identifier: MIT
//
//     nic = network.LAN()
//     nic.active(True)
//     nic.ipconfig(dhcp4=True)
//
// lwIP runs in PendSV: it receives frames there, calls back, and runs its timers.
// Whoever else calls it holds PendSV off (MICROPY_PY_LWIP_ENTER).
//
// A link without a rate, as the emulator's, may bring frames faster than they are
// handled. So that Python goes on, it gets a turn after some: until it waits for
// something, or for a millisecond.

#include "board.h"
#include "lan9118.h"
#include "lwip_used.h"
#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "extmod/modnetwork.h"
#include "lwip/dhcp.h"
#include "lwip/init.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

#define TIMERS_MS (64) // how often lwIP's timers are looked at, and the cable
#define FRAMES_AT_ONCE (16)

static struct netif netif;
static const mp_obj_base_t nic = { &network_lan_type };

/// lwIP ///

static volatile bool timers_due;
static volatile bool frames_left;

u32_t sys_now(void) {
    return (u32_t)mp_hal_ticks_ms();
}

void board_on_start(void) {
    board_uart_listen();
    MICROPY_PY_LWIP_ENTER
    lwip_init();
    MICROPY_PY_LWIP_EXIT
}

void board_on_ethernet(void) {
    lan9118_on_interrupt();
    board_stir();
    board_pend();
}

void board_on_tick(void) {
    static unsigned ticks;
    if (++ticks % TIMERS_MS == 0) {
        timers_due = true;
    }
    if (timers_due || frames_left) {
        board_pend();
    }
}

void network_lan_wait(void) {
    if (frames_left) {
        board_pend();
    } else {
        board_wait();
    }
}

void board_on_pendsv(void) {
    if (netif_is_up(&netif)) {
        frames_left = !lan9118_receive(&netif, FRAMES_AT_ONCE);
    }
    if (timers_due) {
        timers_due = false;
        sys_check_timeouts();
        if (netif_is_up(&netif)) {
            lan9118_check_link(&netif);
        }
    }
}

// With lwIP held off.
static bool start(void) {
    if (netif_add_noaddr(&netif, NULL, lan9118_init, ethernet_input) == NULL) {
        return false;
    }
    netif_set_hostname(&netif, mod_network_hostname_data);
    netif_set_default(&netif);
    netif_set_up(&netif);
    lan9118_check_link(&netif);
    return true;
}

static void stop(void) {
    dhcp_release_and_stop(&netif);
    dhcp_cleanup(&netif);
    netif_remove(&netif); // takes it down first, and ends its connections
    lan9118_stop();
    frames_left = false;
}

static bool set_active(bool active) {
    bool done = true;
    MICROPY_PY_LWIP_ENTER
    if (active && !netif_is_up(&netif)) {
        done = start();
    } else if (!active && netif_is_up(&netif)) {
        stop();
    }
    MICROPY_PY_LWIP_EXIT
    return done;
}

void network_lan_init(void) {
    mod_network_init();
    if (!board_checksum_works()) {
        mp_printf(&mp_plat_print, "lwIP's checksums are wrong: miscompiled, see checksum.c\n");
    }
}

void network_lan_deinit(void) {
    mod_network_deinit();
    set_active(false);
}

/// Python ///

// 0: no cable; 1: not active; 2: no address; 3: connected
static int get_status(void) {
    int status;
    MICROPY_PY_LWIP_ENTER
    if (!lan9118_has_link()) {
        status = 0;
    } else if (!netif_is_up(&netif)) {
        status = 1;
    } else {
        status = ip4_addr_isany(netif_ip4_addr(&netif)) ? 2 : 3;
    }
    MICROPY_PY_LWIP_EXIT
    return status;
}

static void network_lan_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    char address[IP4ADDR_STRLEN_MAX];
    ip4addr_ntoa_r(netif_ip4_addr(&netif), address, sizeof(address));
    mp_printf(print, "<LAN %d %s>", get_status(), address);
}

static mp_obj_t network_lan_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    if (!board_checksum_works()) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("lwIP's checksums are wrong"));
    }
    mod_network_register_nic(MP_OBJ_FROM_PTR(&nic));
    return MP_OBJ_FROM_PTR(&nic);
}

// active([up]) -> bool
static mp_obj_t network_lan_active(size_t n_args, const mp_obj_t *args) {
    if (n_args > 1 && !set_active(mp_obj_is_true(args[1]))) {
        mp_raise_OSError(MP_EIO);
    }
    return mp_obj_new_bool(netif_is_up(&netif));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(network_lan_active_obj, 1, 2, network_lan_active);

static mp_obj_t network_lan_isconnected(mp_obj_t self_in) {
    return mp_obj_new_bool(get_status() == 3);
}
static MP_DEFINE_CONST_FUN_OBJ_1(network_lan_isconnected_obj, network_lan_isconnected);

static mp_obj_t network_lan_status(mp_obj_t self_in) {
    return MP_OBJ_NEW_SMALL_INT(get_status());
}
static MP_DEFINE_CONST_FUN_OBJ_1(network_lan_status_obj, network_lan_status);

static mp_obj_t network_lan_ifconfig(size_t n_args, const mp_obj_t *args) {
    return mod_network_nic_ifconfig(&netif, n_args - 1, args + 1);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(network_lan_ifconfig_obj, 1, 2, network_lan_ifconfig);

static mp_obj_t network_lan_ipconfig(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    return mod_network_nic_ipconfig(&netif, n_args - 1, args + 1, kwargs);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(network_lan_ipconfig_obj, 1, network_lan_ipconfig);

// config("mac") -> bytes, once it has been active
static mp_obj_t network_lan_config(mp_obj_t self_in, mp_obj_t name) {
    if (mp_obj_str_get_qstr(name) != MP_QSTR_mac) {
        mp_raise_ValueError(MP_ERROR_TEXT("unknown config param"));
    }
    return mp_obj_new_bytes(netif.hwaddr, sizeof(netif.hwaddr));
}
static MP_DEFINE_CONST_FUN_OBJ_2(network_lan_config_obj, network_lan_config);

static const mp_rom_map_elem_t network_lan_locals_dict_table[] = {
    { MP_ROM_QSTR(MP_QSTR_active), MP_ROM_PTR(&network_lan_active_obj) },
    { MP_ROM_QSTR(MP_QSTR_isconnected), MP_ROM_PTR(&network_lan_isconnected_obj) },
    { MP_ROM_QSTR(MP_QSTR_status), MP_ROM_PTR(&network_lan_status_obj) },
    { MP_ROM_QSTR(MP_QSTR_ifconfig), MP_ROM_PTR(&network_lan_ifconfig_obj) },
    { MP_ROM_QSTR(MP_QSTR_ipconfig), MP_ROM_PTR(&network_lan_ipconfig_obj) },
    { MP_ROM_QSTR(MP_QSTR_config), MP_ROM_PTR(&network_lan_config_obj) },
    { MP_ROM_QSTR(MP_QSTR_lwip_used), MP_ROM_PTR(&lwip_used_obj) },
};
static MP_DEFINE_CONST_DICT(network_lan_locals_dict, network_lan_locals_dict_table);

MP_DEFINE_CONST_OBJ_TYPE(
    network_lan_type,
    MP_QSTR_LAN,
    MP_TYPE_FLAG_NONE,
    make_new, network_lan_make_new,
    print, network_lan_print,
    locals_dict, &network_lan_locals_dict
    );
