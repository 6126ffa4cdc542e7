/* One request: `<id> VERB arguments`. */
#include "launcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void exit_text(const struct exit_record *exit, char *out, size_t size)
{
    if (!exit->known) {
        snprintf(out, size, "none");
    } else if (exit->signal != 0) {
        snprintf(out, size, "signal:%d", exit->signal);
    } else {
        snprintf(out, size, "code:%d", exit->code);
    }
}

int status_line(const struct service *service, char *out, size_t size)
{
    char last_exit[32];
    exit_text(&service->last_exit, last_exit, sizeof last_exit);
    return snprintf(out, size,
        "name=%s phase=%s desired=%s pid=%d started=%lld restarts=%d spawns=%llu epoch=%llu "
        "exit=%s exit-at=%lld verdict=%s ready=%d change=%s problem=%s",
        service->name, phase_name(service), service->desired_up ? "up" : "down", service->pid,
        (long long)(service->pid != 0 ? service->started_wall_ms : 0), service->restarts,
        (unsigned long long)service->spawns, (unsigned long long)service->epoch, last_exit,
        (long long)service->last_exit.at_wall_ms, verdict_name(service),
        service_ready(service), service->last_change[0] != 0 ? service->last_change : "-",
        service->problem);
}

static void reply_change(int client, uint64_t connection, const char *id,
    const struct change *change)
{
    control_reply(client, connection,
        "%s OK id=%s service=%s verb=%s state=%s old=%d new=%d ms=%lld at=%lld message=%s", id,
        change->id, services[change->service].name, verb_name(change->verb),
        change->running ? "running" : change->failed ? "failed" : "succeeded", change->old_pid,
        change->new_pid, (long long)change_duration(change), (long long)change->accepted_wall_ms,
        change->message);
}

/* START s | STOP s mode grace-ms | RESTART s mode grace-ms. A forced change may overtake a running
 * one: it is what a person reaches for when a graceful stop takes too long. */
static void change(int client, uint64_t connection, const char *id, enum verb verb,
    struct service *service, const char *mode, const char *grace)
{
    bool force = mode != NULL && strcmp(mode, "force") == 0;
    char *rest = NULL;
    int64_t grace_ms = grace == NULL ? -1 : strtoll(grace, &rest, 10);
    if ((mode != NULL && !force && strcmp(mode, "graceful") != 0)
        || (grace != NULL && (*grace == 0 || *rest != 0 || grace_ms < -1))) {
        control_reply(client, connection, "%s ERR bad-value graceful|force and milliseconds", id);
        return;
    }
    struct change *known = change_find(id);
    if (known != NULL) {
        if (change_is(known, service, verb, force, grace_ms)) {
            reply_change(client, connection, id, known);
        } else {
            control_reply(client, connection, "%s ERR reused the id was used for another change",
                id);
        }
        return;
    }
    if (shutting_down) {
        control_reply(client, connection, "%s ERR shutting-down the container stops", id);
        return;
    }
    if (service->change >= 0 && !force) {
        control_reply(client, connection, "%s ERR busy another change of %s runs", id,
            service->name);
        return;
    }
    change_end(service, false, "overtaken by a forced change");
    struct change *begun = change_begin(id, service, verb, force, grace_ms);
    service->desired_up = verb != VERB_STOP;
    durable_write(service);
    if (verb == VERB_START) {
        service_start(service);
    } else if (verb == VERB_STOP) {
        service_stop(service, force, grace_ms);
    } else {
        service_restart(service, force, grace_ms);
    }
    loop_changed();
    reply_change(client, connection, id, begun);
}

/* `key=value`s over the services file's: what is absent falls back to the file. */
static bool configure(struct service *service, char *words)
{
    struct tuning tuning = service->given;
    char *save = NULL;
    for (char *word = strtok_r(words, " ", &save); word != NULL;
         word = strtok_r(NULL, " ", &save)) {
        char *value = strchr(word, '=');
        if (value == NULL) {
            return false;
        }
        *value++ = 0;
        char *rest;
        long long amount = strtoll(value, &rest, 10);
        bool is_number = *value != 0 && *rest == 0 && amount >= 0 && amount < 1LL << 40;
        if (strcmp(word, "restart") == 0) {
            if (strcmp(value, "always") == 0) {
                tuning.policy = ALWAYS;
            } else if (strcmp(value, "on-failure") == 0) {
                tuning.policy = ON_FAILURE;
            } else if (strcmp(value, "never") == 0) {
                tuning.policy = NEVER;
            } else {
                return false;
            }
        } else if (!is_number) {
            return false;
        } else if (strcmp(word, "backoff-initial-ms") == 0) {
            tuning.backoff_initial_ms = amount;
        } else if (strcmp(word, "backoff-max-ms") == 0) {
            tuning.backoff_max_ms = amount;
        } else if (strcmp(word, "start-limit-burst") == 0 && amount > 0 && amount <= MAX_BURST) {
            tuning.burst = (int)amount;
        } else if (strcmp(word, "start-limit-ms") == 0) {
            tuning.burst_window_ms = amount;
        } else if (strcmp(word, "grace-ms") == 0) {
            tuning.grace_ms = amount;
        } else {
            return false;
        }
    }
    service->tuning = tuning;
    return true;
}

/* VERDICT s ok|bad [pid]: a verdict about a process that has been replaced is nobody's. */
static void verdict(int client, uint64_t connection, const char *id, struct service *service,
    const char *word, const char *pid)
{
    bool ok = word != NULL && strcmp(word, "ok") == 0;
    if (!ok && (word == NULL || strcmp(word, "bad") != 0)) {
        control_reply(client, connection, "%s ERR bad-value ok|bad", id);
    } else if (pid != NULL && atoi(pid) != service->pid) {
        control_reply(client, connection, "%s ERR not-found no such process", id);
    } else {
        service_judge(service, ok ? OK : BAD);
        control_reply(client, connection, "%s OK", id);
    }
}

static void status(int client, uint64_t connection, const char *id)
{
    char line[1024];
    for (int i = 0; i < servicec; i++) {
        status_line(&services[i], line, sizeof line);
        control_reply(client, connection, "%s SERVICE %s", id, line);
    }
    control_reply(client, connection, "%s OK", id);
}

static void about_service(int client, uint64_t connection, const char *id, const char *verb,
    struct service *service, char *rest)
{
    char *save = NULL;
    if (strcmp(verb, "CONFIG") == 0) {
        bool ok = configure(service, rest);
        control_reply(client, connection, ok ? "%s OK" : "%s ERR bad-value CONFIG", id);
        return;
    }
    char *first = strtok_r(rest, " ", &save);
    char *second = strtok_r(NULL, " ", &save);
    if (strcmp(verb, "START") == 0) {
        change(client, connection, id, VERB_START, service, NULL, NULL);
    } else if (strcmp(verb, "STOP") == 0) {
        change(client, connection, id, VERB_STOP, service, first, second);
    } else if (strcmp(verb, "RESTART") == 0) {
        change(client, connection, id, VERB_RESTART, service, first, second);
    } else if (strcmp(verb, "VERDICT") == 0) {
        verdict(client, connection, id, service, first, second);
    } else {
        control_reply(client, connection, "%s ERR unknown %.40s", id, verb);
    }
}

void command(int client, uint64_t connection, char *line)
{
    char *save = NULL;
    const char *id = strtok_r(line, " ", &save);
    const char *verb = strtok_r(NULL, " ", &save);
    if (id == NULL || verb == NULL || strlen(id) > MAX_ID) {
        control_reply(client, connection, "- ERR malformed an id of at most %d and a verb", MAX_ID);
        return;
    }
    if (strcmp(verb, "STATUS") == 0) {
        status(client, connection, id);
    } else if (strcmp(verb, "PING") == 0) {
        control_reply(client, connection, "%s OK", id);
    } else if (strcmp(verb, "EVENTS") == 0) {
        control_subscribe(client);
        control_reply(client, connection, "%s OK seq=%llu", id,
            (unsigned long long)control_sequence());
    } else if (strcmp(verb, "RUN") == 0) {
        const char *refusal = oneshot_start(client, connection, id, save);
        if (refusal != NULL) {
            control_reply(client, connection, "%s ERR %s", id, refusal);
        }
    } else if (strcmp(verb, "CHANGE") == 0) {
        const char *wanted = strtok_r(NULL, " ", &save);
        const struct change *known = wanted == NULL ? NULL : change_find(wanted);
        if (known != NULL) {
            reply_change(client, connection, id, known);
        } else {
            control_reply(client, connection, "%s ERR not-found no such change", id);
        }
    } else {
        const char *name = strtok_r(NULL, " ", &save);
        struct service *service = name == NULL ? NULL : service_find(name);
        if (service == NULL) {
            control_reply(client, connection, "%s ERR not-found no such service or verb", id);
        } else {
            about_service(client, connection, id, verb, service, save);
        }
    }
}
