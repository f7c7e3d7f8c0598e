// options_table.h - every option: its names, what it takes, whose it is
// SPDX-License-Identifier: MIT

#ifndef OPTIONS_TABLE_H
#define OPTIONS_TABLE_H

#include "options.h"

enum options_role { PROGRAM, BOTH, SERVER, CLIENT };

// What becomes of its argument, or of the option itself.
enum options_kind {
    FLAG,
    TEXT,
    LIST,
    NUMBER,
    ANY_BASE, // 52, 064, 0x34
    SIZE,     // a number and K, M, G or T: powers of 1024
    SECONDS,  // also a part of one; kept in milliseconds
    RATE,     // a number and K, M, G or T: powers of 1000; then perhaps a slash and a number
    RENO,     // the word "reno", which changes nothing
    NOTHING,  // changes nothing here
    REFUSED,  // lwIP cannot do it
};

struct option_row {
    char letter;      // '\0': none
    const char *name; // NULL: the end
    const char *argument; // its name in the help; NULL: takes none
    enum options_role role;
    enum options_kind kind;
    size_t place;         // in struct options
    uint64_t least, most; // of a number; of a rate's count
    int number;           // iperf3's for what is wrong with it, whose words the engine has,
    const char *fault;    // or the words
    const char *help;
};

extern const struct option_row options_table[];

#endif // OPTIONS_TABLE_H
