// flash.c - the file system that MicroPython starts with, in RAM instead of flash
// SPDX-License-Identifier: MIT
//
// As on boards: littlefs, made at the first start, mounted at /, and /lib is in sys.path.
// A soft reset leaves it alone; it ends with the emulator.

#include <string.h>

#include "py/runtime.h"
#include "extmod/vfs.h"
#include "extmod/vfs_lfs.h"

#define BLOCK_SIZE (4096)
#define BLOCKS (64)

static uint8_t flash[BLOCKS * BLOCK_SIZE];

/// The block device ///

static const mp_obj_type_t flash_type;
static const mp_obj_base_t flash_device = { &flash_type };

static uint8_t *place(mp_obj_t block, mp_obj_t offset) {
    return flash + mp_obj_get_int(block) * BLOCK_SIZE + mp_obj_get_int(offset);
}

// (self, block, buffer, offset), as littlefs calls it
static mp_obj_t flash_readblocks(size_t n_args, const mp_obj_t *args) {
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(args[2], &buffer, MP_BUFFER_WRITE);
    memcpy(buffer.buf, place(args[1], args[3]), buffer.len);
    return MP_OBJ_NEW_SMALL_INT(0);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(flash_readblocks_obj, 4, 4, flash_readblocks);

static mp_obj_t flash_writeblocks(size_t n_args, const mp_obj_t *args) {
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(args[2], &buffer, MP_BUFFER_READ);
    memcpy(place(args[1], args[3]), buffer.buf, buffer.len);
    return MP_OBJ_NEW_SMALL_INT(0);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(flash_writeblocks_obj, 4, 4, flash_writeblocks);

static mp_obj_t flash_ioctl(mp_obj_t self, mp_obj_t request, mp_obj_t argument) {
    switch (mp_obj_get_int(request)) {
        case MP_BLOCKDEV_IOCTL_BLOCK_COUNT:
            return MP_OBJ_NEW_SMALL_INT(BLOCKS);
        case MP_BLOCKDEV_IOCTL_BLOCK_SIZE:
            return MP_OBJ_NEW_SMALL_INT(BLOCK_SIZE);
        default: // RAM need not be erased before it is written
            return MP_OBJ_NEW_SMALL_INT(0);
    }
}
static MP_DEFINE_CONST_FUN_OBJ_3(flash_ioctl_obj, flash_ioctl);

static const mp_rom_map_elem_t flash_locals_dict_table[] = {
    { MP_ROM_QSTR(MP_QSTR_readblocks), MP_ROM_PTR(&flash_readblocks_obj) },
    { MP_ROM_QSTR(MP_QSTR_writeblocks), MP_ROM_PTR(&flash_writeblocks_obj) },
    { MP_ROM_QSTR(MP_QSTR_ioctl), MP_ROM_PTR(&flash_ioctl_obj) },
};
static MP_DEFINE_CONST_DICT(flash_locals_dict, flash_locals_dict_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    flash_type,
    MP_QSTR_Flash,
    MP_TYPE_FLAG_NONE,
    locals_dict, &flash_locals_dict
    );

/// The file system ///

static int mount(void) {
    return mp_vfs_mount_and_chdir_protected(MP_OBJ_FROM_PTR(&flash_device), MP_OBJ_NEW_QSTR(MP_QSTR__slash_));
}

static void make_file_system(void) {
    mp_obj_t mkfs = mp_load_attr(MP_OBJ_FROM_PTR(&mp_type_vfs_lfs2), MP_QSTR_mkfs);
    mp_call_function_1(mkfs, MP_OBJ_FROM_PTR(&flash_device));
}

void flash_mount(void) {
    if (mount() != 0) {
        make_file_system();
        mount();
    }
    mp_obj_list_append(mp_sys_path, mp_obj_new_str_from_cstr("/lib"));
}
