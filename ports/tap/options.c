// options.c - the command line
// SPDX-License-Identifier: MIT

#include "options.h"

#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iperf3_test.h"
#include "options_table.h"

#define MAX_ROWS 100
#define FIRST_LONG 256 // what getopt_long() returns for the first row by its long name

/// Complaints ///

static bool complain_of(const struct option_row *row, const char *text) {
    if (row->number != 0) {
        options_complain(iperf3_server_error_text(row->number));
    } else if (row->fault != NULL) {
        options_complain(row->fault);
    } else {
        char fault[200];
        snprintf(fault, sizeof(fault), "bad value for --%s: %s", row->name, text);
        options_complain(fault);
    }
    return false;
}

/// Values ///

static bool read_integer(const char *text, int base, uint64_t *value) {
    char *end;
    long long number = strtoll(text, &end, base);
    *value = (uint64_t)number;
    return end != text && *end == '\0' && number >= 0;
}

// A number that may have a fraction, and K, M, G or T. Moves text behind it.
static bool read_scaled(const char **text, unsigned thousand, uint64_t *value) {
    static const char suffixes[] = "KkMmGgTt";
    char *end;
    long double number = strtold(*text, &end);
    if (end == *text || !isfinite(number) || number < 0) {
        return false;
    }
    const char *suffix = *end != '\0' ? strchr(suffixes, *end) : NULL;
    if (suffix != NULL) {
        for (long power = (suffix - suffixes) / 2; power >= 0; --power) {
            number *= thousand;
        }
        ++end;
    }
    *text = end;
    *value = number < 1e18L ? (uint64_t)number : UINT64_MAX;
    return true;
}

static bool read_size(const char *text, uint64_t *value) {
    return read_scaled(&text, 1024, value) && *text == '\0';
}

// Seconds, as milliseconds.
static bool read_seconds(const char *text, uint64_t *value) {
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end != '\0' || !(seconds >= 0 && seconds < 1e6)) {
        return false;
    }
    *value = (uint64_t)(seconds * 1000 + 0.5);
    return true;
}

static bool is_in_range(const struct option_row *row, const uint64_t *value) {
    return *value >= row->least && *value <= row->most;
}

static bool is_zero(const uint64_t *value) {
    return *value == 0;
}

static bool take_rate(const struct option_row *row, const char *text, struct options_rate *rate) {
    if (!read_scaled(&text, 1000, &rate->bits_per_s) || rate->bits_per_s == UINT64_MAX) {
        return false;
    }
    if (*text == '\0') {
        return true;
    }
    return *text == '/' && read_integer(text + 1, 10, &rate->count)
           && is_in_range(row, &rate->count);
}

static bool take_item(struct options_list *list, const char *text) {
    if (list->count == OPTIONS_MAX_ADDRESSES) {
        return false;
    }
    list->items[list->count++] = text;
    return true;
}

// Puts what an option says into its place.
static bool take_value(const struct option_row *row, const char *text, void *place) {
    switch (row->kind) {
        case FLAG:
            *(bool *)place = true;
            return true;
        case TEXT:
            *(const char **)place = text;
            return true;
        case LIST:
            return take_item(place, text);
        case NUMBER:
            return read_integer(text, 10, place) && is_in_range(row, place);
        case ANY_BASE:
            return read_integer(text, 0, place) && is_in_range(row, place);
        case SIZE:
            return read_size(text, place) && is_in_range(row, place);
        case SECONDS:
            return read_seconds(text, place) && (is_zero(place) || is_in_range(row, place));
        case RATE:
            return take_rate(row, text, place);
        case RENO:
            return strcmp(text, "reno") == 0;
        case NOTHING:
            return true;
        case REFUSED:
            return false;
    }
    return false;
}

static bool take(const struct option_row *row, const char *text, struct options *options) {
    options->client_only = options->client_only || row->role == CLIENT;
    options->server_only = options->server_only || row->role == SERVER;
    return take_value(row, text, (char *)options + row->place) || complain_of(row, text);
}

/// The line ///

// What getopt_long() wants to know of the table.
struct getopt_tables {
    char letters[2 * MAX_ROWS];
    struct option names[MAX_ROWS];
};

static void fill(struct getopt_tables *tables) {
    char *letter = tables->letters;
    struct option *name = tables->names;
    for (const struct option_row *row = options_table; row->name != NULL; ++row) {
        int has_argument = row->argument != NULL ? required_argument : no_argument;
        *name = (struct option) {
            .name = row->name,
            .has_arg = has_argument,
            .val = FIRST_LONG + (int)(name - tables->names),
        };
        ++name;
        if (row->letter != '\0') {
            *letter++ = row->letter;
            if (has_argument) {
                *letter++ = ':';
            }
        }
    }
    *name = (struct option) { 0 };
    *letter = '\0';
}

static const struct option_row *row_of(int value) {
    if (value >= FIRST_LONG) {
        return &options_table[value - FIRST_LONG];
    }
    const struct option_row *row = options_table;
    while (row->letter != value) {
        ++row;
    }
    return row;
}

static const struct options defaults = {
    .port = IPERF3_DEFAULT_PORT,
    .interval_ms = 1000,
    .receive_timeout_ms = OPTIONS_NOT_GIVEN,
    .parallel = 1,
    .duration_s = OPTIONS_NOT_GIVEN,
    .rate.bits_per_s = OPTIONS_NOT_GIVEN,
};

bool options_read(struct options *options, int count, char *words[]) {
    struct getopt_tables tables;
    int value;
    fill(&tables);
    *options = defaults;
    while ((value = getopt_long(count, words, tables.letters, tables.names, NULL)) != -1) {
        if (value == '?') { // getopt_long() has said what is wrong
            options_help(stderr);
            return false;
        }
        if (!take(row_of(value), optarg, options)) {
            return false;
        }
    }
    if (optind < count) {
        fprintf(stderr, "%s: no option: '%s'\n", words[0], words[optind]);
        options_help(stderr);
        return false;
    }
    return true;
}

/// All together ///

static bool length_fits(const struct options *options) {
    return options->length == 0 || !options->udp
           || (options->length >= IPERF3_MIN_UDP_LENGTH
               && options->length <= IPERF3_MAX_UDP_LENGTH);
}

static bool has_several_ends(const struct options *options) {
    int ends = options->duration_s != OPTIONS_NOT_GIVEN;
    ends += options->bytes > 0;
    ends += options->blocks > 0;
    return ends > 1;
}

static bool ports_fit(const struct options *options) {
    uint64_t streams = options->bidir ? 2 * options->parallel : options->parallel;
    return options->local_port == 0 || options->local_port + streams - 1 <= UINT16_MAX;
}

static const char *client_conflict(const struct options *options) {
    if (options->reverse && options->bidir) {
        return "cannot be both reverse and bidirectional";
    }
    if (has_several_ends(options)) {
        return "only one test end condition (-t, -n, -k) may be specified";
    }
    if (!length_fits(options)) {
        return iperf3_server_error_text(20);
    }
    if (!ports_fit(options)) {
        return "port number must be between 1 and 65535 inclusive";
    }
    if (options->receive_timeout_ms != OPTIONS_NOT_GIVEN && !options->reverse && !options->bidir) {
        return "client receive timeout is valid only in receiving mode";
    }
    return NULL;
}

const char *options_conflict(const struct options *options) {
    if (options->server && options->host != NULL) {
        return "cannot be both server and client";
    }
    if (!options->server && options->host == NULL) {
        return "must either be a client (-c) or server (-s)";
    }
    if (options->server && options->client_only) {
        return "some option you are trying to set is client only";
    }
    if (!options->server && options->server_only) {
        return "some option you are trying to set is server only";
    }
    if (options->tap == NULL) {
        return "no TAP device; say --tap NAME";
    }
    if (options->addresses.count == 0) {
        return "no address of our own; say --address IP/LEN";
    }
    return options->server ? NULL : client_conflict(options);
}
