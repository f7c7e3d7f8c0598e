// tell.h - what there is to tell of a test, as iperf3's text or as its JSON
// SPDX-License-Identifier: MIT

#ifndef TELL_H
#define TELL_H

#include <stdbool.h>
#include <stdio.h>

#include "document.h"
#include "iperf3.h"

struct teller {
    bool json;
    const char *host; // client: the server as the user named it
    struct document document;
    // What the server prints of a test, if its client wants to have it.
    FILE *output; // NULL: nobody wants it
    char *output_text;
    size_t output_size;
    bool output_is_json;
};

// Prints what a session reports, or adds it to the document.
void tell_report(struct teller *teller, iperf3_t *session, const struct iperf3_report *report);

// An error that no report has told. It ends the document.
void tell_error(struct teller *teller, const char *text);

// The same of an end by a signal.
void tell_interrupt(struct teller *teller, enum iperf3_role role);

// Gives back what has been collected.
void tell_nothing_more(struct teller *teller);

#endif // TELL_H
