/*
 * RUN: a command in this container's file system, with a deadline and captured output. Results
 * stay until their slot is needed again, so that the same id is answered without a second run.
 */
#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_RUNS = 4, OUTPUT_BYTES = 16384, MAX_TIMEOUT_MS = 3600 * 1000, DRAIN_MS = 500 };

static struct run {
    char id[MAX_ID + 1];
    int client;
    uint64_t connection;
    bool running, exited, timed_out, truncated;
    pid_t pid;
    int fd; /* of the output pipe, -1 after its end */
    int code, signal;
    int64_t deadline_ms;
    size_t used;
    char output[OUTPUT_BYTES];
} runs[MAX_RUNS];

static char encoded[OUTPUT_BYTES * 3 + 1];

static const char *encode(const char *from, size_t length)
{
    size_t at = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)from[i];
        if (c > ' ' && c < 127 && c != '%') {
            encoded[at++] = (char)c;
        } else {
            snprintf(encoded + at, 4, "%%%02X", c);
            at += 3;
        }
    }
    encoded[at] = 0;
    return encoded;
}

static void decode(char *text)
{
    char *out = text;
    for (const char *in = text; *in != 0;) {
        char hex[3] = {0};
        if (in[0] == '%' && in[1] != 0 && in[2] != 0) {
            hex[0] = in[1];
            hex[1] = in[2];
            *out++ = (char)strtol(hex, NULL, 16);
            in += 3;
        } else {
            *out++ = *in++;
        }
    }
    *out = 0;
}

static void answer(const struct run *run)
{
    char how[32];
    if (run->timed_out) {
        snprintf(how, sizeof how, "timeout");
    } else if (run->signal != 0) {
        snprintf(how, sizeof how, "signal:%d", run->signal);
    } else {
        snprintf(how, sizeof how, "code:%d", run->code);
    }
    control_reply(run->client, run->connection, "%s OK exit=%s truncated=%d out=%s", run->id, how,
        run->truncated, encode(run->output, run->used));
}

static void finish(struct run *run)
{
    if (run->fd >= 0) {
        close(run->fd);
        run->fd = -1;
    }
    run->running = false;
    answer(run);
}

static struct run *slot(const char *id)
{
    struct run *free_run = NULL;
    for (int i = 0; i < MAX_RUNS; i++) {
        if (strcmp(runs[i].id, id) == 0) {
            return &runs[i];
        }
        /* Not an older result if there is an unused slot. */
        if (!runs[i].running
            && (free_run == NULL || runs[i].deadline_ms < free_run->deadline_ms)) {
            free_run = &runs[i];
        }
    }
    return free_run;
}

static void child(char **argv, int out)
{
    setsid();
    int null = open("/dev/null", O_RDONLY);
    if (null >= 0) {
        dup2(null, STDIN_FILENO);
    }
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    signals_reset_for_child();
    execvp(argv[0], argv);
    int error = errno;
    dprintf(STDERR_FILENO, "can not execute %s: %s\n", argv[0], strerror(error));
    _exit(error == ENOENT ? 127 : 126);
}

/* `<timeout-ms> <argument>...`, arguments percent-encoded. NULL, or why not. */
const char *oneshot_start(int client, uint64_t connection, const char *id, char *arguments)
{
    char *argv[MAX_ARGUMENTS + 1];
    int argc = 0;
    char *save = NULL;
    const char *timeout = strtok_r(arguments, " ", &save);
    char *word;
    while (argc < MAX_ARGUMENTS && (word = strtok_r(NULL, " ", &save)) != NULL) {
        decode(word);
        argv[argc++] = word;
    }
    argv[argc] = NULL;
    int64_t wait = timeout == NULL ? 0 : strtoll(timeout, NULL, 10);
    if (argc == 0 || wait < 1 || wait > MAX_TIMEOUT_MS) {
        return "bad-value RUN <timeout-ms> <argument>...";
    }
    struct run *run = slot(id);
    if (run == NULL) {
        return "busy too many runs";
    }
    run->client = client;
    run->connection = connection;
    if (strcmp(run->id, id) == 0) {
        if (!run->running) {
            answer(run);
        }
        return NULL;
    }
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) {
        return "failed no pipe";
    }
    pid_t pid = fork();
    if (pid == 0) {
        child(argv, fds[1]);
    }
    close(fds[1]);
    if (pid < 0 || fcntl(fds[0], F_SETFL, O_NONBLOCK) != 0
        || loop_watch(fds[0], FROM_RUN, (int)(run - runs), false) != 0) {
        close(fds[0]);
        return "failed can not fork";
    }
    snprintf(run->id, sizeof run->id, "%s", id);
    run->running = true;
    run->exited = run->timed_out = run->truncated = false;
    run->pid = pid;
    run->fd = fds[0];
    run->used = 0;
    run->deadline_ms = mono_ms() + wait;
    return NULL;
}

void oneshot_output(int index)
{
    struct run *run = &runs[index];
    char extra[4096];
    while (run->running && run->fd >= 0) {
        size_t room = OUTPUT_BYTES - run->used;
        ssize_t got = room > 0 ? read(run->fd, run->output + run->used, room)
                               : read(run->fd, extra, sizeof extra);
        if (got < 0) {
            return;
        }
        if (got == 0) {
            close(run->fd);
            run->fd = -1;
            if (run->exited) {
                finish(run);
            }
            return;
        }
        run->used += room > 0 ? (size_t)got : 0;
        run->truncated = run->truncated || room == 0;
    }
}

bool oneshot_exited(pid_t pid, int code, int number)
{
    for (int i = 0; i < MAX_RUNS; i++) {
        struct run *run = &runs[i];
        if (run->running && run->pid == pid) {
            /* What it left behind would keep the pipe open; the zombie still holds the number. */
            kill(-pid, SIGKILL);
            run->pid = 0;
            run->exited = true;
            run->code = code;
            run->signal = number;
            run->deadline_ms = mono_ms() + DRAIN_MS;
            oneshot_output(i);
            if (run->running && run->fd < 0) {
                finish(run);
            }
            return true;
        }
    }
    return false;
}

int64_t oneshot_deadline(void)
{
    int64_t next = 0;
    for (int i = 0; i < MAX_RUNS; i++) {
        if (runs[i].running && (next == 0 || runs[i].deadline_ms < next)) {
            next = runs[i].deadline_ms;
        }
    }
    return next;
}

void oneshot_expire(void)
{
    int64_t now = mono_ms();
    for (int i = 0; i < MAX_RUNS; i++) {
        struct run *run = &runs[i];
        if (!run->running || run->deadline_ms > now) {
            continue;
        }
        if (run->exited) {
            finish(run); /* somebody in another session holds the pipe: not our output any more */
        } else {
            run->timed_out = true;
            run->deadline_ms = now + DRAIN_MS;
            kill(-run->pid, SIGKILL);
        }
    }
}
