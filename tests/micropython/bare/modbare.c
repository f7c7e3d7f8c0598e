// modbare.c - lwIP's raw API and nothing else as a module, to compare with
// SPDX-License-Identifier: MIT
//
//     bare.tcp_send(host, port, size)
//     bare.tcp_receive(host, port, size)
//     bare.udp_send(host, port, size)
//     bare.udp_receive(host, port, size)    -> bytes received
//     bare.mark()                           tests/bench/instructions.c sees it
//
// The least that a program can do that sends or receives `size` bytes: send what
// lwIP takes, without a copy, when lwIP says that there is room; count and free
// what comes. One transfer at a time.

#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"

#if MICROPY_PY_LWIP

#include "lwip/tcp.h"
#include "lwip/udp.h"

#define DATAGRAM_SIZE (1460)
#define DATAGRAMS_AT_ONCE (16)

static const byte payload[TCP_SND_BUF];

// written by lwIP's callbacks
static volatile uint32_t left;
static volatile bool failed;

static void wait_until_done(void) {
    while (left > 0 && !failed) {
        mp_event_wait_ms(1000);
    }
}

/// TCP ///

static void write_all(struct tcp_pcb *pcb) {
    u16_t size = (u16_t)MIN(left, tcp_sndbuf(pcb));
    u8_t flags = left > size ? TCP_WRITE_FLAG_MORE : 0;
    if (size > 0 && tcp_write(pcb, payload, size, flags) == ERR_OK) {
        left -= size;
    }
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t size) {
    write_all(pcb);
    return ERR_OK;
}

static err_t on_connected_to_sink(void *arg, struct tcp_pcb *pcb, err_t err) {
    tcp_sent(pcb, on_sent);
    write_all(pcb);
    return ERR_OK;
}

static err_t on_connected_to_source(void *arg, struct tcp_pcb *pcb, err_t err) {
    return ERR_OK;
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err) {
    if (p == NULL) {
        failed = left > 0;
        return ERR_OK;
    }
    left -= MIN(p->tot_len, left);
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    return ERR_OK;
}

static void on_error(void *arg, err_t err) {
    failed = true;
}

static void close_tcp(struct tcp_pcb *pcb) {
    tcp_recv(pcb, NULL);
    tcp_sent(pcb, NULL);
    tcp_err(pcb, NULL);
    if (tcp_close(pcb) != ERR_OK) {
        tcp_abort(pcb);
    }
}

// Connects, and closes when `size` bytes have been moved.
static void run_tcp(const mp_obj_t *args, tcp_connected_fn on_connected) {
    ip_addr_t host;
    ipaddr_aton(mp_obj_str_get_str(args[0]), &host);
    u16_t port = (u16_t)mp_obj_get_int(args[1]);
    left = (uint32_t)mp_obj_get_int(args[2]);
    failed = false;

    MICROPY_PY_LWIP_ENTER
    struct tcp_pcb *pcb = tcp_new();
    if (pcb != NULL) {
        tcp_recv(pcb, on_recv);
        tcp_err(pcb, on_error);
        failed = tcp_connect(pcb, &host, port, on_connected) != ERR_OK;
    }
    MICROPY_PY_LWIP_EXIT
    if (pcb == NULL) {
        mp_raise_OSError(MP_ENOMEM);
    }
    wait_until_done();
    if (failed) {
        mp_raise_OSError(MP_ECONNRESET);
    }
    MICROPY_PY_LWIP_REENTER
    close_tcp(pcb);
    MICROPY_PY_LWIP_EXIT
}

static mp_obj_t bare_tcp_send(mp_obj_t host, mp_obj_t port, mp_obj_t size) {
    const mp_obj_t args[] = { host, port, size };
    run_tcp(args, on_connected_to_sink);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(bare_tcp_send_obj, bare_tcp_send);

static mp_obj_t bare_tcp_receive(mp_obj_t host, mp_obj_t port, mp_obj_t size) {
    const mp_obj_t args[] = { host, port, size };
    run_tcp(args, on_connected_to_source);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(bare_tcp_receive_obj, bare_tcp_receive);

/// UDP ///

static struct udp_pcb *connect_udp(mp_obj_t host_in, mp_obj_t port_in) {
    ip_addr_t host;
    ipaddr_aton(mp_obj_str_get_str(host_in), &host);
    u16_t port = (u16_t)mp_obj_get_int(port_in);

    MICROPY_PY_LWIP_ENTER
    struct udp_pcb *pcb = udp_new();
    if (pcb != NULL) {
        udp_connect(pcb, &host, port);
    }
    MICROPY_PY_LWIP_EXIT
    if (pcb == NULL) {
        mp_raise_OSError(MP_ENOMEM);
    }
    return pcb;
}

static void remove_udp(struct udp_pcb *pcb) {
    MICROPY_PY_LWIP_ENTER
    udp_remove(pcb);
    MICROPY_PY_LWIP_EXIT
}

static bool send_datagram(struct udp_pcb *pcb) {
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, DATAGRAM_SIZE, PBUF_ROM);
    if (p == NULL) {
        return false;
    }
    p->payload = (void *)payload;
    err_t err = udp_send(pcb, p);
    pbuf_free(p);
    return err == ERR_OK;
}

static void send_some(struct udp_pcb *pcb) {
    for (unsigned i = 0; i < DATAGRAMS_AT_ONCE && left > 0 && send_datagram(pcb); ++i) {
        left -= MIN(DATAGRAM_SIZE, left);
    }
}

static mp_obj_t bare_udp_send(mp_obj_t host, mp_obj_t port, mp_obj_t size) {
    struct udp_pcb *pcb = connect_udp(host, port);
    left = (uint32_t)mp_obj_get_int(size);
    while (left > 0) {
        MICROPY_PY_LWIP_ENTER
        send_some(pcb);
        MICROPY_PY_LWIP_EXIT
        mp_event_handle_nowait();
    }
    remove_udp(pcb);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(bare_udp_send_obj, bare_udp_send);

static void on_datagram(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *address, u16_t port) {
    left -= MIN(p->tot_len, left);
    pbuf_free(p);
}

// The first datagram, which is ours, tells the other side where to send.
static mp_obj_t bare_udp_receive(mp_obj_t host, mp_obj_t port, mp_obj_t size) {
    struct udp_pcb *pcb = connect_udp(host, port);
    left = (uint32_t)mp_obj_get_int(size);
    failed = false;
    MICROPY_PY_LWIP_ENTER
    udp_recv(pcb, on_datagram, NULL);
    failed = !send_datagram(pcb);
    MICROPY_PY_LWIP_EXIT
    wait_until_done();
    remove_udp(pcb);
    if (failed) {
        mp_raise_OSError(MP_ENOMEM);
    }
    return size;
}
static MP_DEFINE_CONST_FUN_OBJ_3(bare_udp_receive_obj, bare_udp_receive);

/// The module ///

static mp_obj_t bare_mark(void) {
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(bare_mark_obj, bare_mark);

static const mp_rom_map_elem_t bare_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_bare) },
    { MP_ROM_QSTR(MP_QSTR_tcp_send), MP_ROM_PTR(&bare_tcp_send_obj) },
    { MP_ROM_QSTR(MP_QSTR_tcp_receive), MP_ROM_PTR(&bare_tcp_receive_obj) },
    { MP_ROM_QSTR(MP_QSTR_udp_send), MP_ROM_PTR(&bare_udp_send_obj) },
    { MP_ROM_QSTR(MP_QSTR_udp_receive), MP_ROM_PTR(&bare_udp_receive_obj) },
    { MP_ROM_QSTR(MP_QSTR_mark), MP_ROM_PTR(&bare_mark_obj) },
};
static MP_DEFINE_CONST_DICT(bare_globals, bare_globals_table);

const mp_obj_module_t bare_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&bare_globals,
};
MP_REGISTER_MODULE(MP_QSTR_bare, bare_module);

#endif // MICROPY_PY_LWIP
