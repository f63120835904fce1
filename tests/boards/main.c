/* roletide-boards: the played boards as a program, for ./run and for trying things by hand. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boards/boards.h"

static int usage(void)
{
    fputs("usage: roletide-boards ROOT [PORT]\n"
          "Plays the job boards of ROOT (tests/boards/README.md) on 127.0.0.1 to 127.0.0.9 until "
          "it is stopped.\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct boards *b = NULL;
    struct diag d = { 0 };
    int64_t port = 0;
    sigset_t stop;
    int got;

    if (argc < 2 || argc > 3
        || (argc == 3 && (!str_int(str_of(argv[2]), &port) || port < 0 || port > 65535)))
        return usage();
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    if (boards_start(&b, argv[1], (uint16_t)port, &d)) {
        fprintf(stderr, "roletide-boards: %s\n", d.text);
        return 1;
    }
    printf("%u\n", boards_port(b));
    fflush(stdout);
    sigwait(&stop, &got);
    boards_stop(&b);
    return 0;
}
