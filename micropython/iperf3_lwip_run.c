// iperf3_lwip_run.c - one test from start to end, blocking
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

// The longest sleep. What arrives wakes the processor anyway, and the data flow
// in lwIP's callbacks meanwhile. But a message that arrives just before the
// processor goes to sleep is found only when the sleep ends: then a step of the
// protocol waits this long. 200 polls a second cost next to nothing.
#define MAX_SLEEP_MS (5)

// What a server prints about ten seconds of one stream.
#define USUAL_OUTPUT_SIZE (1024)

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

static void fill_payload(struct iperf3_lwip_run *run, bool repeating) {
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

// The number that a server sends, or that this server refused a test with, says
// more than the error.
static const char *failure_text(const struct iperf3_report *report) {
    return report->server_error != 0 ? iperf3_server_error_text(report->server_error)
                                     : iperf3_strerror(report->error);
}

/// Telling ///

static void print_text(void *context, const char *text, size_t size) {
    (void)context;
    mp_plat_print.print_strn(mp_plat_print.data, text, size);
}

static void print_report(const struct iperf3_lwip_run *run, const struct iperf3_report *report) {
    const struct iperf3_printer printer = { .print = print_text };
    if (!run->quiet) {
        iperf3_report_text(&printer, report);
    }
}

// The end of a client's test, with what the server printed in its place.
static void print_with_output(
    const struct iperf3_lwip_run *run, const struct iperf3_report *report) {
    struct iperf3_report complete = *report;
    complete.server_output = run->output.buf;
    complete.server_output_size = run->output.len;
    complete.server_output_is_json = run->output_is_json;
    print_report(run, &complete);
}

static void add_text(void *context, const char *text, size_t size) {
    vstr_add_strn(context, text, size);
}

// What the client is given of what is printed here.
static void collect_for_client(
    struct iperf3_lwip_run *run, const struct iperf3_report *report) {
    if (report->type == IPERF3_LISTENING) {
        return;
    }
    const struct iperf3_printer printer = { .print = add_text, .context = &run->output };
    iperf3_report_text(&printer, report);
    if (report->type == IPERF3_MEASURED) {
        const char *text = vstr_null_terminated_str(&run->output);
        MICROPY_PY_LWIP_ENTER
        iperf3_set_server_output(run->session, text);
        MICROPY_PY_LWIP_EXIT
    }
}

// A server knows from here on what the client asks for, and nothing is sent yet.
static void prepare_for_client(
    struct iperf3_lwip_run *run, const struct iperf3_report *report) {
    fill_payload(run, report->test.repeating_payload);
    run->wants_output = report->test.get_server_output;
    vstr_init(&run->output, USUAL_OUTPUT_SIZE);
}

static void collect(struct iperf3_lwip_run *run, const struct iperf3_report *report) {
    if (report->type == IPERF3_SERVER_OUTPUT) {
        vstr_add_strn(&run->output, report->server_output, report->server_output_size);
        run->output_is_json = report->server_output_is_json;
    } else if (report->role == IPERF3_SERVER) {
        collect_for_client(run, report);
    }
}

static void tell(struct iperf3_lwip_run *run, const struct iperf3_report *report) {
    if (report->type == IPERF3_ACCEPTED) {
        prepare_for_client(run, report);
    }
    if (run->wants_output) {
        collect(run, report);
    }
    if (run->wants_output && report->type == IPERF3_FINISHED && run->output.len > 0) {
        print_with_output(run, report);
    } else {
        print_report(run, report);
    }
    if (run->document != MP_OBJ_NULL) {
        iperf3_lwip_document_add(run->document, report);
    }
    if (report->type == IPERF3_INTERVAL && run->on_interval != mp_const_none) {
        mp_call_function_1(run->on_interval, iperf3_lwip_interval(report));
    }
}

/// The run ///

static void allocate(struct iperf3_lwip_run *run) {
    run->memory_size = iperf3_memory_size(run->config.max_streams);
    run->memory = m_new(byte, run->memory_size); // aligned for anything
    run->payload = m_new(byte, run->config.payload_size);
}

static enum iperf3_error start_session(struct iperf3_lwip_run *run) {
    enum iperf3_error error =
        iperf3_init(&run->session, run->memory, run->memory_size, &run->config);
    if (error != IPERF3_OK) {
        return error;
    }
    if (run->host == NULL) {
        return iperf3_listen(run->session, NULL, run->port);
    }
    return iperf3_connect(run->session, run->host, run->port);
}

static void start(struct iperf3_lwip_run *run) {
    fill_payload(run, run->config.test.repeating_payload);
    vstr_init(&run->output, run->wants_output ? USUAL_OUTPUT_SIZE : 1);
    run->config.payload = run->payload;
    run->config.now_us = now_us;
    run->config.random = random_u32;

    enum iperf3_error error;
    MICROPY_PY_LWIP_ENTER
        error = start_session(run);
    MICROPY_PY_LWIP_EXIT

    if (error == IPERF3_ERR_ARGUMENT) { // the rest has been seen to
        mp_raise_ValueError(MP_ERROR_TEXT("length does not fit a packet"));
    }
    if (error == IPERF3_ERR_UNREACHABLE) {
        mp_raise_OSError(MP_EHOSTUNREACH); // nobody has been waited for yet
    }
    if (error != IPERF3_OK) {
        raise_error(error, iperf3_strerror(error));
    }
}

// The next report, or NULL and how long there is nothing to do.
static const struct iperf3_report *next_report(iperf3_t *session, uint32_t *wait_us) {
    const struct iperf3_report *report;
    MICROPY_PY_LWIP_ENTER
        report = iperf3_poll(session);
    *wait_us = iperf3_wait_us(session);
    MICROPY_PY_LWIP_EXIT
    return report;
}

static bool is_running(const iperf3_t *session) {
    bool running;
    MICROPY_PY_LWIP_ENTER
        running = iperf3_running(session);
    MICROPY_PY_LWIP_EXIT
    return running;
}

// Lets Ctrl-C, scheduled functions and, on some ports, lwIP run. May raise.
static void sleep_us(uint32_t us) {
    uint32_t ms = MIN(us / 1000, MAX_SLEEP_MS);
    if (ms == 0) {
        mp_event_handle_nowait(); // less than a tick: be awake in time
    } else {
        mp_event_wait_ms(ms);
    }
}

static mp_obj_t result_of(struct iperf3_lwip_run *run, const struct iperf3_report *report) {
    mp_obj_t result = run->document;
    if (result == MP_OBJ_NULL) {
        result = iperf3_lwip_result(report);
    }
    if (run->wants_output && report->role == IPERF3_CLIENT) {
        iperf3_lwip_store_output(result, &run->output, run->output_is_json);
    }
    return result;
}

static mp_obj_t run_to_end(struct iperf3_lwip_run *run) {
    for (;;) {
        uint32_t wait_us;
        const struct iperf3_report *report = next_report(run->session, &wait_us);
        if (report == NULL) {
            sleep_us(wait_us);
            continue;
        }
        tell(run, report);
        if (report->type == IPERF3_FINISHED) {
            return result_of(run, report);
        }
        if (report->type == IPERF3_FAILED && !is_running(run->session)) {
            raise_error(report->error, failure_text(report));
        }
        if (report->type == IPERF3_FAILED && !run->quiet) {
            // A server that refused a test waits for one that it can run.
            mp_printf(&mp_plat_print, "iperf3: error - %s\n", failure_text(report));
        }
    }
}

/// Its end ///

// iperf3 prints what it has when it is interrupted. After a test that came to
// its own end there is nothing left to print.
static void print_rest(const struct iperf3_lwip_run *run) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        uint32_t wait_us;
        const struct iperf3_report *report;
        while ((report = next_report(run->session, &wait_us)) != NULL) {
            print_report(run, report);
        }
        nlr_pop();
    }
    // Else it was a second Ctrl-C. The first is on its way.
}

static void stop(struct iperf3_lwip_run *run) {
    MICROPY_PY_LWIP_ENTER
    iperf3_stop(run->session);
    MICROPY_PY_LWIP_EXIT
}

// Runs once, however the test ends: its result, any exception, Ctrl-C.
static void clean_up(void *node) {
    struct iperf3_lwip_run *run =
        (void *)((char *)node - offsetof(struct iperf3_lwip_run, on_exit));
    if (run->session != NULL) {
        stop(run); // from here on lwIP does not know the memory any more
        print_rest(run);
    }
    if (run->payload != NULL) {
        m_del(byte, run->payload, run->config.payload_size);
    }
    if (run->memory != NULL) {
        m_del(byte, run->memory, run->memory_size);
    }
}

mp_obj_t iperf3_lwip_run(struct iperf3_lwip_run *run) {
    nlr_push_jump_callback(&run->on_exit, clean_up);
    allocate(run);
    start(run);
    mp_obj_t result = run_to_end(run);
    nlr_pop_jump_callback(true);
    return result;
}

#endif // MICROPY_PY_LWIP
