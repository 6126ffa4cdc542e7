/* `launcher ctl <socket> <line>`: by hand, when no Java is alive. */
#include "launcher.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int ask(FILE *in, int fd, const char *line)
{
    char id[32], reply[65536];
    int length = snprintf(id, sizeof id, "ctl-%d-%lld", getpid(), (long long)wall_ms());
    if (dprintf(fd, "%s %s\n", id, line) < 0) {
        return 69;
    }
    while (fgets(reply, sizeof reply, in) != NULL) {
        if (strncmp(reply, id, (size_t)length) != 0) {
            continue; /* HELLO */
        }
        const char *rest = reply + length + 1;
        fputs(rest, stdout);
        if (strncmp(rest, "OK", 2) == 0) {
            return 0;
        }
        if (strncmp(rest, "ERR", 3) == 0) {
            return 1;
        }
    }
    return 69;
}

int main_ctl(int argc, char **argv)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (argc != 2 || strlen(argv[0]) >= sizeof address.sun_path) {
        fputs("usage: launcher ctl <socket> <line>\n", stderr);
        return 64;
    }
    strcpy(address.sun_path, argv[0]);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    FILE *in = fd < 0 ? NULL : fdopen(fd, "r");
    if (in == NULL || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        perror(argv[0]);
        return 69;
    }
    return ask(in, fd, argv[1]);
}
