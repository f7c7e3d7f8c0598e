// iperf3_lwip_json.c - iperf3's -J document as a Python dict
// SPDX-License-Identifier: MIT
//
// The engine's reports are turned into text and that is parsed, one by one: no
// text is ever longer than one interval of all streams.

#include <string.h>

#include "py/runtime.h"

#if MICROPY_PY_LWIP

#include "iperf3_lwip.h"
#include "py/unicode.h"

#if MICROPY_PY_JSON && MICROPY_PY_BUILTINS_FLOAT

#define USUAL_SIZE (1024) // of the text of a test with one stream

mp_obj_t iperf3_lwip_document(void) {
    mp_obj_t document = mp_obj_new_dict(3);
    mp_obj_dict_store(document, MP_OBJ_NEW_QSTR(MP_QSTR_start), mp_obj_new_dict(0));
    mp_obj_dict_store(
        document, MP_OBJ_NEW_QSTR(MP_QSTR_intervals), mp_obj_new_list(0, NULL));
    mp_obj_dict_store(document, MP_OBJ_NEW_QSTR(MP_QSTR_end), mp_obj_new_dict(0));
    return document;
}

static void add_text(void *context, const char *text, size_t size) {
    vstr_add_strn(context, text, size);
}

static mp_obj_t loads(mp_obj_t text) {
    mp_obj_t json = mp_import_name(MP_QSTR_json, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
    return mp_call_function_1(mp_load_attr(json, MP_QSTR_loads), text);
}

static mp_obj_t parse(const struct iperf3_report *report) {
    vstr_t text;
    vstr_init(&text, USUAL_SIZE);
    const struct iperf3_printer printer = { .print = add_text, .context = &text };
    iperf3_report_json(&printer, report);
    return loads(mp_obj_new_str_from_vstr(&text));
}

// A client may have sent anything, and it may have been cut.
static void store_text(mp_obj_t document, qstr key, const char *text) {
    if (text != NULL && utf8_check((const byte *)text, strlen(text))) {
        mp_obj_dict_store(
            document, MP_OBJ_NEW_QSTR(key), mp_obj_new_str(text, strlen(text)));
    }
}

void iperf3_lwip_document_add(mp_obj_t document, const struct iperf3_report *report) {
    if (report->type == IPERF3_STARTED) {
        mp_obj_dict_store(document, MP_OBJ_NEW_QSTR(MP_QSTR_start), parse(report));
    } else if (report->type == IPERF3_INTERVAL) {
        mp_obj_t intervals = mp_obj_dict_get(document, MP_OBJ_NEW_QSTR(MP_QSTR_intervals));
        mp_obj_list_append(intervals, parse(report));
    } else if (report->type == IPERF3_FINISHED) {
        mp_obj_dict_store(document, MP_OBJ_NEW_QSTR(MP_QSTR_end), parse(report));
        store_text(document, MP_QSTR_title, report->test.title);
        store_text(document, MP_QSTR_extra_data, report->test.extra_data);
    }
}

#else

static mp_obj_t loads(mp_obj_t text) {
    return text;
}

mp_obj_t iperf3_lwip_document(void) {
    mp_raise_ValueError(MP_ERROR_TEXT("no json in this MicroPython"));
}

void iperf3_lwip_document_add(mp_obj_t document, const struct iperf3_report *report) {
    (void)document;
    (void)report;
}

#endif // MICROPY_PY_JSON && MICROPY_PY_BUILTINS_FLOAT

void iperf3_lwip_store_output(mp_obj_t dict, vstr_t *output, bool is_json) {
    if (output->len == 0) {
        return; // the server has given none
    }
    mp_obj_t text = mp_obj_new_str_from_vstr(output);
    qstr key = is_json ? MP_QSTR_server_output_json : MP_QSTR_server_output_text;
    mp_obj_dict_store(dict, MP_OBJ_NEW_QSTR(key), is_json ? loads(text) : text);
}

#endif // MICROPY_PY_LWIP
