/* orphans <n>: makes n processes whose parent is dead when they end. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 1;
    for (int i = 0; i < count; i++) {
        pid_t parent = fork();
        if (parent == 0) {
            if (fork() == 0) {
                usleep(1000);
            }
            _exit(i % 3);
        }
        waitpid(parent, NULL, 0);
    }
    return 0;
}
