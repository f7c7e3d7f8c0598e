// options_help.c - what is said about the command line
// SPDX-License-Identifier: MIT

#include <string.h>

#include "options_table.h"

static void print_usage(FILE *file) {
    fputs("Usage: iperf3-lwip --tap NAME --address IP/LEN [-s|-c HOST] [OPTIONS]\n"
        "       iperf3-lwip [-h|--help] [-v|--version]\n", file);
}

void options_complain(const char *fault) {
    fprintf(stderr, "iperf3: parameter error - %s\n\n", fault);
    print_usage(stderr);
}

static void print_row(FILE *file, const struct option_row *row) {
    char names[40];
    char letter[] = "-?, ";
    letter[1] = row->letter;
    snprintf(names, sizeof(names), "%s--%s%s%s", row->letter != '\0' ? letter : "", row->name,
        row->argument != NULL ? " " : "", row->argument != NULL ? row->argument : "");
    fprintf(file, "  %-34s", names);
    for (const char *c = row->help; *c != '\0'; ++c) {
        fputc(*c, file);
        if (*c == '\n') {
            fprintf(file, "%36s", "");
        }
    }
    fputc('\n', file);
}

static void print_role(FILE *file, const char *title, enum options_role role) {
    fprintf(file, "\n%s:\n", title);
    for (const struct option_row *row = options_table; row->name != NULL; ++row) {
        if (row->role == role && row->help != NULL) {
            print_row(file, row);
        }
    }
}

static void print_names(FILE *file, const char *title, enum options_kind kind) {
    unsigned column = 80;
    fprintf(file, "\n%s:", title);
    for (const struct option_row *row = options_table; row->name != NULL; ++row) {
        if (row->kind == kind) {
            column += (unsigned)strlen(row->name) + 3;
            if (column > 78) {
                fprintf(file, "\n ");
                column = (unsigned)strlen(row->name) + 4;
            }
            fprintf(file, " --%s", row->name);
        }
    }
    fputc('\n', file);
}

void options_help(FILE *file) {
    print_usage(file);
    print_role(file, "Network", PROGRAM);
    print_role(file, "Server or client", BOTH);
    print_role(file, "Server", SERVER);
    print_role(file, "Client", CLIENT);
    print_names(file, "Accepted, since they change nothing here", NOTHING);
    print_names(file, "Refused, since lwIP or this program cannot do it", REFUSED);
}
