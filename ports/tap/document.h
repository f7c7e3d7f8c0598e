// document.h - iperf3's -J document, a piece at a time
// SPDX-License-Identifier: MIT

#ifndef DOCUMENT_H
#define DOCUMENT_H

#include <stdio.h>

#include "iperf3_report.h"

enum document_state { DOCUMENT_EMPTY, DOCUMENT_BEGUN, DOCUMENT_ENDED };

struct document {
    FILE *file;
    enum document_state state;
};

// Adds what a report is in the document: its start, an interval, its end.
void document_add(struct document *document, const struct iperf3_report *report);

// Adds a member at the top level, behind the end. `text` may hold any bytes; what is not
// UTF-8 of them is replaced.
void document_add_text(struct document *document, const char *key, const char *text);
void document_add_json(struct document *document, const char *key, const char *json);

// Completes the document, also one that nothing was added to. The next may begin.
void document_close(struct document *document);

#endif // DOCUMENT_H
