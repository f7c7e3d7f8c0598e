// network_tap_globals.h - what this port adds to the module network
// SPDX-License-Identifier: MIT

{ MP_ROM_QSTR(MP_QSTR_TAP), MP_ROM_PTR(&network_tap_type) },
