// PID 1 of every Pod sandbox, and of a development cluster's own PID namespace: sleeps and reaps
// orphans. It ends on SIGTERM and SIGINT, and with it everything in its PID namespace
// (pid_namespaces(7)).
#include <signal.h>
#include <sys/wait.h>

int main(void) {
    sigset_t awaited;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGCHLD);
    sigaddset(&awaited, SIGTERM);
    sigaddset(&awaited, SIGINT);
    // Blocked before the first wait, so that no signal gets lost between two of them.
    sigprocmask(SIG_SETMASK, &awaited, 0);
    for (;;) {
        int received;
        if (sigwait(&awaited, &received) != 0) return 1;
        if (received != SIGCHLD) return 0;
        while (waitpid(-1, 0, WNOHANG) > 0) {
        }
    }
}
