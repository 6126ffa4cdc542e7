/*
 * The control socket: lines in, lines out (docs/pid1.md has the table). Only our own uid and root
 * may connect. A client that does not read is cut off; it comes back and asks for STATUS.
 */
#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { MAX_CLIENTS = 8, LINE_BYTES = 16384, BACKLOG_BYTES = 128 * 1024 };

static struct client {
    int fd; /* 0: free */
    uint64_t connection;
    bool subscribed;
    size_t in_used, out_used;
    char in[LINE_BYTES];
    char out[BACKLOG_BYTES];
} clients[MAX_CLIENTS];

static int listen_fd = -1;
static uint64_t connections;
static uint64_t event_sequence;

bool control_open(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (options.socket_path == NULL || listen_fd >= 0) {
        return true;
    }
    int fd = -1;
    mode_t mask = umask(0177);
    if (strlen(options.socket_path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
    } else {
        strcpy(address.sun_path, options.socket_path);
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        unlink(options.socket_path); /* of the container's previous life */
    }
    bool ok = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0
        && listen(fd, MAX_CLIENTS) == 0 && loop_watch(fd, FROM_CONTROL, 0, false) == 0;
    umask(mask);
    if (ok) {
        listen_fd = fd;
        return true;
    }
    say("control socket %s: %s", options.socket_path, strerror(errno));
    if (fd >= 0) {
        close(fd);
    }
    return false;
}

static void drop(struct client *client)
{
    close(client->fd);
    client->fd = 0;
    client->subscribed = false;
}

static void flush(struct client *client)
{
    ssize_t sent = send(client->fd, client->out, client->out_used, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        drop(client);
        return;
    }
    if (sent > 0) {
        client->out_used -= (size_t)sent;
        memmove(client->out, client->out + sent, client->out_used);
    }
    loop_rewatch(client->fd, FROM_CLIENT, (int)(client - clients), client->out_used > 0);
}

static void put(struct client *client, const char *format, va_list arguments)
{
    size_t room = BACKLOG_BYTES - client->out_used;
    int length = vsnprintf(client->out + client->out_used, room, format, arguments);
    if (length < 0 || (size_t)length + 1 >= room) {
        say("a control client does not read: cut off");
        drop(client);
        return;
    }
    client->out_used += (size_t)length;
    client->out[client->out_used++] = '\n';
    flush(client);
}

void control_reply(int index, uint64_t connection, const char *format, ...)
{
    struct client *client = &clients[index];
    if (client->fd == 0 || client->connection != connection) {
        return; /* it went away before its answer was known */
    }
    va_list arguments;
    va_start(arguments, format);
    put(client, format, arguments);
    va_end(arguments);
}

void control_subscribe(int index)
{
    clients[index].subscribed = true;
}

uint64_t control_sequence(void)
{
    return event_sequence;
}

void control_publish(void)
{
    char line[1024];
    for (int i = 0; i < servicec; i++) {
        event_sequence++;
        status_line(&services[i], line, sizeof line);
        for (int c = 0; c < MAX_CLIENTS; c++) {
            if (clients[c].fd != 0 && clients[c].subscribed) {
                control_reply(c, clients[c].connection, "EVENT %llu %s",
                    (unsigned long long)event_sequence, line);
            }
        }
    }
}

static bool may_connect(int fd)
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
        && (peer.uid == geteuid() || peer.uid == 0);
}

void control_accept(void)
{
    int fd;
    while ((fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        int index = 0;
        while (index < MAX_CLIENTS && clients[index].fd != 0) {
            index++;
        }
        if (index == MAX_CLIENTS || !may_connect(fd)
            || loop_watch(fd, FROM_CLIENT, index, false) != 0) {
            close(fd);
            continue;
        }
        struct client *client = &clients[index];
        client->fd = fd;
        client->connection = ++connections;
        client->in_used = client->out_used = 0;
        control_reply(index, client->connection, "HELLO 1 %s pid=%d", LAUNCHER_VERSION, getpid());
    }
}

static void take_lines(struct client *client)
{
    uint64_t connection = client->connection;
    char *line = client->in;
    char *end;
    client->in[client->in_used] = 0;
    while (client->fd != 0 && client->connection == connection
        && (end = strchr(line, '\n')) != NULL) {
        *end = 0;
        command((int)(client - clients), connection, line);
        line = end + 1;
    }
    if (client->fd != 0 && client->connection == connection) {
        client->in_used -= (size_t)(line - client->in);
        memmove(client->in, line, client->in_used);
    }
}

void control_client(int index)
{
    struct client *client = &clients[index];
    if (client->fd == 0) {
        return;
    }
    if (client->out_used > 0) {
        flush(client);
    }
    if (client->fd == 0) {
        return;
    }
    ssize_t got = read(client->fd, client->in + client->in_used, LINE_BYTES - 1 - client->in_used);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) { /* closed, or a line longer than the buffer */
        drop(client);
        return;
    }
    char *fresh = client->in + client->in_used;
    if (memchr(fresh, 0, (size_t)got) != NULL) {
        drop(client);
        return;
    }
    client->in_used += (size_t)got;
    take_lines(client);
}
