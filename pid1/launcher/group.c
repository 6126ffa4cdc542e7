/* Whether a process group is empty. */
#include "launcher.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool group_exists(pid_t pgid)
{
    return kill(-pgid, 0) == 0 || errno != ESRCH;
}

static bool is_living_member(const char *pid, pid_t pgid)
{
    char path[64], stat[512];
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    ssize_t got = read(fd, stat, sizeof stat - 1);
    close(fd);
    if (got <= 0) {
        return false;
    }
    stat[got] = 0;
    /* The name (field 2) may contain anything: the last ')' ends it, proc_pid_stat(5). */
    const char *after = strrchr(stat, ')');
    char state;
    int parent, group;
    return after != NULL && sscanf(after + 1, " %c %d %d", &state, &parent, &group) == 3
        && group == pgid && state != 'Z' && state != 'X';
}

/* A zombie whose parent lives and does not wait is no reason to wait: it runs no code. */
bool group_has_living(pid_t pgid)
{
    if (!group_exists(pgid)) {
        return false;
    }
    DIR *proc = opendir("/proc");
    if (proc == NULL) {
        return true;
    }
    bool found = false;
    struct dirent *entry;
    while (!found && (entry = readdir(proc)) != NULL) {
        found = isdigit((unsigned char)entry->d_name[0]) && is_living_member(entry->d_name, pgid);
    }
    closedir(proc);
    return found;
}
