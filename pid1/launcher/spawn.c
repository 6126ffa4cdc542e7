/* Starts a process: fork here, everything that can fail for long in the child. */
#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

extern char **environ;

/* Only the child writes here, so the parent's copy never becomes resident. */
static char arena[512 * 1024];
static size_t arena_used;
static char *child_argv[MAX_ARGUMENTS + 1];
static char *child_env[4096];

static const char *lookup(const char *name, size_t length)
{
    /* Later entries win, and a service's own stand behind the container's. */
    const char *found = NULL;
    for (char **entry = child_env; *entry != NULL; entry++) {
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=') {
            found = *entry + length + 1;
        }
    }
    return found;
}

static void append(const char *from, size_t length)
{
    if (arena_used + length + 1 > sizeof arena) {
        errno = E2BIG;
        return;
    }
    memcpy(arena + arena_used, from, length);
    arena_used += length;
}

/* `$(NAME)` and `$$` as in a Kubernetes container's args; an unknown name stays as it is. */
static char *expanded(const char *value)
{
    char *result = arena + arena_used;
    errno = 0;
    while (*value != 0) {
        const char *close = value[0] == '$' && value[1] == '(' ? strchr(value, ')') : NULL;
        const char *found =
            close == NULL ? NULL : lookup(value + 2, (size_t)(close - value - 2));
        if (found != NULL) {
            append(found, strlen(found));
            value = close + 1;
        } else if (value[0] == '$' && value[1] == '$') {
            append("$", 1);
            value += 2;
        } else {
            append(value++, 1);
        }
    }
    append("", 1);
    return errno == 0 ? result : NULL;
}

static bool build_env(const struct service *service)
{
    size_t count = 0;
    while (environ[count] != NULL && count < 3900) {
        child_env[count] = environ[count];
        count++;
    }
    for (int i = 0; i < service->envc; i++) {
        char *entry = expanded(service->env[i]);
        if (entry == NULL) {
            return false;
        }
        size_t name = strcspn(entry, "=") + 1;
        size_t at = 0;
        while (at < count && strncmp(child_env[at], entry, name) != 0) {
            at++;
        }
        child_env[at] = entry;
        count = at == count ? count + 1 : count;
    }
    return true;
}

static bool build_argv(const struct service *service)
{
    for (int i = 0; i < service->argc; i++) {
        child_argv[i] = expanded(service->argv[i]);
        if (child_argv[i] == NULL) {
            return false;
        }
    }
    return true;
}

static void apply_limits(const struct service *service)
{
    for (int i = 0; i < service->limitc; i++) {
        struct rlimit now;
        rlim_t wanted = service->limits[i].value;
        if (getrlimit(service->limits[i].resource, &now) != 0) {
            continue;
        }
        /* Without CAP_SYS_RESOURCE the hard limit can not be raised: take what there is. */
        struct rlimit raised = {wanted, wanted};
        if (setrlimit(service->limits[i].resource, &raised) != 0) {
            struct rlimit most = {wanted < now.rlim_max ? wanted : now.rlim_max, now.rlim_max};
            setrlimit(service->limits[i].resource, &most);
        }
    }
}

void child_exec(const struct service *service, int error_fd)
{
    setsid();
    int null = open("/dev/null", O_RDONLY);
    if (null >= 0) {
        dup2(null, STDIN_FILENO);
        if (null != STDIN_FILENO) {
            close(null);
        }
    }
    apply_limits(service);
    signals_reset_for_child();
    if (build_env(service) && build_argv(service)
        && (service->cwd == NULL || chdir(service->cwd) == 0)) {
        environ = child_env;
        execvpe(child_argv[0], child_argv, child_env);
    }
    int error = errno;
    if (write(error_fd, &error, sizeof error) < 0) {
        _exit(125);
    }
    _exit(error == ENOENT ? 127 : 126);
}

/* 0, or errno of what kept the process from being forked. Whether exec worked is known when
 * `exec_fd` becomes readable: end of file says yes, an errno says no. */
int spawn(struct service *service)
{
    int pipe_fds[2];
    if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) != 0) {
        return errno;
    }
    pid_t pid = fork();
    if (pid == 0) {
        child_exec(service, pipe_fds[1]);
    }
    int error = errno;
    close(pipe_fds[1]);
    if (pid < 0) {
        close(pipe_fds[0]);
        return error;
    }
    service->pid = pid;
    service->pgid = pid;
    service->exec_fd = pipe_fds[0];
    service->started_mono_ms = mono_ms();
    service->started_wall_ms = wall_ms();
    return 0;
}
