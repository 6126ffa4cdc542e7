/* The state machine of one service. Only this file changes a phase. */
#include "launcher.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    STABLE_MS = 10000, /* a run this long forgets earlier failures */
    CLEANUP_MS = 500,  /* what a dead leader's group may still do after TERM */
    POLL_MS = 50       /* nobody tells us when the last member of a group is gone */
};

const char *phase_name(const struct service *service)
{
    static const char *names[] = {
        "down", "starting", "up", "stopping", "cleanup", "backoff", "failed"};
    return names[service->phase];
}

const char *verdict_name(const struct service *service)
{
    static const char *names[] = {"none", "ok", "bad"};
    return names[service->verdict];
}

bool service_ready(const struct service *service)
{
    return !shutting_down && service->desired_up && service->phase == UP
        && service->verdict == OK;
}

static void enter(struct service *service, enum phase phase, int64_t deadline)
{
    service->phase = phase;
    service->deadline_ms = deadline;
    service->epoch++;
    loop_changed();
}

void service_judge(struct service *service, enum verdict verdict)
{
    if (service->phase == UP) {
        service->deadline_ms = 0; /* nobody has to judge in the agent's place any more */
    }
    if (service->verdict != verdict) {
        service->verdict = verdict;
        service->epoch++;
        say("%s: health verdict %s", service->name, verdict_name(service));
        loop_changed();
    }
}

static void problem(struct service *service, const char *text)
{
    snprintf(service->problem, sizeof service->problem, "%s", text);
    say("%s: %s", service->name, text);
}

static void signal_group(const struct service *service, int number)
{
    /* Between fork and setsid the group does not exist yet; the leader does. */
    if (service->pgid != 0 && kill(-service->pgid, number) != 0 && errno == ESRCH
        && service->pid != 0) {
        kill(service->pid, number);
    }
}

static int starts_in_window(struct service *service, int64_t now)
{
    while (service->startc > 0
        && now - service->starts[service->start_head] >= service->tuning.burst_window_ms) {
        service->start_head = (service->start_head + 1) % MAX_BURST;
        service->startc--;
    }
    return service->startc;
}

static void forget_failures(struct service *service)
{
    service->failures = 0;
    service->startc = 0;
    service->problem[0] = 0;
}

static void back_off(struct service *service)
{
    int64_t now = mono_ms();
    if (starts_in_window(service, now) >= service->tuning.burst) {
        problem(service, "start limit reached; waits for a start");
        enter(service, FAILED, 0);
        return;
    }
    int doublings = service->failures < 20 ? service->failures : 20;
    int64_t wait = service->tuning.backoff_initial_ms << doublings;
    if (wait > service->tuning.backoff_max_ms) {
        wait = service->tuning.backoff_max_ms;
    }
    service->failures++;
    enter(service, BACKOFF, now + (wait > 0 ? wait : 1));
}

static void launch(struct service *service)
{
    service->start_after_stop = false;
    if (service->startc < MAX_BURST) {
        int slot = (service->start_head + service->startc++) % MAX_BURST;
        service->starts[slot] = mono_ms();
    }
    int error = spawn(service);
    if (error == 0) {
        loop_watch(service->exec_fd, FROM_EXEC, (int)(service - services), false);
        say("%s: started, pid %d", service->name, service->pid);
        enter(service, STARTING, 0);
        return;
    }
    /* The same path as an exit, or a failed fork would be the end of all tries. */
    char text[MAX_TEXT];
    snprintf(text, sizeof text, "can not fork: %s", strerror(error));
    problem(service, text);
    change_end(service, false, text);
    back_off(service);
}

void service_exec_result(struct service *service)
{
    int error = 0;
    ssize_t got = read(service->exec_fd, &error, sizeof error);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    close(service->exec_fd);
    service->exec_fd = -1;
    if (got > 0) {
        char text[MAX_TEXT];
        snprintf(text, sizeof text, "can not execute %.100s: %s", service->argv[0],
            strerror(error));
        problem(service, text);
        change_end(service, false, text);
    } else if (service->phase == STARTING) {
        service->spawns++;
        service->problem[0] = 0;
        bool awaits = service->await_verdict_ms > 0;
        service->verdict = awaits ? NOT_JUDGED : OK;
        enter(service, UP, awaits ? service->started_mono_ms + service->await_verdict_ms : 0);
        change_end(service, true, "");
    }
}

/* Called when nobody of the group lives any more, and the service ended by itself. */
static void ended(struct service *service)
{
    bool clean = service->last_exit.code == 0;
    service->pgid = 0;
    if (mono_ms() - service->started_mono_ms >= STABLE_MS) {
        service->failures = 0;
    }
    change_end(service, false, "the process ended before it ran");
    if (!service->desired_up || shutting_down) {
        enter(service, DOWN, 0);
    } else if (service->tuning.policy == ALWAYS
        || (service->tuning.policy == ON_FAILURE && !clean)) {
        back_off(service);
    } else {
        enter(service, clean ? DOWN : FAILED, 0);
    }
}

static void stopped(struct service *service)
{
    service->pgid = 0;
    service->first_signal = 0;
    enter(service, DOWN, 0);
    if (service->start_after_stop && !shutting_down) {
        launch(service);
    } else {
        change_end(service, !shutting_down, shutting_down ? "the container stops" : "");
    }
}

/* The leader's end wakes us by SIGCHLD; that of the rest of its group has to be looked for. */
static int64_t next_look(const struct service *service, int64_t now)
{
    bool look = service->pid == 0 || service->until_ms == INT64_MAX;
    return look && now + POLL_MS < service->until_ms ? now + POLL_MS : service->until_ms;
}

static void run_step(struct service *service)
{
    const struct step *step = &service->steps[service->step];
    bool last = service->step == service->stepc - 1;
    int number = step->signal;
    int64_t wait = step->wait_ms;
    if (service->step == 0) {
        number = service->first_signal != 0 ? service->first_signal : number;
        wait = service->stop_grace_ms >= 0 ? service->stop_grace_ms : wait;
    }
    signal_group(service, last ? SIGKILL : number);
    int64_t now = mono_ms();
    service->until_ms = last ? INT64_MAX : now + wait;
    service->deadline_ms = next_look(service, now);
}

static void begin_stop(struct service *service, int step, int64_t grace)
{
    service->step = step;
    service->stop_grace_ms = grace >= 0 ? grace : service->tuning.grace_ms;
    enter(service, STOPPING, 0);
    say("%s: stopping", service->name);
    run_step(service);
}

static void next_step(struct service *service, bool force)
{
    service->step = force ? service->stepc - 1 : service->step + 1;
    run_step(service);
}

void service_timer(struct service *service)
{
    int64_t now = mono_ms();
    service->deadline_ms = 0;
    if (service->phase == BACKOFF) {
        service->restarts++;
        launch(service);
        return;
    }
    if (service->phase == UP) {
        /* Without an agent nobody judges, and the database must become ready all the same. */
        say("%s: no health verdict in time", service->name);
        service_judge(service, OK);
        return;
    }
    if (service->phase != STOPPING && service->phase != CLEANUP) {
        return;
    }
    if (service->pid == 0 && !group_has_living(service->pgid)) {
        (service->phase == STOPPING ? stopped : ended)(service);
        return;
    }
    if (now < service->until_ms) {
        service->deadline_ms = next_look(service, now);
    } else if (service->phase == STOPPING) {
        next_step(service, false);
    } else {
        signal_group(service, SIGKILL);
        service->until_ms = INT64_MAX;
        service->deadline_ms = next_look(service, now);
    }
}

/* The zombie still holds its pid and group number, so that neither can be another process's. */
void service_leader_exited(struct service *service, int code, int number)
{
    if (service->exec_fd >= 0) {
        service_exec_result(service);
    }
    service->pid = 0;
    service->last_exit = (struct exit_record){true, code, number, wall_ms()};
    if (number != 0) {
        say("%s: killed by signal %d", service->name, number);
    } else {
        say("%s: exited with code %d", service->name, code);
    }
    bool empty = !group_has_living(service->pgid);
    if (service->phase == STOPPING) {
        if (empty) {
            stopped(service);
        } else {
            service->deadline_ms = mono_ms() + POLL_MS;
        }
    } else if (empty) {
        ended(service);
    } else {
        signal_group(service, SIGTERM);
        service->until_ms = mono_ms() + CLEANUP_MS;
        enter(service, CLEANUP, mono_ms() + POLL_MS);
    }
}

void service_start(struct service *service)
{
    service->desired_up = true;
    switch (service->phase) {
    case DOWN:
    case BACKOFF:
    case FAILED:
        forget_failures(service);
        launch(service);
        break;
    case CLEANUP:
        service->start_after_stop = true;
        begin_stop(service, service->stepc - 1, -1);
        break;
    case STOPPING:
        service->start_after_stop = true;
        break;
    case STARTING:
        break;
    case UP:
        change_end(service, true, "");
        break;
    }
}

void service_stop(struct service *service, bool force, int64_t grace_ms)
{
    service->desired_up = false;
    service->start_after_stop = false;
    switch (service->phase) {
    case STARTING:
    case UP:
        begin_stop(service, force ? service->stepc - 1 : 0, grace_ms);
        break;
    case CLEANUP:
        begin_stop(service, service->stepc - 1, -1);
        break;
    case STOPPING:
        if (force) {
            next_step(service, true);
        }
        break;
    case DOWN:
    case BACKOFF:
    case FAILED:
        enter(service, DOWN, 0);
        change_end(service, true, "");
        break;
    }
}

void service_restart(struct service *service, bool force, int64_t grace_ms)
{
    if (service->phase == STARTING || service->phase == UP) {
        service->desired_up = true;
        service->start_after_stop = true;
        forget_failures(service);
        begin_stop(service, force ? service->stepc - 1 : 0, grace_ms);
        return;
    }
    service_start(service);
    if (force && service->phase == STOPPING) {
        next_step(service, true);
    }
}

void service_shutdown(struct service *service, int received)
{
    service->start_after_stop = false;
    switch (service->phase) {
    case STARTING:
    case UP:
        service->first_signal = service->signal_map[received];
        begin_stop(service, 0, -1);
        break;
    case BACKOFF:
    case FAILED:
        enter(service, DOWN, 0);
        break;
    case DOWN:
    case STOPPING:
    case CLEANUP:
        break;
    }
}
