// iperf3_lwip_run.c - a run of the engine: its start, its steps, its end
// SPDX-License-Identifier: MIT
//
// lwIP runs in an interrupt on most ports, so the engine is called with lwIP
// held off (MICROPY_PY_LWIP_ENTER), and nothing in such a section allocates,
// prints or raises. Reports may be read outside.

#include "py/runtime.h"

#if MICROPY_PY_LWIP

#include "py/mperrno.h"
#include "py/mphal.h"

#include "iperf3_lwip.h"
#include "lwip/opt.h"

/// What the engine needs ///

// All 32 bits count on every port with lwIP: stm32 and renesas-ra multiply a
// 32-bit millisecond, rp2 and mimxrt have a 32-bit hardware counter, alif and
// unix cut a 64-bit number.
static uint32_t now_us(void) {
    return (uint32_t)mp_hal_ticks_us();
}

// lwIP's own source, a hardware generator on most boards. Every port that has
// lwIP defines it, for lwIP itself, which has been calling it in the same
// contexts; MICROPY_PY_RANDOM_SEED_INIT_FUNC is not defined by all of them.
static uint32_t random_u32(void) {
    return (uint32_t)LWIP_RAND();
}

// Noise, as iperf3 sends it, that nothing on the way can compress: xorshift32.
static void fill_with_noise(byte *buffer, size_t size, uint32_t seed) {
    uint32_t noise = seed | 1; // it must not be 0
    for (size_t i = 0; i < size; ++i) {
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        buffer[i] = (byte)(noise >> 24);
    }
}

// As iperf3 fills it with --repeating-payload.
static void fill_with_digits(byte *buffer, size_t size) {
    for (size_t i = 0; i < size; ++i) {
        buffer[i] = (byte)('0' + i % 10);
    }
}

void iperf3_lwip_fill_payload(struct iperf3_lwip_run *run, bool repeating) {
    if (repeating) {
        fill_with_digits(run->payload, run->config.payload_size);
    } else {
        fill_with_noise(run->payload, run->config.payload_size, now_us());
    }
}

/// Errors ///

// Zero for an error that has no number but a text.
static int errno_of(enum iperf3_error error) {
    if (error == IPERF3_ERR_REFUSED) {
        return MP_ECONNREFUSED;
    }
    if (error == IPERF3_ERR_UNREACHABLE || error == IPERF3_ERR_IDLE) {
        return MP_ETIMEDOUT;
    }
    if (error == IPERF3_ERR_ADDRESS_IN_USE) {
        return MP_EADDRINUSE;
    }
    if (error == IPERF3_ERR_NO_MEMORY) {
        return MP_ENOMEM;
    }
    return 0;
}

static void raise_error(enum iperf3_error error, const char *text) {
    int number = errno_of(error);
    if (number != 0) {
        mp_raise_OSError(number);
    }
    mp_raise_msg_varg(&mp_type_OSError, MP_ERROR_TEXT("%s"), text);
}

static void raise_start_error(enum iperf3_error error) {
    if (error == IPERF3_ERR_ARGUMENT) { // the rest has been seen to
        mp_raise_ValueError(MP_ERROR_TEXT("length does not fit a packet"));
    }
    if (error == IPERF3_ERR_UNREACHABLE) {
        mp_raise_OSError(MP_EHOSTUNREACH); // nobody has been waited for yet
    }
    raise_error(error, iperf3_strerror(error));
}

/// Start ///

// Of a client's title and extra data, for a server's document.
#define TEXT_SIZE (512)

static void allocate(struct iperf3_lwip_run *run) {
    size_t session_size = iperf3_memory_size(run->config.max_streams);
    run->config.text_size = run->is_server && run->json ? TEXT_SIZE : 0;
    run->memory_size = session_size + run->config.text_size;
    run->memory = m_new(byte, run->memory_size); // aligned for anything
    run->config.text = (char *)run->memory + session_size;
    run->payload = m_new(byte, run->config.payload_size);
}

static void release(struct iperf3_lwip_run *run) {
    run->session = NULL;
    if (run->payload != NULL) {
        m_del(byte, run->payload, run->config.payload_size);
        run->payload = NULL;
    }
    if (run->memory != NULL) {
        m_del(byte, run->memory, run->memory_size);
        run->memory = NULL;
    }
}

static enum iperf3_error start_session(struct iperf3_lwip_run *run) {
    enum iperf3_error error =
        iperf3_init(&run->session, run->memory, run->memory_size, &run->config);
    if (error != IPERF3_OK) {
        return error;
    }
    if (run->is_server) {
        return iperf3_listen(run->session, NULL, run->port);
    }
    return iperf3_connect(run->session, &run->host, run->port);
}

void iperf3_lwip_start(struct iperf3_lwip_run *run) {
    iperf3_lwip_begin_telling(run);
    if (run->nothing_to_do) {
        run->result = iperf3_lwip_empty_result(run);
        return;
    }
    allocate(run);
    iperf3_lwip_fill_payload(run, run->config.test.repeating_payload);
    run->config.payload = run->payload;
    run->config.now_us = now_us;
    run->config.random = random_u32;

    enum iperf3_error error;
    MICROPY_PY_LWIP_ENTER
        error = start_session(run);
    MICROPY_PY_LWIP_EXIT
    if (error != IPERF3_OK) {
        release(run);
        raise_start_error(error);
    }
}

/// Steps ///

// The next report, or NULL and how long there is nothing to do.
static const struct iperf3_report *next_report(iperf3_t *session, uint32_t *wait_us) {
    const struct iperf3_report *report;
    MICROPY_PY_LWIP_ENTER
        report = iperf3_poll(session);
    *wait_us = iperf3_wait_us(session);
    MICROPY_PY_LWIP_EXIT
    return report;
}

static bool session_runs(const iperf3_t *session) {
    bool running;
    MICROPY_PY_LWIP_ENTER
        running = iperf3_running(session);
    MICROPY_PY_LWIP_EXIT
    return running;
}

bool iperf3_lwip_step(struct iperf3_lwip_run *run, uint32_t *wait_us) {
    const struct iperf3_report *report = next_report(run->session, wait_us);
    if (report == NULL) {
        return false;
    }
    bool is_end = report->type == IPERF3_FINISHED || report->type == IPERF3_FAILED;
    bool is_over = is_end && !session_runs(run->session);
    iperf3_lwip_tell(run, report, is_over);
    if (is_over) {
        release(run);
    }
    return true;
}

/// End ///

// iperf3 prints what it has when it is interrupted. After a test that came to
// its own end there is nothing left to print.
static void tell_rest(struct iperf3_lwip_run *run) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        uint32_t wait_us;
        const struct iperf3_report *report;
        while ((report = next_report(run->session, &wait_us)) != NULL) {
            iperf3_lwip_tell(run, report, true);
        }
        nlr_pop();
    }
    // Else it was a second Ctrl-C. The first is on its way.
}

void iperf3_lwip_drop(struct iperf3_lwip_run *run) {
    if (run->session != NULL) {
        MICROPY_PY_LWIP_ENTER
        iperf3_stop(run->session);
        MICROPY_PY_LWIP_EXIT
    }
}

void iperf3_lwip_stop(struct iperf3_lwip_run *run) {
    if (run->session != NULL) {
        iperf3_lwip_drop(run); // from here on lwIP does not know the memory any more
        tell_rest(run);
    }
    release(run);
}

mp_obj_t iperf3_lwip_take_result(const struct iperf3_lwip_run *run) {
    if (run->error != IPERF3_OK) {
        raise_error(run->error, run->error_text);
    }
    if (run->result == MP_OBJ_NULL) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("no test has ended yet"));
    }
    return run->result;
}

/// All at once ///

// Lets Ctrl-C, scheduled functions and, on some ports, lwIP run. May raise.
static void sleep_us(uint32_t us) {
    uint32_t ms = MIN(us / 1000, IPERF3_LWIP_MAX_SLEEP_MS);
    if (ms == 0) {
        mp_event_handle_nowait(); // less than a tick: be awake in time
    } else {
        mp_event_wait_ms(ms);
    }
}

// Runs once, however the test ends: its result, any exception, Ctrl-C.
static void clean_up(void *node) {
    iperf3_lwip_stop((void *)((char *)node - offsetof(struct iperf3_lwip_run, on_exit)));
}

mp_obj_t iperf3_lwip_run(struct iperf3_lwip_run *run) {
    nlr_push_jump_callback(&run->on_exit, clean_up);
    iperf3_lwip_start(run);
    while (run->session != NULL) {
        uint32_t wait_us;
        if (!iperf3_lwip_step(run, &wait_us)) {
            sleep_us(wait_us);
        }
    }
    nlr_pop_jump_callback(true);
    return iperf3_lwip_take_result(run);
}

#endif // MICROPY_PY_LWIP
