/*
 * GET /readyz for the kubelet, without Java: desired up, running, judged healthy. A probe
 * that does not finish within its deadline, or that stands in the way of newer ones, is dropped.
 */
#define _GNU_SOURCE
#include "launcher.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_PROBES = 16, REQUEST_BYTES = 2048, PROBE_MS = 2000 };

static struct probe {
    int fd; /* 0: free, for descriptor 0 is never a connection of ours */
    int64_t deadline_ms;
    size_t used;
    char request[REQUEST_BYTES];
} probes[MAX_PROBES];

static int listen_fd = -1;

static int open_listener(int family)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int on = 1, off = 0;
    if (fd < 0) {
        return -1;
    }
    if (family == AF_INET6) { /* both families, whatever net.ipv6.bindv6only says */
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in6 six = {
        .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)options.ready_port)};
    struct sockaddr_in four = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)options.ready_port)};
    const struct sockaddr *address =
        family == AF_INET6 ? (struct sockaddr *)&six : (struct sockaddr *)&four;
    socklen_t size = family == AF_INET6 ? sizeof six : sizeof four;
    if (bind(fd, address, size) != 0 || listen(fd, MAX_PROBES) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

bool ready_open(void)
{
    if (options.ready_port == 0 || listen_fd >= 0) {
        return true;
    }
    listen_fd = open_listener(AF_INET6);
    if (listen_fd < 0) {
        listen_fd = open_listener(AF_INET);
    }
    if (listen_fd < 0 || loop_watch(listen_fd, FROM_READY, 0, false) != 0) {
        say("readiness port %d: %s", options.ready_port, strerror(errno));
        return false;
    }
    return true;
}

static void drop(struct probe *probe)
{
    close(probe->fd);
    probe->fd = 0;
}

static struct probe *free_slot(void)
{
    struct probe *oldest = &probes[0];
    for (int i = 0; i < MAX_PROBES; i++) {
        if (probes[i].fd == 0) {
            return &probes[i];
        }
        if (probes[i].deadline_ms < oldest->deadline_ms) {
            oldest = &probes[i];
        }
    }
    drop(oldest);
    return oldest;
}

void ready_accept(void)
{
    int fd;
    while ((fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        struct probe *probe = free_slot();
        probe->fd = fd;
        probe->used = 0;
        probe->deadline_ms = mono_ms() + PROBE_MS;
        if (loop_watch(fd, FROM_PROBE, (int)(probe - probes), false) != 0) {
            drop(probe);
        }
    }
}

static void answer(struct probe *probe)
{
    char reply[256];
    const char *status = "404 Not Found";
    char body[128] = "only GET /readyz is here\n";
    if (strncmp(probe->request, "GET /readyz ", 12) == 0) {
        const struct service *service = &services[0];
        bool ready = service_ready(service);
        status = ready ? "200 OK" : "503 Service Unavailable";
        snprintf(body, sizeof body, "%s: %s, desired %s, verdict %s\n", service->name,
            phase_name(service), service->desired_up ? "up" : "down", verdict_name(service));
    }
    int length = snprintf(reply, sizeof reply,
        "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n"
        "Connection: close\r\n\r\n%s",
        status, strlen(body), body);
    /* A fresh connection takes these few bytes; if not, the kubelet asks again. */
    if (send(probe->fd, reply, (size_t)length, MSG_NOSIGNAL) == length) {
        shutdown(probe->fd, SHUT_WR);
    }
}

void ready_client(int index)
{
    struct probe *probe = &probes[index];
    if (probe->fd == 0) {
        return;
    }
    ssize_t got =
        read(probe->fd, probe->request + probe->used, REQUEST_BYTES - 1 - probe->used);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    probe->used += got > 0 ? (size_t)got : 0;
    probe->request[probe->used] = 0;
    bool complete = strstr(probe->request, "\r\n\r\n") != NULL;
    if (complete) {
        answer(probe);
    }
    if (complete || got <= 0 || probe->used == REQUEST_BYTES - 1) {
        drop(probe);
    }
}

int64_t ready_deadline(void)
{
    int64_t next = 0;
    for (int i = 0; i < MAX_PROBES; i++) {
        if (probes[i].fd != 0 && (next == 0 || probes[i].deadline_ms < next)) {
            next = probes[i].deadline_ms;
        }
    }
    return next;
}

void ready_expire(void)
{
    int64_t now = mono_ms();
    for (int i = 0; i < MAX_PROBES; i++) {
        if (probes[i].fd != 0 && probes[i].deadline_ms <= now) {
            drop(&probes[i]);
        }
    }
}
