/* Reads the services file (io.paas.wire.ServicesFile writes it). */
#include "launcher.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct service services[MAX_SERVICES];
int servicec;
struct options options = {
    .socket_path = "/run/middleware/main.sock",
    .state_env = "MIDDLEWARE_PROCESS_STATE",
    .ready_port = 9870,
};

static char text[256 * 1024];

static bool refuse(char *problem, size_t size, const char *what, const char *value)
{
    snprintf(problem, size, "%s '%s'", what, value);
    return false;
}

/* A whole number in [0, 2^53], with nothing after it but the rest that `end` gives back. */
static bool number(const char *from, const char **end, int64_t *value)
{
    if (!isdigit((unsigned char)*from)) {
        return false;
    }
    char *after;
    errno = 0;
    long long parsed = strtoll(from, &after, 10);
    if (errno != 0 || parsed > (1LL << 53)) {
        return false;
    }
    while (*after == ' ') {
        after++;
    }
    *end = after;
    *value = parsed;
    return true;
}

static bool two_numbers(const char *from, int64_t *first, int64_t *second)
{
    const char *rest;
    return number(from, &rest, first) && number(rest, &rest, second) && *rest == 0;
}

static bool valid_name(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > MAX_NAME || name[0] == '-' || name[length - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (!islower((unsigned char)name[i]) && !isdigit((unsigned char)name[i]) && name[i] != '-') {
            return false;
        }
    }
    return true;
}

struct service *service_find(const char *name)
{
    for (int i = 0; i < servicec; i++) {
        if (strcmp(services[i].name, name) == 0) {
            return &services[i];
        }
    }
    return NULL;
}

static bool begin_service(const char *name, char *problem, size_t size)
{
    if (!valid_name(name) || service_find(name) != NULL || servicec == MAX_SERVICES) {
        return refuse(problem, size, "bad, repeated or too many: service", name);
    }
    struct service *service = &services[servicec++];
    memset(service, 0, sizeof *service);
    service->name = name;
    service->exec_fd = -1;
    service->change = -1;
    service->given = (struct tuning){
        .policy = ALWAYS,
        .backoff_initial_ms = 200,
        .backoff_max_ms = 30000,
        .burst = 10,
        .burst_window_ms = 300000,
        .grace_ms = -1,
    };
    return true;
}

static bool split_signal(const char *value, int *signal, const char **rest)
{
    char name[8] = {0};
    size_t length = strcspn(value, " ");
    if (length == 0 || length >= sizeof name) {
        return false;
    }
    memcpy(name, value, length);
    *signal = signal_number(name);
    *rest = value + length + strspn(value + length, " ");
    return *signal != 0;
}

static bool add_step(struct service *service, const char *value)
{
    int signal;
    const char *rest;
    int64_t wait = 0;
    if (service->stepc == MAX_STEPS || !split_signal(value, &signal, &rest)) {
        return false;
    }
    if (*rest != 0 && (!number(rest, &rest, &wait) || *rest != 0)) {
        return false;
    }
    service->steps[service->stepc++] = (struct step){signal, wait};
    return true;
}

static bool add_signal(struct service *service, const char *value)
{
    int received, sent;
    const char *rest;
    if (!split_signal(value, &received, &rest) || (sent = signal_number(rest)) == 0) {
        return false;
    }
    service->signal_map[received] = sent;
    return true;
}

static bool add_limit(struct service *service, const char *value)
{
    static const struct {
        const char *name;
        int resource;
    } known[] = {
        {"nofile", RLIMIT_NOFILE}, {"nproc", RLIMIT_NPROC}, {"core", RLIMIT_CORE},
        {"memlock", RLIMIT_MEMLOCK}, {"stack", RLIMIT_STACK}, {"fsize", RLIMIT_FSIZE},
        {"rtprio", RLIMIT_RTPRIO}, {"nice", RLIMIT_NICE},
    };
    size_t length = strcspn(value, " ");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i].name) == length && strncmp(value, known[i].name, length) == 0) {
            const char *rest = value + length + strspn(value + length, " ");
            int64_t amount;
            if (service->limitc == MAX_RLIMITS || !number(rest, &rest, &amount) || *rest != 0) {
                return false;
            }
            service->limits[service->limitc++] =
                (struct limit){known[i].resource, (uint64_t)amount};
            return true;
        }
    }
    return false;
}

static bool set_policy(struct tuning *tuning, const char *value)
{
    static const char *words[] = {"always", "on-failure", "never"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(words[i], value) == 0) {
            tuning->policy = (enum policy)i;
            return true;
        }
    }
    return false;
}

static bool set_start_limit(struct tuning *tuning, const char *value)
{
    int64_t burst, seconds;
    if (!two_numbers(value, &burst, &seconds) || burst < 1 || burst > MAX_BURST) {
        return false;
    }
    tuning->burst = (int)burst;
    tuning->burst_window_ms = seconds * 1000;
    return true;
}

static bool general(const char *word, const char *value)
{
    if (strcmp(word, "socket") == 0) {
        options.socket_path = strcmp(value, "none") == 0 ? NULL : value;
        return true;
    }
    if (strcmp(word, "process-state-env") == 0) {
        options.state_env = strcmp(value, "none") == 0 ? NULL : value;
        return true;
    }
    const char *rest;
    int64_t port;
    if (strcmp(word, "ready-port") == 0 && number(value, &rest, &port) && *rest == 0
        && port < 65536) {
        options.ready_port = (int)port;
        return true;
    }
    return false;
}

static bool directive(char *word, char *value, char *problem, size_t size)
{
    if (strcmp(word, "service") == 0) {
        return begin_service(value, problem, size);
    }
    if (servicec == 0) {
        return general(word, value) || refuse(problem, size, "before the first service:", word);
    }
    struct service *service = &services[servicec - 1];
    bool ok = false;
    if (strcmp(word, "argv") == 0) {
        ok = service->argc < MAX_ARGUMENTS;
        if (ok) {
            service->argv[service->argc++] = value;
        }
    } else if (strcmp(word, "env") == 0) {
        ok = service->envc < MAX_ENTRIES && strchr(value, '=') != NULL && *value != '=';
        if (ok) {
            service->env[service->envc++] = value;
        }
    } else if (strcmp(word, "cwd") == 0) {
        ok = *value == '/';
        service->cwd = value;
    } else if (strcmp(word, "restart") == 0) {
        ok = set_policy(&service->given, value);
    } else if (strcmp(word, "backoff-ms") == 0) {
        ok = two_numbers(value, &service->given.backoff_initial_ms,
                 &service->given.backoff_max_ms)
            && service->given.backoff_initial_ms <= service->given.backoff_max_ms;
    } else if (strcmp(word, "start-limit") == 0) {
        ok = set_start_limit(&service->given, value);
    } else if (strcmp(word, "await-verdict-ms") == 0) {
        const char *rest;
        ok = number(value, &rest, &service->await_verdict_ms) && *rest == 0;
    } else if (strcmp(word, "stop") == 0) {
        ok = add_step(service, value);
    } else if (strcmp(word, "signal") == 0) {
        ok = add_signal(service, value);
    } else if (strcmp(word, "rlimit") == 0) {
        ok = add_limit(service, value);
    }
    return ok || refuse(problem, size, "bad directive or value:", word);
}

static bool complete(char *problem, size_t size)
{
    if (servicec == 0) {
        return refuse(problem, size, "the file has no", "service");
    }
    for (int i = 0; i < servicec; i++) {
        struct service *service = &services[i];
        if (service->argc == 0 || service->argv[0][0] == 0) {
            return refuse(problem, size, "no argv in service", service->name);
        }
        if (service->stepc == 0) {
            service->steps[service->stepc++] = (struct step){15, 10000};
        }
        if (service->steps[service->stepc - 1].signal != 9 && service->stepc < MAX_STEPS) {
            service->steps[service->stepc++] = (struct step){9, 0};
        }
        service->tuning = service->given;
    }
    return true;
}

static bool read_file(const char *path, char *problem, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t used = 0;
    ssize_t got = -1;
    while (fd >= 0 && used < sizeof text - 1
        && (got = read(fd, text + used, sizeof text - 1 - used)) > 0) {
        used += (size_t)got;
    }
    if (fd >= 0) {
        close(fd);
    }
    if (got != 0) {
        snprintf(problem, size, "%s: %s", path,
            fd < 0 || got < 0 ? strerror(errno) : "larger than 256 KiB");
        return false;
    }
    if (memchr(text, 0, used) != NULL) {
        return refuse(problem, size, "a NUL byte in", path);
    }
    text[used] = 0;
    return true;
}

bool services_load(const char *path, char *problem, size_t size)
{
    if (!read_file(path, problem, size)) {
        return false;
    }
    char *line = text;
    for (int row = 1; line != NULL && *line != 0; row++) {
        char *next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = 0;
        }
        if (*line != 0 && *line != '#') {
            char *value = line + strcspn(line, " ");
            if (*value != 0) {
                *value++ = 0;
            }
            char why[MAX_TEXT];
            if (!directive(line, value, why, sizeof why)) {
                snprintf(problem, size, "%s:%d: %s", path, row, why);
                return false;
            }
        }
        line = next;
    }
    return complete(problem, size);
}
