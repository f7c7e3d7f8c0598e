// lwip_used.c - what is taken of lwIP's pools and heap
// SPDX-License-Identifier: MIT

#include "lwip_used.h"

#include "py/mphal.h"
#include "lwip/memp.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/stats.h"
#include "lwip/udp.h"

static const uint16_t names[] = {
    MP_QSTR_tcp_bound, MP_QSTR_tcp_listen, MP_QSTR_tcp_active, MP_QSTR_tcp_time_wait,
    MP_QSTR_tcp_pcb, MP_QSTR_tcp_seg, MP_QSTR_udp, MP_QSTR_pbuf, MP_QSTR_pbuf_pool,
    MP_QSTR_sys_timeout, MP_QSTR_heap,
};

static size_t count_tcp(const struct tcp_pcb *pcb) {
    size_t count = 0;
    for (; pcb != NULL; pcb = pcb->next) {
        ++count;
    }
    return count;
}

static size_t count_udp(void) {
    size_t count = 0;
    for (const struct udp_pcb *pcb = udp_pcbs; pcb != NULL; pcb = pcb->next) {
        ++count;
    }
    return count;
}

static size_t heap_used(void) {
    size_t used = lwip_stats.mem.used;
    #if MEMP_MEM_MALLOC
    // the items of pools are taken from the heap, but counted as items
    for (size_t i = 0; i < MEMP_MAX; ++i) {
        used -= memp_pools[i]->stats->used * LWIP_MEM_ALIGN_SIZE(memp_pools[i]->size);
    }
    #endif
    return used;
}

// In the order of the names.
static void count(size_t *counts) {
    *counts++ = count_tcp(tcp_bound_pcbs);
    *counts++ = count_tcp(tcp_listen_pcbs.pcbs);
    *counts++ = count_tcp(tcp_active_pcbs);
    *counts++ = count_tcp(tcp_tw_pcbs);
    *counts++ = lwip_stats.memp[MEMP_TCP_PCB]->used;
    *counts++ = lwip_stats.memp[MEMP_TCP_SEG]->used;
    *counts++ = count_udp();
    *counts++ = lwip_stats.memp[MEMP_PBUF]->used;
    *counts++ = lwip_stats.memp[MEMP_PBUF_POOL]->used;
    *counts++ = lwip_stats.memp[MEMP_SYS_TIMEOUT]->used;
    *counts++ = heap_used();
}

static mp_obj_t lwip_used(mp_obj_t self_in) {
    (void)self_in;
    size_t counts[MP_ARRAY_SIZE(names)];
    MICROPY_PY_LWIP_ENTER
    count(counts);
    MICROPY_PY_LWIP_EXIT
    mp_obj_t dict = mp_obj_new_dict(MP_ARRAY_SIZE(names));
    for (size_t i = 0; i < MP_ARRAY_SIZE(names); ++i) {
        mp_obj_dict_store(dict, MP_OBJ_NEW_QSTR(names[i]), MP_OBJ_NEW_SMALL_INT(counts[i]));
    }
    return dict;
}
MP_DEFINE_CONST_FUN_OBJ_1(lwip_used_obj, lwip_used);
