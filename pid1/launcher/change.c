/*
 * Changes that were accepted, by the caller's id. The same id again is answered from here, also
 * after the agent that asked has died. Bounded: the oldest finished one makes room.
 */
#include "launcher.h"

#include <stdio.h>
#include <string.h>

enum { MAX_CHANGES = 64 };

static struct change changes[MAX_CHANGES];
static int next_slot;

const char *verb_name(enum verb verb)
{
    static const char *names[] = {"start", "stop", "restart"};
    return names[verb];
}

struct change *change_find(const char *id)
{
    for (int i = 0; i < MAX_CHANGES; i++) {
        if (changes[i].id[0] != 0 && strcmp(changes[i].id, id) == 0) {
            return &changes[i];
        }
    }
    return NULL;
}

bool change_is(const struct change *change, const struct service *service, enum verb verb,
    bool force, int64_t grace_ms)
{
    return &services[change->service] == service && change->verb == verb && change->force == force
        && change->grace_ms == grace_ms;
}

struct change *change_begin(const char *id, struct service *service, enum verb verb, bool force,
    int64_t grace_ms)
{
    /* At most one runs per service, so a finished one is near. */
    while (changes[next_slot].running) {
        next_slot = (next_slot + 1) % MAX_CHANGES;
    }
    struct change *change = &changes[next_slot];
    *change = (struct change){
        .service = (int)(service - services),
        .verb = verb,
        .force = force,
        .grace_ms = grace_ms,
        .running = true,
        .old_pid = service->pid,
        .accepted_wall_ms = wall_ms(),
        .accepted_mono_ms = mono_ms(),
    };
    snprintf(change->id, sizeof change->id, "%s", id);
    snprintf(service->last_change, sizeof service->last_change, "%s", id);
    service->change = next_slot;
    next_slot = (next_slot + 1) % MAX_CHANGES;
    return change;
}

void change_end(struct service *service, bool ok, const char *message)
{
    if (service->change < 0) {
        return;
    }
    struct change *change = &changes[service->change];
    service->change = -1;
    change->running = false;
    change->failed = !ok;
    change->new_pid = service->pid;
    change->duration_ms = mono_ms() - change->accepted_mono_ms;
    snprintf(change->message, sizeof change->message, "%s", message);
    loop_changed();
}

int64_t change_duration(const struct change *change)
{
    return change->running ? mono_ms() - change->accepted_mono_ms : change->duration_ms;
}
