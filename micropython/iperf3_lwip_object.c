// iperf3_lwip_object.c - Client and Server: tests without blocking
// SPDX-License-Identifier: MIT
//
//     Client(host, ...)    takes what client() takes
//     Server(...)          takes what server() takes, but serves one test after another
//                          until it is stopped, unless one_off=True
//
//     start(background=False)  starts; raises what client() raises before a test
//                          runs. background: what poll() does is then done between the
//                          instructions of the program or at the prompt, also where the
//                          program keeps no name for the object
//     poll() -> bool       does what is due, prints, calls on_interval; whether the run
//                          goes on. To be called often: every few milliseconds where
//                          the board sends datagrams, else several times a second
//     running              bool
//     result() -> dict     of the last test; raises why it failed, RuntimeError when
//                          none has ended
//     stop()               ends what runs on both sides
//     close()              the same; `with` does it, and so does the garbage collector
//                          where it does not run in the background
//     await run()          starts if need be; the result. Cancelling ends the test
//     async for interval   starts if need be; the dict of each interval, up to the end
//                          of a client's test, of a server until it is stopped
//
// An exception in on_interval stops the run and comes out of poll(), or is printed
// where it runs in the background. A run may be started again.

#include "py/runtime.h"

#if MICROPY_PY_LWIP

#include "iperf3_lwip.h"

struct object {
    mp_obj_base_t base;
    struct iperf3_lwip_run run;
    bool background;
    volatile bool scheduled; // to be polled by the scheduler
    struct object *next;     // that runs in the background
};

/// In the background ///

// Those that run there, for the garbage collector: the program may have no name for
// them. A soft reset empties it, since it calls their finalisers.
MP_REGISTER_ROOT_POINTER(void *iperf3_lwip_background);

static void keep(struct object *self) {
    self->next = MP_STATE_VM(iperf3_lwip_background);
    MP_STATE_VM(iperf3_lwip_background) = self;
}

static void let_go(const struct object *self) {
    struct object *first = MP_STATE_VM(iperf3_lwip_background);
    struct object **at = &first;
    while (*at != NULL && *at != self) {
        at = &(*at)->next;
    }
    if (*at != NULL) {
        *at = self->next;
    }
    MP_STATE_VM(iperf3_lwip_background) = first;
}

/// Polling ///

static void stop(struct object *self) {
    iperf3_lwip_stop(&self->run);
    let_go(self);
}

static bool step(struct object *self, uint32_t *wait_us) {
    bool told = self->run.session != NULL && iperf3_lwip_step(&self->run, wait_us);
    if (self->run.session == NULL) {
        let_go(self);
    }
    return told;
}

// Tells all there is to tell. How long nothing is due, in microseconds.
static uint32_t poll(struct object *self) {
    uint32_t wait_us = 0;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        while (step(self, &wait_us)) {
        }
        nlr_pop();
    } else {
        stop(self);
        nlr_jump(nlr.ret_val);
    }
    return wait_us;
}

static void schedule(struct object *self);

static mp_obj_t poll_in_background(mp_obj_t self_in) {
    struct object *self = MP_OBJ_TO_PTR(self_in);
    self->scheduled = false;
    if (!self->background) {
        return mp_const_none;
    }
    if (poll(self) != UINT32_MAX) { // else wake() will tell
        schedule(self);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(poll_in_background_obj, poll_in_background);

// If the scheduler's queue is full, what comes next from lwIP tries again.
static void schedule(struct object *self) {
    if (self->background && !self->scheduled && self->run.session != NULL) {
        self->scheduled =
            mp_sched_schedule(MP_OBJ_FROM_PTR(&poll_in_background_obj), MP_OBJ_FROM_PTR(self));
    }
}

// Called from lwIP's callbacks, perhaps in an interrupt.
static void wake(void *context) {
    schedule(context);
}

static void start(struct object *self, bool background) {
    if (self->run.session != NULL) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("it runs already"));
    }
    self->background = background;
    self->run.config.wake = wake;
    self->run.config.context = self;
    iperf3_lwip_start(&self->run);
    if (background && self->run.session != NULL) {
        keep(self);
        schedule(self);
    }
}

/// Methods ///

static mp_obj_t object_start(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    static const mp_arg_t allowed[] = {
        { MP_QSTR_background, MP_ARG_BOOL, { .u_bool = false } },
    };
    mp_arg_val_t values[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args - 1, args + 1, keywords, MP_ARRAY_SIZE(values), allowed, values);
    start(MP_OBJ_TO_PTR(args[0]), values[0].u_bool);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_KW(start_obj, 1, object_start);

static mp_obj_t object_poll(mp_obj_t self_in) {
    struct object *self = MP_OBJ_TO_PTR(self_in);
    poll(self);
    return mp_obj_new_bool(self->run.session != NULL);
}
static MP_DEFINE_CONST_FUN_OBJ_1(poll_obj, object_poll);

static mp_obj_t object_result(mp_obj_t self_in) {
    struct object *self = MP_OBJ_TO_PTR(self_in);
    return iperf3_lwip_take_result(&self->run);
}
static MP_DEFINE_CONST_FUN_OBJ_1(result_obj, object_result);

static mp_obj_t object_stop(mp_obj_t self_in) {
    stop(MP_OBJ_TO_PTR(self_in));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(stop_obj, object_stop);

static mp_obj_t object_exit(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    return object_stop(args[0]);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(exit_obj, 4, 4, object_exit);

static mp_obj_t object_del(mp_obj_t self_in) {
    struct object *self = MP_OBJ_TO_PTR(self_in);
    iperf3_lwip_drop(&self->run);
    self->run.session = NULL; // its memory is the collector's now
    let_go(self);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(del_obj, object_del);

/// asyncio ///

// What `await` waits for: the end of a run, or its next interval.
struct waiter {
    mp_obj_base_t base;
    struct object *of;
    bool for_interval;
};

static void end_of_intervals(const struct iperf3_lwip_run *run) {
    if (!run->nothing_to_do) {
        iperf3_lwip_take_result(run); // or why there is none
    }
    mp_raise_type(&mp_type_StopAsyncIteration);
}

// Goes to sleep as asyncio.sleep_ms() does.
static mp_obj_t asyncio_sleep_us(uint32_t us) {
    mp_obj_t asyncio = mp_import_name(MP_QSTR_asyncio, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
    mp_obj_t sleep_ms = mp_load_attr(asyncio, MP_QSTR_sleep_ms);
    uint32_t ms = MIN(us / 1000, IPERF3_LWIP_MAX_SLEEP_MS);
    return mp_iternext(mp_call_function_1(sleep_ms, MP_OBJ_NEW_SMALL_INT(ms)));
}

static mp_obj_t waiter_iternext(mp_obj_t self_in) {
    struct waiter *self = MP_OBJ_TO_PTR(self_in);
    struct iperf3_lwip_run *run = &self->of->run;
    uint32_t wait_us = 0;
    bool told = step(self->of, &wait_us);
    if (self->for_interval && run->interval != mp_const_none) {
        mp_obj_t interval = run->interval;
        run->interval = mp_const_none;
        return mp_make_stop_iteration(interval);
    }
    if (run->session != NULL) {
        return asyncio_sleep_us(told ? 0 : wait_us);
    }
    if (self->for_interval) {
        end_of_intervals(run);
    }
    return mp_make_stop_iteration(iperf3_lwip_take_result(run));
}

// What asyncio takes for a coroutine has this.
static mp_obj_t waiter_send(mp_obj_t self_in, mp_obj_t value) {
    (void)value; // None
    mp_obj_t yielded = waiter_iternext(self_in);
    if (yielded == MP_OBJ_STOP_ITERATION) {
        mp_raise_StopIteration(MP_STATE_THREAD(stop_iteration_arg));
    }
    return yielded;
}
static MP_DEFINE_CONST_FUN_OBJ_2(send_obj, waiter_send);

// The task is cancelled.
static mp_obj_t waiter_throw(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    struct waiter *self = MP_OBJ_TO_PTR(args[0]);
    stop(self->of);
    nlr_raise(mp_make_raise_obj(args[1]));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(throw_obj, 2, 4, waiter_throw);

static mp_obj_t waiter_close(mp_obj_t self_in) {
    struct waiter *self = MP_OBJ_TO_PTR(self_in);
    stop(self->of);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(close_obj, waiter_close);

static const mp_rom_map_elem_t waiter_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_send), MP_ROM_PTR(&send_obj) },
    { MP_ROM_QSTR(MP_QSTR_throw), MP_ROM_PTR(&throw_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&close_obj) },
};
static MP_DEFINE_CONST_DICT(waiter_locals, waiter_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    waiter_type, MP_QSTR_generator, MP_TYPE_FLAG_ITER_IS_ITERNEXT,
    iter, waiter_iternext,
    locals_dict, &waiter_locals
    );

static mp_obj_t new_waiter(mp_obj_t of, bool for_interval) {
    struct waiter *self = mp_obj_malloc(struct waiter, &waiter_type);
    self->of = MP_OBJ_TO_PTR(of);
    self->for_interval = for_interval;
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t object_run(mp_obj_t self_in) {
    struct object *self = MP_OBJ_TO_PTR(self_in);
    if (self->run.session == NULL) {
        start(self, false);
    }
    return new_waiter(self_in, false);
}
static MP_DEFINE_CONST_FUN_OBJ_1(run_obj, object_run);

static mp_obj_t object_aiter(mp_obj_t self_in) {
    struct object *self = MP_OBJ_TO_PTR(self_in);
    self->run.keeps_interval = true;
    if (self->run.session == NULL) {
        start(self, false);
    }
    return self_in;
}
static MP_DEFINE_CONST_FUN_OBJ_1(aiter_obj, object_aiter);

static mp_obj_t object_anext(mp_obj_t self_in) {
    return new_waiter(self_in, true);
}
static MP_DEFINE_CONST_FUN_OBJ_1(anext_obj, object_anext);

/// Types ///

static struct object *new_object(const mp_obj_type_t *type) {
    struct object *self = mp_obj_malloc_with_finaliser(struct object, type);
    self->background = false;
    self->scheduled = false;
    self->run.session = NULL; // in case its arguments raise
    return self;
}

static mp_obj_t new_client(
    const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    struct object *self = new_object(type);
    mp_map_t keywords;
    mp_map_init_fixed_table(&keywords, n_kw, args + n_args);
    iperf3_lwip_parse_client(&self->run, n_args, args, &keywords);
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t new_server(
    const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    struct object *self = new_object(type);
    mp_map_t keywords;
    mp_map_init_fixed_table(&keywords, n_kw, args + n_args);
    iperf3_lwip_parse_server(&self->run, false, n_args, args, &keywords);
    return MP_OBJ_FROM_PTR(self);
}

static void object_attr(mp_obj_t self_in, qstr name, mp_obj_t *dest) {
    const struct object *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] == MP_OBJ_NULL && name == MP_QSTR_running) {
        dest[0] = mp_obj_new_bool(self->run.session != NULL);
    } else {
        dest[1] = MP_OBJ_SENTINEL; // a method
    }
}

static const mp_rom_map_elem_t locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_start), MP_ROM_PTR(&start_obj) },
    { MP_ROM_QSTR(MP_QSTR_poll), MP_ROM_PTR(&poll_obj) },
    { MP_ROM_QSTR(MP_QSTR_result), MP_ROM_PTR(&result_obj) },
    { MP_ROM_QSTR(MP_QSTR_stop), MP_ROM_PTR(&stop_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&stop_obj) },
    { MP_ROM_QSTR(MP_QSTR_run), MP_ROM_PTR(&run_obj) },
    { MP_ROM_QSTR(MP_QSTR___aiter__), MP_ROM_PTR(&aiter_obj) },
    { MP_ROM_QSTR(MP_QSTR___anext__), MP_ROM_PTR(&anext_obj) },
    { MP_ROM_QSTR(MP_QSTR___enter__), MP_ROM_PTR(&mp_identity_obj) },
    { MP_ROM_QSTR(MP_QSTR___exit__), MP_ROM_PTR(&exit_obj) },
    { MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&del_obj) },
};
static MP_DEFINE_CONST_DICT(locals, locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    iperf3_lwip_client_type, MP_QSTR_Client, MP_TYPE_FLAG_NONE,
    make_new, new_client,
    attr, object_attr,
    locals_dict, &locals
    );

MP_DEFINE_CONST_OBJ_TYPE(
    iperf3_lwip_server_type, MP_QSTR_Server, MP_TYPE_FLAG_NONE,
    make_new, new_server,
    attr, object_attr,
    locals_dict, &locals
    );

#endif // MICROPY_PY_LWIP
