// instructions.c - a plugin for QEMU that counts instructions per function
// SPDX-License-Identifier: MIT
//
//     qemu-system-arm -plugin instructions.so,functions=FILE,counts=FILE
//
// `functions` has a line for each function, in the order of their addresses: its
// address in hexadecimal, a letter, its name. The letters say what it means that
// the function is called:
//
//     f   nothing
//     w   work: a frame is sent or received
//     s   the processor goes to sleep
//     m   a mark: what has been counted since the last one is written to `counts`,
//         a line for each function that ran
//
// What runs between two sleeps is counted only if there was work among it. The
// ticks of a board that waits for the other side depend on how long it waits.
//
// The declarations are those of QEMU's plugin interface, version 1. Debian has no
// package with its header.

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

/// QEMU's interface ///

typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_tb_trans_cb(
    qemu_plugin_id_t id, void (*callback)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t number);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
    void (*callback)(unsigned cpu, void *data), enum qemu_plugin_cb_flags flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(
    struct qemu_plugin_insn *insn, enum qemu_plugin_op op, void *counter, uint64_t addend);

EXPORT extern int qemu_plugin_version;
EXPORT int qemu_plugin_install(
    qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv);

/// Functions ///

#define MOST_FUNCTIONS 8192

struct function {
    uint64_t address;
    char kind;
    char name[120];
    uint64_t since_sleep;
    uint64_t counted;
};

static struct function functions[MOST_FUNCTIONS];
static size_t function_count;
static uint64_t work_since_sleep;
static const char *counts_path;

static bool read_functions(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    struct function *f = functions;
    while (function_count < MOST_FUNCTIONS
           && fscanf(file, "%" SCNx64 " %c %119s", &f->address, &f->kind, f->name) == 3) {
        f++;
        function_count++;
    }
    fclose(file);
    return function_count > 0;
}

// The last one that does not begin behind the address.
static struct function *function_at(uint64_t address) {
    size_t first = 0;
    for (size_t count = function_count; count > 1;) {
        size_t half = count / 2;
        if (functions[first + half].address <= address) {
            first += half;
            count -= half;
        } else {
            count = half;
        }
    }
    return &functions[first];
}

/// Counting ///

static void on_sleep(unsigned cpu, void *data) {
    (void)cpu;
    (void)data;
    for (struct function *f = functions; f < functions + function_count; f++) {
        f->counted += work_since_sleep > 0 ? f->since_sleep : 0;
        f->since_sleep = 0;
    }
    work_since_sleep = 0;
}

static void on_mark(unsigned cpu, void *data) {
    FILE *file = fopen(counts_path, "w");
    if (file == NULL) {
        perror(counts_path);
        exit(1);
    }
    on_sleep(cpu, data);
    for (struct function *f = functions; f < functions + function_count; f++) {
        if (f->counted > 0) {
            fprintf(file, "%s %" PRIu64 "\n", f->name, f->counted);
        }
        f->counted = 0;
    }
    fclose(file);
}

static void on_first_instruction(const struct function *f, struct qemu_plugin_insn *insn) {
    if (f->kind == 'w') {
        qemu_plugin_register_vcpu_insn_exec_inline(
            insn, QEMU_PLUGIN_INLINE_ADD_U64, &work_since_sleep, 1);
    } else if (f->kind == 's') {
        qemu_plugin_register_vcpu_insn_exec_cb(insn, on_sleep, QEMU_PLUGIN_CB_NO_REGS, NULL);
    } else if (f->kind == 'm') {
        qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, QEMU_PLUGIN_CB_NO_REGS, NULL);
    }
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb) {
    (void)id;
    size_t count = qemu_plugin_tb_n_insns(tb);
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        uint64_t address = qemu_plugin_insn_vaddr(insn);
        struct function *f = function_at(address);
        qemu_plugin_register_vcpu_insn_exec_inline(
            insn, QEMU_PLUGIN_INLINE_ADD_U64, &f->since_sleep, 1);
        if (address == f->address) {
            on_first_instruction(f, insn);
        }
    }
}

/// Start ///

// What stands behind "NAME=" among the arguments, or "".
static const char *argument(int argc, char **argv, const char *name) {
    size_t length = strlen(name);
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=') {
            return argv[i] + length + 1;
        }
    }
    return "";
}

int qemu_plugin_version = 1;

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv) {
    (void)info;
    counts_path = argument(argc, argv, "counts");
    if (!read_functions(argument(argc, argv, "functions"))) {
        fprintf(stderr, "instructions.so: wants functions=FILE and counts=FILE\n");
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    return 0;
}
