#include "boards/boards.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "boards/site.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/hash.h"

enum { ADDRESSES = 9, SLICE_MS = 20, ENDLESS_CHUNK = 65536 };

struct host {
    struct boards *boards;
    struct MHD_Daemon *daemon;
    struct site site;
    char address[16];
};

struct boards {
    struct arena memory;
    const char *root;
    struct host hosts[ADDRESSES];
    uint16_t port;
    atomic_bool stopping;
    pthread_mutex_t log_lock;
    struct buf log; /* a line a request: "ADDRESS METHOD PATH" */
};

/* ---- a body that is sent slowly, cut short, or never ends ---- */

struct sender {
    struct boards *boards;
    struct arena memory;
    struct str body;
    int64_t slow, stop_at; /* -1: none */
    bool endless, hang;
};

static bool sleep_ms(struct boards *b, int64_t ms)
{
    for (; ms > 0 && !atomic_load(&b->stopping); ms -= SLICE_MS)
        usleep(SLICE_MS * 1000);
    return !atomic_load(&b->stopping);
}

static ssize_t send_some(void *ctx, uint64_t at, char *to, size_t max)
{
    struct sender *s = ctx;
    size_t n = max;

    while (s->hang)
        if (!sleep_ms(s->boards, SLICE_MS))
            return MHD_CONTENT_READER_END_WITH_ERROR;
    if (s->endless) {
        if (atomic_load(&s->boards->stopping))
            return MHD_CONTENT_READER_END_WITH_ERROR;
        memset(to, 'x', n < ENDLESS_CHUNK ? n : ENDLESS_CHUNK);
        return (ssize_t)(n < ENDLESS_CHUNK ? n : ENDLESS_CHUNK);
    }
    if (s->stop_at >= 0 && at >= (uint64_t)s->stop_at)
        return MHD_CONTENT_READER_END_WITH_ERROR; /* closes the connection in the middle */
    if (at >= s->body.n)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (n > s->body.n - at)
        n = s->body.n - (size_t)at;
    if (s->stop_at >= 0 && n > (uint64_t)s->stop_at - at)
        n = (size_t)((uint64_t)s->stop_at - at);
    if (s->slow) {
        n = 1;
        if (!sleep_ms(s->boards, 1000 / s->slow))
            return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    memcpy(to, s->body.p + at, n);
    return (ssize_t)n;
}

static void free_sender(void *ctx)
{
    struct sender *s = ctx;

    arena_free(&s->memory);
    free(s);
}

/* ---- one answer ---- */

static int64_t day_of_root(const struct boards *b)
{
    struct arena a = ARENA_INIT;
    struct diag ignored = { 0 };
    struct str path = str_printf(&a, "%s/day", b->root), text;
    int64_t day = 1;

    if (file_read(&a, path.p, &text, &ignored) == 0)
        (void)str_int(str_trim(text), &day);
    arena_free(&a);
    return day;
}

/* {host} -> "127.0.0.2:8080", so that fixtures can hold absolute URLs. */
static struct str fill(struct arena *a, struct str s, const struct host *h)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    ptrdiff_t at;

    while ((at = str_find(s, STR("{host}"))) >= 0) {
        buf_add(&b, str_slice(s, 0, (size_t)at));
        buf_printf(&b, "%s:%u", h->address, h->boards->port);
        s = str_from(s, (size_t)at + 6);
    }
    buf_add(&b, s);
    return buf_take(&b, a);
}

static struct str gzipped(struct arena *a, struct str s)
{
    z_stream z = { 0 };
    size_t room = s.n + s.n / 100 + 128;
    char *out = ARENA_NEW(a, char, room);

    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    z.next_in = (Bytef *)(uintptr_t)s.p;
    z.avail_in = (uInt)s.n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    deflate(&z, Z_FINISH);
    deflateEnd(&z);
    return (struct str){ out, z.total_out };
}

static void header(struct MHD_Response *r, struct arena *a, const char *name, struct str value)
{
    if (value.n)
        MHD_add_response_header(r, name, str_cstr(a, value));
}

static bool unchanged(struct MHD_Connection *c, struct str etag, struct str modified)
{
    const char *none = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-None-Match");
    const char *since = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-Modified-Since");

    return (etag.n && none && str_eq(str_of(none), etag))
           || (modified.n && since && str_eq(str_of(since), modified));
}

static struct str etag_of(struct arena *a, const struct site_row *row, struct str body)
{
    char hex[HASH_HEX];

    if (!str_eq(row->etag, STR("auto")))
        return row->etag;
    hash_hex(hash_of(body), hex);
    return str_printf(a, "\"%s\"", hex);
}

static struct MHD_Response *response(struct sender *s, const struct site_row *row)
{
    bool plain = !row->slow && row->truncate < 0 && !row->endless && !row->hang && row->length < 0
                 && !row->chunked;
    uint64_t size = row->chunked || row->endless ? MHD_SIZE_UNKNOWN : s->body.n;

    if (plain) {
        struct MHD_Response *r = MHD_create_response_from_buffer(
            s->body.n, (void *)(uintptr_t)s->body.p, MHD_RESPMEM_MUST_COPY);

        free_sender(s);
        return r;
    }
    if (row->length >= 0)
        size = (uint64_t)row->length;
    if (row->length >= 0 && (uint64_t)row->length > s->body.n)
        s->stop_at = (int64_t)s->body.n;
    s->slow = row->slow;
    if (row->truncate >= 0)
        s->stop_at = row->truncate;
    s->endless = row->endless;
    s->hang = row->hang;
    return MHD_create_response_from_callback(size, 4096, send_some, s, free_sender);
}

static enum MHD_Result answer(struct host *h, struct MHD_Connection *c, const struct site_row *row)
{
    struct arena a = ARENA_INIT;
    struct sender *s = calloc(1, sizeof(*s));
    struct diag d = { 0 };
    struct str etag = { 0 }, body = { 0 };
    struct MHD_Response *r;
    enum MHD_Result result;
    unsigned status = (unsigned)row->status;

    if (!s)
        abort();
    s->boards = h->boards;
    s->stop_at = -1;
    if (row->file.n && file_read(&s->memory, row->file.p, &body, &d) == 0)
        s->body = fill(&s->memory, body, h);
    etag = etag_of(&a, row, s->body);
    if (row->gzip)
        s->body = gzipped(&s->memory, s->body);
    (void)sleep_ms(h->boards, row->delay_ms);
    if (unchanged(c, etag, row->last_modified)) {
        status = MHD_HTTP_NOT_MODIFIED;
        s->body = (struct str){ 0 };
    }
    r = response(s, row);
    header(r, &a, "ETag", etag);
    header(r, &a, "Last-Modified", row->last_modified);
    header(r, &a, "Retry-After", row->retry_after);
    header(r, &a, "Content-Type", row->type.n ? row->type : STR("application/json"));
    if (row->gzip)
        header(r, &a, "Content-Encoding", STR("gzip"));
    if (row->redirect.n)
        header(r, &a, "Location", fill(&a, row->redirect, h));
    for (size_t i = 0; i < row->headers.n; i++) {
        struct str value = row->headers.items[i], name = str_cut(&value, ':');

        header(r, &a, str_cstr(&a, name), str_trim(value));
    }
    result = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    arena_free(&a);
    return result;
}

/*
 * MHD calls the handler first with the headers alone, then with each part of a body, then to
 * answer. What lasts over these calls: the path as asked, with its query.
 */
struct call {
    bool begun;
    char uri[];
};

static void *begin_call(void *ctx, const char *uri, struct MHD_Connection *c)
{
    size_t n = strlen(uri) + 1;
    struct call *call = malloc(sizeof(*call) + n);

    (void)ctx, (void)c;
    if (!call)
        abort();
    call->begun = false;
    memcpy(call->uri, uri, n);
    return call;
}

static void end_call(void *ctx, struct MHD_Connection *c, void **call,
                     enum MHD_RequestTerminationCode why)
{
    (void)ctx, (void)c, (void)why;
    free(*call);
    *call = NULL;
}

static enum MHD_Result handle(void *ctx, struct MHD_Connection *c, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    static const struct site_row not_found = { .status = 404, .truncate = -1, .length = -1 };
    struct call *call = *state;
    struct host *h = ctx;
    const struct site_row *row;

    (void)url, (void)version, (void)upload;
    if (!call->begun || *upload_size) { /* a POST's body is taken and dropped */
        call->begun = true;
        *upload_size = 0;
        return MHD_YES;
    }
    pthread_mutex_lock(&h->boards->log_lock);
    buf_printf(&h->boards->log, "%s %s %s\n", h->address, method, call->uri);
    pthread_mutex_unlock(&h->boards->log_lock);
    row = site_find(&h->site, day_of_root(h->boards), str_of(method), str_of(call->uri));
    return answer(h, c, row ? row : &not_found);
}

/* ---- start and stop ---- */

static int start_host(struct boards *b, size_t i, struct diag *d)
{
    struct host *h = &b->hosts[i];
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(b->port) };
    struct str dir;
    int r = 0;

    h->boards = b;
    snprintf(h->address, sizeof(h->address), "127.0.0.%zu", i + 1);
    inet_pton(AF_INET, h->address, &at.sin_addr);
    dir = str_printf(&b->memory, "%s/%s", b->root, h->address);
    if (access(dir.p, F_OK) == 0)
        r = site_read(&b->memory, dir.p, &h->site, d);
    if (r)
        return r;
    h->daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, b->port,
                         NULL, NULL, handle, h, MHD_OPTION_SOCK_ADDR, &at,
                         MHD_OPTION_URI_LOG_CALLBACK, begin_call, NULL, MHD_OPTION_NOTIFY_COMPLETED,
                         end_call, NULL, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1, MHD_OPTION_END);
    if (!h->daemon)
        return diag_fail(d, ERR_IO, "boards: %s:%u: cannot listen", h->address, b->port);
    if (!b->port)
        b->port = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return 0;
}

int boards_start(struct boards **ret, const char *root, uint16_t port, struct diag *d)
{
    struct boards *b = calloc(1, sizeof(*b));
    int r = 0;

    if (!b)
        abort();
    b->root = str_cstr(&b->memory, str_of(root));
    b->port = port;
    pthread_mutex_init(&b->log_lock, NULL);
    for (size_t i = 0; i < ADDRESSES && !r; i++)
        r = start_host(b, i, d);
    if (r) {
        boards_stop(&b);
        return r;
    }
    *ret = b;
    return 0;
}

uint16_t boards_port(const struct boards *b)
{
    return b->port;
}

void boards_stop(struct boards **b)
{
    if (!*b)
        return;
    atomic_store(&(*b)->stopping, true);
    for (size_t i = 0; i < ADDRESSES; i++)
        if ((*b)->hosts[i].daemon)
            MHD_stop_daemon((*b)->hosts[i].daemon);
    pthread_mutex_destroy(&(*b)->log_lock);
    buf_release(&(*b)->log);
    arena_free(&(*b)->memory);
    free(*b);
    *b = NULL;
}

size_t boards_count(struct boards *b, struct str prefix)
{
    struct str log;
    size_t n = 0;

    pthread_mutex_lock(&b->log_lock);
    log = buf_str(&b->log);
    while (log.n)
        n += str_starts(str_cut(&log, '\n'), prefix);
    pthread_mutex_unlock(&b->log_lock);
    return n;
}
