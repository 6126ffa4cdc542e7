/*
 * `launcher exec`: runs one hook for the lifecycle server. The hook gets its own session, its
 * result on descriptor 3, and an end: at the deadline TERM, then KILL for its group, and whatever
 * it left behind in other groups is killed, too (we are its subreaper). Writes how it ended to the
 * status file: `exit <code>`, `signal <n>`, `timeout` or `failed <errno>`.
 */
#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PARENT_CHECK_MS = 500, STRAGGLER_ROUNDS = 100 };

struct plan {
    int64_t timeout_ms, grace_ms;
    const char *result, *status;
    char **argv;
};

static bool parse(int argc, char **argv, struct plan *plan)
{
    *plan = (struct plan){.timeout_ms = 0, .grace_ms = 2000};
    int i = 0;
    for (; i + 1 < argc && strcmp(argv[i], "--") != 0; i += 2) {
        if (strcmp(argv[i], "--timeout-ms") == 0) {
            plan->timeout_ms = strtoll(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--grace-ms") == 0) {
            plan->grace_ms = strtoll(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--result") == 0) {
            plan->result = argv[i + 1];
        } else if (strcmp(argv[i], "--status") == 0) {
            plan->status = argv[i + 1];
        } else {
            return false;
        }
    }
    plan->argv = argv + i + 1;
    return i + 1 < argc && strcmp(argv[i], "--") == 0;
}

static void child(const struct plan *plan, int error_fd)
{
    setsid();
    int result = open(plan->result != NULL ? plan->result : "/dev/null",
        O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (result >= 0 && result != 3) {
        dup2(result, 3);
        close(result);
    }
    signals_reset_for_child();
    execvp(plan->argv[0], plan->argv);
    int error = errno;
    fprintf(stderr, "can not execute %s: %s\n", plan->argv[0], strerror(error));
    if (write(error_fd, &error, sizeof error) < 0) {
        _exit(125);
    }
    _exit(error == ENOENT ? 127 : 126);
}

/* Kills everything that descends from us: orphans of the hook became our children. */
static void kill_stragglers(void)
{
    for (int round = 0; round < STRAGGLER_ROUNDS; round++) {
        char path[64], list[4096];
        snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
        FILE *children = fopen(path, "re");
        char *read = children == NULL ? NULL : fgets(list, sizeof list, children);
        if (children != NULL) {
            fclose(children);
        }
        if (read == NULL) {
            return;
        }
        char *save = NULL;
        for (char *pid = strtok_r(list, " ", &save); pid != NULL; pid = strtok_r(NULL, " ", &save)) {
            kill(atoi(pid), SIGKILL);
        }
        poll(NULL, 0, 5);
        while (waitpid(-1, NULL, WNOHANG) > 0) {
        }
    }
}

static void report(const struct plan *plan, const char *text)
{
    int fd = plan->status == NULL
        ? -1
        : open(plan->status, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd >= 0) {
        dprintf(fd, "%s\n", text);
        close(fd);
    }
}

/* Reaps what there is; true once the hook itself has ended. */
static bool reap_until(pid_t hook, int *wait_status)
{
    pid_t pid;
    int status;
    bool ended = false;
    siginfo_t peek = {0};
    while (waitid(P_ALL, 0, &peek, WEXITED | WNOHANG | WNOWAIT) == 0 && peek.si_pid != 0) {
        /* The hook stays a zombie until its group was killed: its number must stay its own. */
        if (peek.si_pid == hook) {
            kill(-hook, SIGKILL);
        }
        pid = waitpid(peek.si_pid, &status, WNOHANG);
        if (pid == hook) {
            *wait_status = status;
            ended = true;
        }
        peek.si_pid = 0;
    }
    return ended;
}

static int supervise(const struct plan *plan, pid_t hook, int error_fd, int signal_fd)
{
    pid_t parent = getppid();
    int64_t deadline = plan->timeout_ms > 0 ? mono_ms() + plan->timeout_ms : INT64_MAX;
    bool timed_out = false;
    int wait_status = 0;
    while (!reap_until(hook, &wait_status)) {
        struct pollfd signals = {.fd = signal_fd, .events = POLLIN};
        int64_t left = deadline - mono_ms();
        poll(&signals, 1, left < 0 ? 0 : left < PARENT_CHECK_MS ? (int)left : PARENT_CHECK_MS);
        struct signalfd_siginfo info;
        bool asked = false;
        while (read(signal_fd, &info, sizeof info) == sizeof info) {
            asked = asked || info.ssi_signo != SIGCHLD;
        }
        /* Without the server nobody would read the result: the hook ends, too. */
        if (asked || getppid() != parent || (mono_ms() >= deadline && timed_out)) {
            kill(-hook, SIGKILL);
            timed_out = true;
            deadline = INT64_MAX;
        } else if (mono_ms() >= deadline) {
            timed_out = true;
            kill(-hook, SIGTERM);
            deadline = mono_ms() + plan->grace_ms;
        }
    }
    kill_stragglers();
    char text[64];
    int error = 0;
    int code = WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
    if (timed_out) {
        snprintf(text, sizeof text, "timeout");
        code = 124;
    } else if (read(error_fd, &error, sizeof error) == sizeof error) {
        snprintf(text, sizeof text, "failed %d", error);
    } else if (WIFSIGNALED(wait_status)) {
        snprintf(text, sizeof text, "signal %d", WTERMSIG(wait_status));
    } else {
        snprintf(text, sizeof text, "exit %d", code);
    }
    report(plan, text);
    return code;
}

int main_exec(int argc, char **argv)
{
    struct plan plan;
    if (!parse(argc, argv, &plan)) {
        fputs("usage: launcher exec [--timeout-ms n] [--grace-ms n] [--result file]"
              " [--status file] -- argv...\n",
            stderr);
        return 64;
    }
    signals_block_all();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    int signal_fd = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    int error_fds[2];
    if (signal_fd < 0 || pipe2(error_fds, O_CLOEXEC | O_NONBLOCK) != 0) {
        perror("launcher: exec");
        return 71;
    }
    pid_t hook = fork();
    if (hook == 0) {
        child(&plan, error_fds[1]);
    }
    close(error_fds[1]);
    if (hook < 0) {
        perror("launcher: exec");
        return 71;
    }
    return supervise(&plan, hook, error_fds[0], signal_fd);
}
