// main.c - iperf3 on lwIP as a Linux program: a session from its start to its end
// SPDX-License-Identifier: MIT

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "address.h"
#include "config.h"
#include "iperf3.h"
#include "lwip/init.h"
#include "lwip_host.h"
#include "network.h"
#include "options.h"
#include "tell.h"

#define PAYLOAD_SIZE IPERF3_DEFAULT_TCP_LENGTH // longer than any datagram
#define TEXT_SIZE 8192 // of a client's title and extra data; no parameters are longer

// iperf3's numbers
#define NO_WINDOW 141
#define NO_DONT_FRAGMENT 145

struct program {
    struct options options;
    struct iperf3_config config;
    struct teller teller;
    iperf3_t *session;
    void *memory;
    unsigned char *payload;
};

/// Signals ///

// Returns a file that can be read when a signal to end has come. A handler would leave a
// gap between the look at what it has set and the sleep.
static int catch_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_CLOEXEC);
}

/// Memory ///

static uint32_t now_us(void) {
    return (uint32_t)lwip_host_us();
}

// Noise, or as iperf3 fills it with --repeating-payload.
static void fill_payload(unsigned char *payload, bool repeating) {
    for (size_t i = 0; i < PAYLOAD_SIZE; ++i) {
        payload[i] = (unsigned char)('0' + i % 10);
    }
    for (size_t i = 0; i < PAYLOAD_SIZE && !repeating; i += sizeof(uint32_t)) {
        uint32_t noise = lwip_host_random();
        memcpy(payload + i, &noise, sizeof(noise));
    }
}

static void *allocate(size_t size) {
    void *memory = malloc(size);
    if (memory == NULL) {
        lwip_host_fatal("out of memory", __FILE__, __LINE__);
    }
    return memory;
}

static void make_session(struct program *program) {
    struct iperf3_config *config = &program->config;
    size_t size = iperf3_memory_size(config->max_streams);
    program->memory = allocate(size);
    program->payload = allocate(PAYLOAD_SIZE);
    fill_payload(program->payload, config->test.repeating_payload);
    config->now_us = now_us;
    config->random = lwip_host_random;
    config->payload = program->payload;
    config->payload_size = PAYLOAD_SIZE;
    config->text_size = TEXT_SIZE;
    config->text = allocate(TEXT_SIZE);
    if (iperf3_init(&program->session, program->memory, size, config) != IPERF3_OK) {
        lwip_host_fatal("options let through what the engine does not", __FILE__, __LINE__);
    }
}

static void free_session(struct program *program) {
    free(program->config.text);
    free(program->payload);
    free(program->memory);
}

/// Start ///

static enum address_family family_of(const struct options *options) {
    if (options->only_ipv4 != options->only_ipv6) {
        return options->only_ipv4 ? ADDRESS_IPV4 : ADDRESS_IPV6;
    }
    return ADDRESS_ANY;
}

// The own address to use. Returns NULL, or why there is none.
static const char *resolve_bind(const struct options *options, ip_addr_t *address) {
    const char *fault = address_resolve(options->bind, family_of(options), address);
    if (fault == NULL && !network_has(address)) {
        fault = "Cannot assign requested address";
    }
    return fault;
}

static bool fail(struct program *program, const char *what, const char *why) {
    char text[NETWORK_FAULT_SIZE];
    snprintf(text, sizeof(text), "%s: %s", what, why);
    tell_error(&program->teller, text);
    return false;
}

// The rest of a test's values are in range, or options_read() has complained.
static const char *not_possible(const struct iperf3_test *test) {
    bool window = test->window > LWIP_MIN((uint32_t)TCP_WND, (uint32_t)TCP_SND_BUF);
    return iperf3_server_error_text(window ? NO_WINDOW : NO_DONT_FRAGMENT);
}

static bool connect_to_server(struct program *program) {
    static const char what[] = "unable to connect to server";
    const struct options *options = &program->options;
    ip_addr_t host;
    const char *fault = address_resolve(options->host, family_of(options), &host);
    if (fault == NULL && options->bind != NULL) {
        fault = resolve_bind(options, &program->config.local);
    }
    if (fault != NULL) {
        return fail(program, what, fault);
    }
    make_session(program);
    enum iperf3_error error = iperf3_connect(program->session, &host, (uint16_t)options->port);
    if (error != IPERF3_OK) {
        tell_error(&program->teller, error == IPERF3_ERR_ARGUMENT
            ? not_possible(&program->config.test) : iperf3_strerror(error));
    }
    return error == IPERF3_OK;
}

static bool listen_for_clients(struct program *program) {
    static const char what[] = "unable to start listener for connections";
    const struct options *options = &program->options;
    static const ip_addr_t any[] = {
        [ADDRESS_ANY] = IPADDR_ANY_TYPE_INIT,
        [ADDRESS_IPV4] = IPADDR4_INIT(IPADDR_ANY),
        [ADDRESS_IPV6] = IPADDR6_INIT(0, 0, 0, 0),
    };
    ip_addr_t local = any[family_of(options)];
    const char *fault = options->bind != NULL ? resolve_bind(options, &local) : NULL;
    if (fault != NULL) {
        return fail(program, what, fault);
    }
    make_session(program);
    enum iperf3_error error = iperf3_listen(program->session, &local, (uint16_t)options->port);
    if (error != IPERF3_OK) {
        tell_error(&program->teller, iperf3_strerror(error));
    }
    return error == IPERF3_OK;
}

static bool start(struct program *program) {
    char fault[NETWORK_FAULT_SIZE];
    if (!network_open(&program->options, fault)) {
        tell_error(&program->teller, fault);
        return false;
    }
    return program->options.server ? listen_for_clients(program) : connect_to_server(program);
}

/// Course ///

// Here a server learns what the client asks for; nothing has been sent yet.
static void prepare(struct program *program, const struct iperf3_report *report) {
    if (report->type == IPERF3_ACCEPTED) {
        fill_payload(program->payload, report->test.repeating_payload);
    }
}

// As iperf3: tells the other side, and the user what there is up to here.
static void stop(struct program *program) {
    const struct iperf3_report *report;
    bool told = false;
    iperf3_stop(program->session);
    while ((report = iperf3_poll(program->session)) != NULL) {
        tell_report(&program->teller, program->session, report);
        told = told || report->type == IPERF3_FAILED;
    }
    if (!told) {
        tell_interrupt(&program->teller, program->options.server ? IPERF3_SERVER : IPERF3_CLIENT);
    }
}

// Whether all went well. A server goes on after a test that failed.
static bool run(struct program *program) {
    int signals = catch_signals();
    bool interrupted = false;
    enum iperf3_error error = IPERF3_OK;
    while (iperf3_running(program->session) && !interrupted) {
        const struct iperf3_report *report = iperf3_poll(program->session);
        if (report != NULL) {
            prepare(program, report);
            tell_report(&program->teller, program->session, report);
            error = report->error;
        } else {
            interrupted = network_wait(iperf3_wait_us(program->session), signals);
        }
    }
    if (interrupted) {
        stop(program);
    }
    close(signals);
    return !interrupted && (program->options.server || error == IPERF3_OK);
}

int main(int count, char *words[]) {
    struct program program = { 0 };
    struct options *options = &program.options;
    if (!options_read(options, count, words)) {
        return EXIT_FAILURE;
    }
    if (options->wants_help) {
        options_help(stdout);
        return EXIT_SUCCESS;
    }
    if (options->wants_version) {
        puts("iperf3-lwip " IPERF3_VERSION " (lwIP " LWIP_VERSION_STRING ")");
        return EXIT_SUCCESS;
    }
    const char *conflict = options_conflict(options);
    if (conflict != NULL) {
        options_complain(conflict);
        return EXIT_FAILURE;
    }
    program.config = config_of(options);
    program.teller.json = options->json;
    program.teller.host = options->host;
    program.teller.document.file = stdout;
    bool good = start(&program) && run(&program);
    network_close();
    free_session(&program);
    tell_nothing_more(&program.teller);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
