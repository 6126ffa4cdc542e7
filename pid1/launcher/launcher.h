/*
 * The launcher: PID 1 of a container. One thread, one epoll loop, fixed tables, no heap.
 *
 * Rules that the files share:
 *  - only reap.c waits for children, and it looks (WNOWAIT) before it reaps, so that a pid in a
 *    struct service can not be recycled while somebody signals it;
 *  - desired (what a user asked for) and phase (what is) are separate;
 *  - a service has one timer; every transition sets or clears it, so a stale timer can not fire.
 */
#ifndef LAUNCHER_H
#define LAUNCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifndef LAUNCHER_VERSION
#define LAUNCHER_VERSION "dev"
#endif

enum {
    MAX_SERVICES = 8,
    MAX_ARGUMENTS = 128,
    MAX_ENTRIES = 128,
    MAX_STEPS = 8,
    MAX_SIGNALS = 65,
    MAX_RLIMITS = 8,
    MAX_BURST = 1000,
    MAX_NAME = 63,
    MAX_ID = 63,
    MAX_TEXT = 160
};

enum phase { DOWN, STARTING, UP, STOPPING, CLEANUP, BACKOFF, FAILED };
enum policy { ALWAYS, ON_FAILURE, NEVER };
enum verdict { NOT_JUDGED, OK, BAD };
enum verb { VERB_START, VERB_STOP, VERB_RESTART };

struct step {
    int signal;
    int64_t wait_ms;
};

struct limit {
    int resource;
    uint64_t value;
};

/* What may change while the service runs; `given` is the services file's, kept for CONFIG. */
struct tuning {
    enum policy policy;
    int64_t backoff_initial_ms, backoff_max_ms;
    int burst;
    int64_t burst_window_ms;
    int64_t grace_ms; /* replaces the first step's wait; -1: as in the file */
};

struct exit_record {
    bool known;
    int code;   /* -1 if killed */
    int signal; /* 0 if it exited */
    int64_t at_wall_ms;
};

struct service {
    /* from the services file */
    const char *name;
    const char *argv[MAX_ARGUMENTS + 1];
    int argc;
    const char *env[MAX_ENTRIES];
    int envc;
    const char *cwd;
    struct step steps[MAX_STEPS];
    int stepc;
    int signal_map[MAX_SIGNALS];
    struct limit limits[MAX_RLIMITS];
    int limitc;
    struct tuning given, tuning;
    int64_t await_verdict_ms; /* 0: a process counts as healthy until it is judged */

    /* observed */
    enum phase phase;
    pid_t pid;  /* the leader, 0 if reaped */
    pid_t pgid; /* its group, 0 if known to be empty */
    int exec_fd; /* read end of the exec error pipe, -1 if none */
    int64_t started_mono_ms, started_wall_ms;
    uint64_t epoch;  /* transitions so far */
    uint64_t spawns; /* processes that reached exec */
    int restarts;    /* starts by our own decision */
    int failures;    /* short runs in a row: exponent of the backoff */
    struct exit_record last_exit;
    char problem[MAX_TEXT]; /* why it does not run, for people */

    /* desired */
    bool desired_up;
    bool start_after_stop;
    enum verdict verdict; /* of the process that runs now */

    /* the stop sequence in progress */
    int step;
    int64_t stop_grace_ms;
    int first_signal; /* replaces the first step's, 0: as declared */

    int64_t until_ms;    /* when this stop step is over */
    int64_t deadline_ms; /* the one timer, 0: none */
    int64_t starts[MAX_BURST];
    int startc, start_head;
    int change; /* index of the running change, -1: none */
    char last_change[MAX_ID + 1]; /* the running or the last one */
};

extern struct service services[MAX_SERVICES];
extern int servicec;
extern bool shutting_down;

struct options {
    const char *socket_path; /* NULL: no control socket */
    const char *state_env;   /* variable with the initial desired state, NULL: always up */
    int ready_port;          /* 0: none */
};
extern struct options options;

/* base.c */
int64_t mono_ms(void);
int64_t wall_ms(void);

/* Never blocks; drops a line rather than wait for a stalled reader. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

int signal_number(const char *name);
const char *signal_name(int number);
void signals_block_all(void);
void signals_reset_for_child(void);

/* services.c: false and a message in `problem` if the file is not valid */
bool services_load(const char *path, char *problem, size_t size);
struct service *service_find(const char *name);

/* spawn.c */
int spawn(struct service *service);
void child_exec(const struct service *service, int error_fd) __attribute__((noreturn));

/* service.c: the state machine */
const char *phase_name(const struct service *service);
const char *verdict_name(const struct service *service);
bool service_ready(const struct service *service);
void service_judge(struct service *service, enum verdict verdict);
void service_start(struct service *service);
void service_stop(struct service *service, bool force, int64_t grace_ms);
void service_restart(struct service *service, bool force, int64_t grace_ms);
void service_shutdown(struct service *service, int received);
void service_exec_result(struct service *service);
void service_leader_exited(struct service *service, int code, int signal);
void service_timer(struct service *service);

/* group.c */
bool group_exists(pid_t pgid);
bool group_has_living(pid_t pgid);

/* reap.c: true if there is more to do */
bool reap(void);

/* durable.c */
void durable_write(const struct service *service);
bool durable_initial(const struct service *service);

/* change.c: accepted changes by request id, kept for answering the same id again */
struct change {
    char id[MAX_ID + 1];
    int service;
    enum verb verb;
    bool force;
    int64_t grace_ms;
    bool running, failed;
    pid_t old_pid, new_pid;
    int64_t accepted_wall_ms, accepted_mono_ms, duration_ms;
    char message[MAX_TEXT];
};
struct change *change_find(const char *id);
struct change *change_begin(const char *id, struct service *service, enum verb verb, bool force,
    int64_t grace_ms);
bool change_is(const struct change *change, const struct service *service, enum verb verb,
    bool force, int64_t grace_ms);
void change_end(struct service *service, bool ok, const char *message);
int64_t change_duration(const struct change *change);
const char *verb_name(enum verb verb);

/* loop.c */
enum source { FROM_SIGNALS, FROM_EXEC, FROM_CONTROL, FROM_CLIENT, FROM_READY, FROM_PROBE, FROM_RUN };
int loop_watch(int fd, enum source source, int index, bool write);
void loop_rewatch(int fd, enum source source, int index, bool write);
int loop_run(void);
void loop_changed(void); /* a service changed: tell subscribers before the next wait */

/* control.c */
bool control_open(void);
void control_accept(void);
void control_client(int index);
void control_publish(void);
void control_subscribe(int client);
uint64_t control_sequence(void);
void control_reply(int client, uint64_t connection, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* command.c: one request line */
void command(int client, uint64_t connection, char *line);
int status_line(const struct service *service, char *out, size_t size);

/* ready.c */
bool ready_open(void);
void ready_accept(void);
void ready_client(int index);
int64_t ready_deadline(void);
void ready_expire(void);

/* oneshot.c */
const char *oneshot_start(int client, uint64_t connection, const char *id, char *arguments);
void oneshot_output(int index);
bool oneshot_exited(pid_t pid, int code, int signal);
int64_t oneshot_deadline(void);
void oneshot_expire(void);

/* subcommands */
int main_run(int argc, char **argv);
int main_install(int argc, char **argv);
int main_ctl(int argc, char **argv);
int main_exec(int argc, char **argv);

#endif
