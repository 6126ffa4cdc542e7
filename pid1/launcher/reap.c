/* The only place that waits for children. */
#include "launcher.h"

#include <signal.h>
#include <sys/wait.h>

enum { BATCH = 256 }; /* then look at sockets and timers again */

static struct service *leader(pid_t pid)
{
    for (int i = 0; i < servicec; i++) {
        if (services[i].pid == pid) {
            return &services[i];
        }
    }
    return NULL;
}

bool reap(void)
{
    for (int i = 0; i < BATCH; i++) {
        siginfo_t child = {0};
        if (waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) != 0 || child.si_pid == 0) {
            return false;
        }
        int code = child.si_code == CLD_EXITED ? child.si_status : -1;
        int number = child.si_code == CLD_EXITED ? 0 : child.si_status;
        struct service *service = leader(child.si_pid);
        if (service != NULL) {
            service_leader_exited(service, code, number);
        } else {
            oneshot_exited(child.si_pid, code, number);
        }
        siginfo_t reaped = {0};
        waitid(P_PID, (id_t)child.si_pid, &reaped, WEXITED | WNOHANG);
    }
    return true;
}
