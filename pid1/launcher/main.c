#include "launcher.h"

#include <stdio.h>
#include <string.h>

static int usage(void)
{
    fputs("usage: launcher run [--socket path] [--ready-port n] <services file>\n"
          "       launcher install <dir>\n"
          "       launcher ctl <socket> <line>\n"
          "       launcher exec [--timeout-ms n] [--grace-ms n] [--result file] [--status file]"
          " -- argv...\n"
          "       launcher version\n",
          stderr);
    return 64;
}

int main(int argc, char **argv)
{
    /* First of all: a TERM that arrives before the loop stays pending instead of being dropped,
     * as the kernel does for PID 1 without a handler (pid_namespaces(7)). */
    if (argc > 1 && strcmp(argv[1], "run") == 0) {
        signals_block_all();
        return main_run(argc - 2, argv + 2);
    }
    if (argc > 1 && strcmp(argv[1], "install") == 0) {
        return main_install(argc - 2, argv + 2);
    }
    if (argc > 1 && strcmp(argv[1], "ctl") == 0) {
        return main_ctl(argc - 2, argv + 2);
    }
    if (argc > 1 && strcmp(argv[1], "exec") == 0) {
        return main_exec(argc - 2, argv + 2);
    }
    if (argc > 1 && strcmp(argv[1], "version") == 0) {
        puts(LAUNCHER_VERSION);
        return 0;
    }
    return usage();
}
