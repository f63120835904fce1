/*
 * bare_curl CONNECTIONS FILE: the least that libcurl can do for the same answers. FILE names pairs
 * of URLs, a line each: robots.txt of a host, then its board, asked one after the other on one
 * connection and thrown away.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "core/str.h"

enum { LINE_MAX_BYTES = 512, POLL_MS = 1000, CONNECTIONS_KEPT = 512 };

struct work {
    struct strs urls;
    size_t next, done;
    CURLM *multi;
};

static size_t drop(char *p, size_t size, size_t n, void *user)
{
    (void)p;
    (void)user;
    return size * n;
}

static void ask(struct work *w, CURL *e, size_t i)
{
    curl_easy_setopt(e, CURLOPT_URL, w->urls.items[i].p);
    curl_easy_setopt(e, CURLOPT_PRIVATE, (void *)i);
    curl_multi_add_handle(w->multi, e);
}

/* The board of the host whose robots.txt came, else the next host. */
static void go_on(struct work *w, CURL *e)
{
    char *private = NULL;
    size_t i;

    curl_easy_getinfo(e, CURLINFO_PRIVATE, &private);
    i = (size_t) private;
    curl_multi_remove_handle(w->multi, e);
    w->done++;
    if (i % 2 == 0) {
        ask(w, e, i + 1);
    } else if (w->next < w->urls.n) {
        ask(w, e, w->next);
        w->next += 2;
    } else {
        curl_easy_cleanup(e);
    }
}

static int run(struct work *w, int64_t connections)
{
    int running, left;
    CURLMsg *m;

    curl_multi_setopt(w->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
    for (int64_t i = 0; i < connections && w->next < w->urls.n; i++, w->next += 2) {
        CURL *e = curl_easy_init();

        if (!e)
            return 1;
        curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, drop);
        curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
        ask(w, e, w->next);
    }
    while (w->done < w->urls.n) {
        if (curl_multi_perform(w->multi, &running))
            return 1;
        while ((m = curl_multi_info_read(w->multi, &left))) {
            if (m->msg != CURLMSG_DONE)
                continue;
            if (m->data.result)
                return 1;
            go_on(w, m->easy_handle);
        }
        if (w->done < w->urls.n && curl_multi_poll(w->multi, NULL, 0, POLL_MS, NULL))
            return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(file_close) FILE *f = argc == 3 ? fopen(argv[2], "r") : NULL;
    struct work w = { 0 };
    char line[LINE_MAX_BYTES];
    int64_t connections;
    int failed;

    if (!f || !str_int(str_of(argv[1]), &connections)) {
        fputs("usage: bare_curl CONNECTIONS FILE\n", stderr);
        return 2;
    }
    while (fgets(line, sizeof(line), f))
        *ARENA_PUSH(&a, &w.urls) = str_dup(&a, str_trim(str_of(line)));
    if (curl_global_init(CURL_GLOBAL_DEFAULT) || w.urls.n % 2)
        return 1;
    w.multi = curl_multi_init();
    failed = run(&w, connections);
    curl_multi_cleanup(w.multi);
    curl_global_cleanup();
    return failed;
}
