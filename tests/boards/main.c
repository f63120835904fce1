#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boards/boards.h"
#include "core/str.h"

static int usage(void)
{
    fputs("usage: roletide-boards --root DIR [--port N] [--day N] [--log FILE]\n"
          "Serves the sites of DIR on 127.0.0.1 to 127.0.0.9 until SIGINT or SIGTERM.\n",
          stderr);
    return 2;
}

static int set_day(const char *root, const char *day)
{
    char path[600];
    FILE *f;

    snprintf(path, sizeof(path), "%s/day", root);
    f = fopen(path, "w");
    if (!f || fprintf(f, "%s\n", day) < 0 || fclose(f)) {
        fprintf(stderr, "roletide-boards: %s: it cannot be written\n", path);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *root = NULL, *day = NULL, *log = NULL;
    struct boards *b;
    int64_t port = 0;
    char why[200];
    sigset_t ends;
    int got;

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--root") == 0)
            root = argv[i + 1];
        else if (strcmp(argv[i], "--day") == 0)
            day = argv[i + 1];
        else if (strcmp(argv[i], "--log") == 0)
            log = argv[i + 1];
        else if (strcmp(argv[i], "--port") != 0 || !str_int(str_of(argv[i + 1]), &port) || port < 0
                 || port > UINT16_MAX)
            return usage();
    }
    if (!root || argc % 2 == 0)
        return usage();
    if (day && set_day(root, day))
        return 1;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    b = boards_start(root, (uint16_t)port, log, why);
    if (!b) {
        fprintf(stderr, "roletide-boards: %s\n", why);
        return 1;
    }
    printf("%u\n", boards_port(b));
    fflush(stdout);
    sigwait(&ends, &got);
    boards_stop(&b);
    return 0;
}
