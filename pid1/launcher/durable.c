/*
 * What a user last asked for, across restarts of the container: one of <state>/<service>.up and
 * <state>/<service>.down. Changing it is one rename, so both never stand together.
 */
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool state_dir(char *path, size_t size)
{
    if (options.socket_path == NULL) {
        return false;
    }
    const char *slash = strrchr(options.socket_path, '/');
    int length = slash == NULL ? 0 : (int)(slash - options.socket_path);
    const char *base = slash == NULL ? "." : options.socket_path;
    snprintf(path, size, "%.*s/state", slash == NULL ? 1 : length, base);
    return true;
}

static void sync_path(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

void durable_write(const struct service *service)
{
    char dir[PATH_MAX], now[PATH_MAX + 80], other[PATH_MAX + 80];
    if (!state_dir(dir, sizeof dir)) {
        return;
    }
    mkdir(dir, 0700);
    bool up = service->desired_up;
    snprintf(now, sizeof now, "%s/%s.%s", dir, service->name, up ? "up" : "down");
    snprintf(other, sizeof other, "%s/%s.%s", dir, service->name, up ? "down" : "up");
    if (access(now, F_OK) == 0) {
        return;
    }
    int fd = -1;
    bool kept = access(other, F_OK) == 0
        ? rename(other, now) == 0
        : (fd = open(now, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) >= 0;
    if (!kept) {
        say("%s: can not keep the desired state: %s", service->name, strerror(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    sync_path(dir, O_RDONLY | O_DIRECTORY);
}

bool durable_initial(const struct service *service)
{
    char dir[PATH_MAX], path[PATH_MAX + 80];
    if (state_dir(dir, sizeof dir)) {
        snprintf(path, sizeof path, "%s/%s.down", dir, service->name);
        if (access(path, F_OK) == 0) {
            return false;
        }
        snprintf(path, sizeof path, "%s/%s.up", dir, service->name);
        if (access(path, F_OK) == 0) {
            return true;
        }
    }
    const char *given = options.state_env == NULL ? NULL : getenv(options.state_env);
    return given == NULL || strcmp(given, "Stopped") != 0;
}
