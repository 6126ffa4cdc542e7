/* `launcher run`: the one loop. */
#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { RETRY_MS = 1000 };

bool shutting_down;

static int epoll_fd = -1;
static int signal_fd = -1;
static bool changed;
static bool children_ended = true;
static int64_t retry_ms; /* when to try again to open what could not be opened */

static int watch(int operation, int fd, enum source source, int index, bool write)
{
    struct epoll_event event = {
        .events = EPOLLIN | (write ? EPOLLOUT : 0U),
        .data.u64 = (uint64_t)source << 32 | (uint32_t)index,
    };
    return epoll_ctl(epoll_fd, operation, fd, &event);
}

int loop_watch(int fd, enum source source, int index, bool write)
{
    return watch(EPOLL_CTL_ADD, fd, source, index, write);
}

void loop_rewatch(int fd, enum source source, int index, bool write)
{
    watch(EPOLL_CTL_MOD, fd, source, index, write);
}

void loop_changed(void)
{
    changed = true;
}

static void shut_down(int received)
{
    if (shutting_down) {
        return;
    }
    say("received %s: stopping", signal_name(received));
    shutting_down = true;
    changed = true;
    for (int i = servicec - 1; i >= 0; i--) {
        service_shutdown(&services[i], received);
    }
}

static void forward(int received)
{
    for (int i = 0; i < servicec; i++) {
        int sent = received < MAX_SIGNALS ? services[i].signal_map[received] : 0;
        if (services[i].pid != 0 && (sent != 0 || i == 0)) {
            kill(services[i].pid, sent != 0 ? sent : received);
        }
    }
}

static void take_signals(void)
{
    struct signalfd_siginfo info;
    while (read(signal_fd, &info, sizeof info) == sizeof info) {
        int number = (int)info.ssi_signo;
        switch (number) {
        case SIGCHLD:
            children_ended = true;
            break;
        case SIGTERM:
        case SIGINT:
        case SIGQUIT:
        case SIGPWR:
            shut_down(number);
            break;
        case SIGPIPE: /* a client that went away; write() says so, too */
        case SIGTSTP:
        case SIGTTIN:
        case SIGTTOU:
            break;
        default:
            forward(number);
        }
    }
}

static void dispatch(uint64_t data)
{
    int index = (int)(uint32_t)data;
    switch ((enum source)(data >> 32)) {
    case FROM_SIGNALS:
        take_signals();
        break;
    case FROM_EXEC:
        if (services[index].exec_fd >= 0) {
            service_exec_result(&services[index]);
        }
        break;
    case FROM_CONTROL:
        control_accept();
        break;
    case FROM_CLIENT:
        control_client(index);
        break;
    case FROM_READY:
        ready_accept();
        break;
    case FROM_PROBE:
        ready_client(index);
        break;
    case FROM_RUN:
        oneshot_output(index);
        break;
    }
}

static int64_t earlier(int64_t one, int64_t other)
{
    return one == 0 || (other != 0 && other < one) ? other : one;
}

static int until_next_timer(void)
{
    int64_t next = earlier(ready_deadline(), earlier(oneshot_deadline(), retry_ms));
    for (int i = 0; i < servicec; i++) {
        next = earlier(next, services[i].deadline_ms);
    }
    if (next == 0) {
        return -1;
    }
    int64_t wait = next - mono_ms();
    return wait < 0 ? 0 : wait > 60000 ? 60000 : (int)wait;
}

static void open_doors(void)
{
    bool control = control_open();
    bool ready = ready_open();
    retry_ms = control && ready ? 0 : mono_ms() + RETRY_MS;
}

static void fire_timers(void)
{
    int64_t now = mono_ms();
    for (int i = 0; i < servicec; i++) {
        if (services[i].deadline_ms != 0 && services[i].deadline_ms <= now) {
            service_timer(&services[i]);
        }
    }
    ready_expire();
    oneshot_expire();
    if (retry_ms != 0 && retry_ms <= now) {
        open_doors();
    }
}

static bool all_down(void)
{
    for (int i = 0; i < servicec; i++) {
        if (services[i].phase != DOWN) {
            return false;
        }
    }
    return true;
}

/* The main service's code; 0 if a user had stopped it, for that is how it should end. */
static int exit_code(void)
{
    const struct service *service = &services[0];
    if (!service->desired_up || !service->last_exit.known) {
        return 0;
    }
    return service->last_exit.signal != 0 ? 128 + service->last_exit.signal
                                          : service->last_exit.code;
}

int loop_run(void)
{
    for (;;) {
        if (changed) {
            changed = false;
            control_publish();
        }
        if (shutting_down && all_down()) {
            return exit_code();
        }
        struct epoll_event events[32];
        int timeout = children_ended ? 0 : until_next_timer();
        int count = epoll_wait(epoll_fd, events, 32, timeout);
        for (int i = 0; i < count; i++) {
            dispatch(events[i].data.u64);
        }
        if (children_ended) {
            children_ended = reap();
        }
        fire_timers();
    }
}

static bool parse(int argc, char **argv, const char **path)
{
    *path = NULL;
    for (int i = 0; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--socket") == 0 && has_value) {
            i++;
        } else if (strcmp(argv[i], "--ready-port") == 0 && has_value) {
            i++;
        } else if (argv[i][0] != '-' && *path == NULL) {
            *path = argv[i];
        } else {
            return false;
        }
    }
    return *path != NULL;
}

/* What the command line says wins over the file. */
static void override_options(int argc, char **argv)
{
    for (int i = 0; i + 1 < argc; i++) {
        if (strcmp(argv[i], "--socket") == 0) {
            options.socket_path = strcmp(argv[++i], "none") == 0 ? NULL : argv[i];
        } else if (strcmp(argv[i], "--ready-port") == 0) {
            options.ready_port = atoi(argv[++i]);
        }
    }
}

int main_run(int argc, char **argv)
{
    const char *path;
    char problem[512];
    if (!parse(argc, argv, &path)) {
        say("run: a services file is needed");
        return 64;
    }
    if (!services_load(path, problem, sizeof problem)) {
        say("%s", problem);
        return 78;
    }
    override_options(argc, argv);
    /* In a shared pid namespace we are not PID 1 and orphans would go past us. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigset_t all;
    sigfillset(&all);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    signal_fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
    if (epoll_fd < 0 || signal_fd < 0 || loop_watch(signal_fd, FROM_SIGNALS, 0, false) != 0) {
        say("can not begin: %s", strerror(errno));
        return 71;
    }
    open_doors();
    for (int i = 0; i < servicec; i++) {
        services[i].desired_up = durable_initial(&services[i]);
        if (services[i].desired_up) {
            service_start(&services[i]);
        }
    }
    return loop_run();
}
