// document.c - iperf3's -J document, a piece at a time
// SPDX-License-Identifier: MIT

#include "document.h"

#include <string.h>

static void print(void *context, const char *text, size_t size) {
    fwrite(text, 1, size, context);
}

static void add_piece(struct document *document, const struct iperf3_report *report) {
    const struct iperf3_printer printer = { .print = print, .context = document->file };
    iperf3_report_json(&printer, report);
}

/// Pieces in their order, what is missing as iperf3 has it then ///

static void begin(struct document *document, const struct iperf3_report *started) {
    fputs("{\"start\":", document->file);
    if (started != NULL) {
        add_piece(document, started);
    } else {
        fputs("{\"connected\":[],\"version\":\"iperf3-lwip " IPERF3_VERSION "\"}", document->file);
    }
    fputs(",\"intervals\":[", document->file);
    document->state = DOCUMENT_BEGUN;
}

static void need_begin(struct document *document) {
    if (document->state == DOCUMENT_EMPTY) {
        begin(document, NULL);
    }
}

static void add_end(struct document *document, const struct iperf3_report *ended) {
    need_begin(document);
    fputs("],\"end\":", document->file);
    if (ended != NULL) {
        add_piece(document, ended);
    } else {
        fputs("{}", document->file);
    }
    document->state = DOCUMENT_ENDED;
}

static void need_end(struct document *document) {
    if (document->state != DOCUMENT_ENDED) {
        add_end(document, NULL);
    }
}

static void add_interval(struct document *document, const struct iperf3_report *report) {
    if (!report->first) {
        fputc(',', document->file);
    }
    add_piece(document, report);
}

void document_add(struct document *document, const struct iperf3_report *report) {
    if (report->type == IPERF3_STARTED) {
        begin(document, report);
    } else if (report->type == IPERF3_INTERVAL) {
        add_interval(document, report);
    } else if (report->type == IPERF3_FINISHED || report->type == IPERF3_FAILED) {
        add_end(document, report);
    }
}

/// Strings ///

// How many bytes of UTF-8 are a character; 0: they are none.
static unsigned character_length(const unsigned char *text) {
    static const struct {
        unsigned char first, last;   // of these bytes
        unsigned char least, most;   // the second is one of these,
        unsigned char length;        // and the others are 0x80 to 0xbf
    } kinds[] = {
        { 0x01, 0x7f, 0x00, 0xff, 1 },
        { 0xc2, 0xdf, 0x80, 0xbf, 2 },
        { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
        { 0xe1, 0xec, 0x80, 0xbf, 3 },
        { 0xed, 0xed, 0x80, 0x9f, 3 },
        { 0xee, 0xef, 0x80, 0xbf, 3 },
        { 0xf0, 0xf0, 0x90, 0xbf, 4 },
        { 0xf1, 0xf3, 0x80, 0xbf, 4 },
        { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); ++i) {
        if (text[0] < kinds[i].first || text[0] > kinds[i].last) {
            continue;
        }
        if (text[1] < kinds[i].least || text[1] > kinds[i].most) {
            return 0;
        }
        unsigned length = 1 + (kinds[i].length > 1);
        while (length < kinds[i].length && (text[length] & 0xc0) == 0x80) {
            ++length;
        }
        return length == kinds[i].length ? length : 0;
    }
    return 0;
}

static void add_character(FILE *file, const char *character, unsigned length) {
    if (length == 0) {
        fputs("\xef\xbf\xbd", file); // U+FFFD stands for what is no character
    } else if (*character == '"' || *character == '\\') {
        fprintf(file, "\\%c", *character);
    } else if (length == 1 && *character < ' ') {
        fprintf(file, "\\u%04x", (unsigned)*character);
    } else {
        fwrite(character, 1, length, file);
    }
}

static void add_string(FILE *file, const char *text) {
    fputc('"', file);
    while (*text != '\0') {
        unsigned length = character_length((const unsigned char *)text);
        add_character(file, text, length);
        text += length == 0 ? 1 : length;
    }
    fputc('"', file);
}

void document_add_text(struct document *document, const char *key, const char *text) {
    need_end(document);
    fprintf(document->file, ",\"%s\":", key);
    add_string(document->file, text);
}

void document_add_json(struct document *document, const char *key, const char *json) {
    need_end(document);
    fprintf(document->file, ",\"%s\":%s", key, json);
}

void document_close(struct document *document) {
    need_end(document);
    fputs("}\n", document->file);
    fflush(document->file);
    document->state = DOCUMENT_EMPTY;
}
