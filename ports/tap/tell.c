// tell.c - what there is to tell of a test, as iperf3's text or as its JSON
// SPDX-License-Identifier: MIT

#include "tell.h"

#include <stdlib.h>
#include <string.h>

static void print(void *context, const char *text, size_t size) {
    fwrite(text, 1, size, context);
}

static void print_report(FILE *file, const struct iperf3_report *report) {
    const struct iperf3_printer printer = { .print = print, .context = file };
    iperf3_report_text(&printer, report);
    fflush(file); // line by line, and what was written to memory is complete
}

/// What a server prints, for its client ///

void tell_nothing_more(struct teller *teller) {
    if (teller->output != NULL) {
        fclose(teller->output);
        free(teller->output_text);
        teller->output = NULL;
    }
}

static void begin_output(struct teller *teller, bool wanted) {
    tell_nothing_more(teller);
    teller->output_size = 0;
    if (wanted) {
        teller->output = open_memstream(&teller->output_text, &teller->output_size);
    }
}

// As client: takes the pieces that the server sends.
static void take_output(struct teller *teller, const struct iperf3_report *report) {
    if (report->type == IPERF3_SERVER_OUTPUT) {
        fwrite(report->server_output, 1, report->server_output_size, teller->output);
        fflush(teller->output);
        teller->output_is_json = report->server_output_is_json;
    }
}

// As server: prints once more what it prints, up to its figures.
static void give_output(struct teller *teller, iperf3_t *session, const struct iperf3_report *report) {
    if (report->type == IPERF3_LISTENING) {
        return;
    }
    print_report(teller->output, report);
    if (report->type == IPERF3_MEASURED) {
        iperf3_set_server_output(session, teller->output_text);
    }
}

static void collect(struct teller *teller, iperf3_t *session, const struct iperf3_report *report) {
    if (report->type == IPERF3_CONNECTING || report->type == IPERF3_ACCEPTED) {
        begin_output(teller, report->test.get_server_output);
    }
    if (teller->output == NULL) {
        return;
    }
    if (report->role == IPERF3_CLIENT) {
        take_output(teller, report);
    } else {
        give_output(teller, session, report);
    }
}

/// Text ///

// iperf3 says the name that it was given, as far as there is room for it.
static void name_host(struct iperf3_report *report, const char *host) {
    size_t size = strlen(host) + 1;
    if (size <= sizeof(report->remote_host)) {
        memcpy(report->remote_host, host, size);
    }
}

static void print_text(const struct teller *teller, const struct iperf3_report *report) {
    struct iperf3_report shown = *report;
    if (report->type == IPERF3_CONNECTING) {
        name_host(&shown, teller->host);
    }
    if (report->type == IPERF3_FINISHED && teller->output_size > 0) {
        shown.server_output = teller->output_text;
        shown.server_output_size = teller->output_size;
        shown.server_output_is_json = teller->output_is_json;
    }
    print_report(stdout, &shown);
}

/// JSON ///

static void add_unless_null(struct document *document, const char *key, const char *text) {
    if (text != NULL) {
        document_add_text(document, key, text);
    }
}

static void add_output(struct teller *teller) {
    if (teller->output_is_json) {
        document_add_json(&teller->document, "server_output_json", teller->output_text);
    } else {
        document_add_text(&teller->document, "server_output_text", teller->output_text);
    }
}

static void add_to_document(struct teller *teller, const struct iperf3_report *report) {
    struct document *document = &teller->document;
    document_add(document, report);
    if (report->type != IPERF3_FINISHED && report->type != IPERF3_FAILED) {
        return;
    }
    add_unless_null(document, "title", report->test.title);
    add_unless_null(document, "extra_data", report->test.extra_data);
    if (report->role == IPERF3_CLIENT && teller->output_size > 0) {
        add_output(teller);
    }
    if (report->type == IPERF3_FINISHED) {
        document_close(document);
    }
}

/// Errors ///

static void tell_end(struct teller *teller, const char *kind, const char *text) {
    if (teller->json) {
        document_add_text(&teller->document, "error", text);
        document_close(&teller->document);
    } else {
        fprintf(stderr, "iperf3: %s%s\n", kind, text);
    }
}

void tell_error(struct teller *teller, const char *text) {
    tell_end(teller, "error - ", text);
}

void tell_interrupt(struct teller *teller, enum iperf3_role role) {
    tell_end(teller, "", role == IPERF3_SERVER ? "interrupt - the server has terminated"
                                               : "interrupt - the client has terminated");
}

// A number that a server sends, or refuses a test with, says more than the error.
static const char *failure_text(const struct iperf3_report *report) {
    return report->server_error != 0 ? iperf3_server_error_text(report->server_error)
                                     : iperf3_strerror(report->error);
}

static void tell_failure(struct teller *teller, const struct iperf3_report *report) {
    bool by_client = report->role == IPERF3_SERVER && report->server_error == 0;
    if (report->error == IPERF3_ERR_STOPPED) {
        tell_interrupt(teller, report->role);
    } else if (by_client && report->error == IPERF3_ERR_CLIENT_TERMINATED) {
        tell_end(teller, "", iperf3_strerror(report->error));
    } else if (by_client && report->error == IPERF3_ERR_CLOSED) {
        tell_end(teller, "", "the client has unexpectedly closed the connection");
    } else {
        tell_error(teller, failure_text(report));
    }
}

/// All of it ///

void tell_report(struct teller *teller, iperf3_t *session, const struct iperf3_report *report) {
    if (report->type == IPERF3_FAILED && report->error == IPERF3_ERR_IDLE) {
        return; // iperf3 is silent about it, too
    }
    collect(teller, session, report);
    if (teller->json) {
        add_to_document(teller, report);
    } else {
        print_text(teller, report);
    }
    if (report->type == IPERF3_FAILED) {
        tell_failure(teller, report);
    }
}
