#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/sd_notify.h"

/* A manager that listens at `name`; what it hears goes to ret. */
static ssize_t hear(const char *name, const char *state, char *ret, size_t size)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    ssize_t n = -1;

    memcpy(at.sun_path, name, strlen(name));
    if (name[0] == '@')
        at.sun_path[0] = '\0';
    else
        unlink(name);
    if (!bind(fd, (struct sockaddr *)&at,
              (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name)))) {
        setenv("NOTIFY_SOCKET", name, 1);
        sd_notify_send(state);
        n = recv(fd, ret, size, 0);
    }
    close(fd);
    unsetenv("NOTIFY_SOCKET");
    return n;
}

static void the_manager_hears_what_is_sent(void **state)
{
    static const char *const said[] = { "READY=1", "WATCHDOG=1\nSTATUS=publishing", "STOPPING=1" };
    char abstract[64], path[64], heard[128];

    (void)state;
    snprintf(abstract, sizeof(abstract), "@roletide-test-%d", (int)getpid());
    snprintf(path, sizeof(path), "/tmp/roletide-test-%d", (int)getpid());
    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        ssize_t n = hear(abstract, said[i], heard, sizeof(heard));

        CHECK_STR(((struct str){ heard, n > 0 ? (size_t)n : 0 }), str_of(said[i]), i);
        n = hear(path, said[i], heard, sizeof(heard));
        CHECK_STR(((struct str){ heard, n > 0 ? (size_t)n : 0 }), str_of(said[i]), i);
    }
    unlink(path);
}

static void nobody_listening_is_no_failure(void **state)
{
    (void)state;
    sd_notify_send("READY=1");
    setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
    sd_notify_send("READY=1");
    setenv("NOTIFY_SOCKET", "no-path", 1);
    sd_notify_send("READY=1");
    unsetenv("NOTIFY_SOCKET");
}

RUN_TESTS(TEST(the_manager_hears_what_is_sent), TEST(nobody_listening_is_no_failure))
