// iperf3_lwip_tell.c - reports on their way to the screen, the caller and the peer
// SPDX-License-Identifier: MIT

#include "py/runtime.h"

#if MICROPY_PY_LWIP

#include "iperf3_lwip.h"

// What a server prints about ten seconds of one stream.
#define USUAL_OUTPUT_SIZE (1024)

/// Printing ///

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

/// What a server printed, for its client ///

static void add_text(void *context, const char *text, size_t size) {
    vstr_add_strn(context, text, size);
}

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

static void collect(struct iperf3_lwip_run *run, const struct iperf3_report *report) {
    if (report->type == IPERF3_SERVER_OUTPUT) {
        vstr_add_strn(&run->output, report->server_output, report->server_output_size);
        run->output_is_json = report->server_output_is_json;
    } else if (run->is_server) {
        collect_for_client(run, report);
    }
}

/// Results ///

// The number that a server sends, or that this server refused a test with, says
// more than the error.
static const char *failure_text(const struct iperf3_report *report) {
    return report->server_error != 0 ? iperf3_server_error_text(report->server_error)
                                     : iperf3_strerror(report->error);
}

static void keep_result(struct iperf3_lwip_run *run, const struct iperf3_report *report) {
    run->result = run->json ? run->document : iperf3_lwip_result(report);
    if (run->wants_output && !run->is_server) {
        iperf3_lwip_store_output(run->result, &run->output, run->output_is_json);
    }
}

static void keep_error(
    struct iperf3_lwip_run *run, const struct iperf3_report *report, bool is_over) {
    run->error = report->error;
    run->error_text = failure_text(report);
    if (!is_over && !run->quiet) {
        // A server that refused a test waits for one that it can run.
        mp_printf(&mp_plat_print, "iperf3: error - %s\n", run->error_text);
    }
}

mp_obj_t iperf3_lwip_empty_result(const struct iperf3_lwip_run *run) {
    const struct iperf3_report nothing = {
        .role = run->is_server ? IPERF3_SERVER : IPERF3_CLIENT,
        .test = run->config.test,
    };
    return run->json ? run->document : iperf3_lwip_result(&nothing);
}

/// All of it ///

static void begin_test(struct iperf3_lwip_run *run, bool wants_output) {
    run->wants_output = wants_output;
    run->output_is_json = false;
    vstr_init(&run->output, wants_output ? USUAL_OUTPUT_SIZE : 1);
    run->document = run->json ? iperf3_lwip_document() : MP_OBJ_NULL;
    run->result = MP_OBJ_NULL;
    run->error = IPERF3_OK;
}

void iperf3_lwip_begin_telling(struct iperf3_lwip_run *run) {
    begin_test(run, run->config.test.get_server_output);
    run->interval = mp_const_none;
}

static void tell_interval(struct iperf3_lwip_run *run, const struct iperf3_report *report) {
    bool has_callback = run->on_interval != mp_const_none;
    if (has_callback || run->keeps_interval) {
        run->interval = iperf3_lwip_interval(report);
    }
    if (has_callback) {
        mp_call_function_1(run->on_interval, run->interval);
    }
}

void iperf3_lwip_tell(
    struct iperf3_lwip_run *run, const struct iperf3_report *report, bool is_over) {
    if (report->type == IPERF3_ACCEPTED) {
        // Here a server learns what the client asks for; nothing has been sent yet.
        iperf3_lwip_fill_payload(run, report->test.repeating_payload);
        begin_test(run, report->test.get_server_output);
    }
    if (run->wants_output) {
        collect(run, report);
    }
    if (run->wants_output && report->type == IPERF3_FINISHED && run->output.len > 0) {
        print_with_output(run, report);
    } else {
        print_report(run, report);
    }
    if (run->json) {
        iperf3_lwip_document_add(run->document, report);
    }
    if (report->type == IPERF3_INTERVAL) {
        tell_interval(run, report);
    } else if (report->type == IPERF3_FINISHED) {
        keep_result(run, report);
    } else if (report->type == IPERF3_FAILED) {
        keep_error(run, report, is_over);
    }
}

#endif // MICROPY_PY_LWIP
