#include "boards/boards.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "boards/bytes.h"
#include "boards/more.h"
#include "boards/site.h"
#include "boards/tls.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/hash.h"

enum { ADDRESSES = 9, BODY_MAX = 1 << 20, NAP_US = 5000, PORT_TRIES = 20 };

struct boards {
    struct MHD_Daemon *daemons[ADDRESSES];
    struct more *more; /* the addresses beyond those */
    uint16_t port;
    char root[512];
    struct arena mem;
    struct sites sites;
    FILE *log;
    int64_t started_us;
    atomic_bool stopping;
    atomic_ulong connections;
    pthread_mutex_t lock; /* of what follows */
    struct hits {
        struct boards_hit *items;
        size_t n, cap;
    } hits;
};

/* A request while its body comes in. */
struct call {
    char *url; /* with its query, as it was sent */
    struct buf body;
    bool begun;
};

/* What a response is made of, while it is sent. */
struct stream {
    struct boards *server;
    struct str bytes;
    char *own;
    int64_t slow, cut;
    bool endless;
};

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Sleep in small steps, so that a server that is stopped never waits for a slow answer. */
static void rest(const struct boards *b, int64_t ms)
{
    int64_t end = now_us() + ms * 1000;

    while (!atomic_load(&b->stopping) && now_us() < end)
        usleep(NAP_US);
}

/* The day is a file in the root, so that whoever drives the boards can turn the page. */
static int64_t today(const struct boards *b)
{
    char path[600];
    size_t n = 0;
    int64_t day = 0;
    char *text;

    snprintf(path, sizeof(path), "%s/day", b->root);
    text = bytes_read(path, &n);
    if (text)
        (void)str_int(str_trim((struct str){ text, n }), &day);
    free(text);
    return day;
}

static void copy(char *to, size_t room, const char *from)
{
    snprintf(to, room, "%s", from ? from : "");
}

static const char *header_of(struct MHD_Connection *c, const char *name)
{
    return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

static enum MHD_Result find_strange(void *to, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    static const char *const usual[] = { "Host",          "User-Agent",        "Accept",
                                         "From",          "Accept-Encoding",   "Content-Type",
                                         "If-None-Match", "If-Modified-Since", "Content-Length",
                                         "Authorization", "Connection" };

    (void)kind;
    (void)value;
    for (size_t i = 0; i < ARRAY_LEN(usual); i++)
        if (!strcasecmp(name, usual[i]))
            return MHD_YES;
    copy(to, sizeof(((struct boards_hit *)0)->strange), name);
    return MHD_NO;
}

static uint64_t socket_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return i && i->socket_context ? (uint64_t)(uintptr_t)i->socket_context : 0;
}

static void note(struct boards *b, struct MHD_Connection *c, const char *host, const char *method,
                 const char *url)
{
    struct boards_hit h = { .at_us = now_us(), .socket = socket_of(c) };
    const char *validator = header_of(c, "If-None-Match");

    copy(h.host, sizeof(h.host), host);
    copy(h.method, sizeof(h.method), method);
    copy(h.url, sizeof(h.url), url);
    copy(h.agent, sizeof(h.agent), header_of(c, "User-Agent"));
    copy(h.from, sizeof(h.from), header_of(c, "From"));
    copy(h.validator, sizeof(h.validator),
         validator ? validator : header_of(c, "If-Modified-Since"));
    copy(h.secret, sizeof(h.secret), header_of(c, "Authorization"));
    (void)MHD_get_connection_values(c, MHD_HEADER_KIND, find_strange, h.strange);
    pthread_mutex_lock(&b->lock);
    *ARENA_PUSH(&b->mem, &b->hits) = h;
    if (b->log) {
        fprintf(b->log, "%lld\t%llu\t%s\t%s\t%s\t%s\t%s\n",
                (long long)((h.at_us - b->started_us) / 1000), (unsigned long long)h.socket, h.host,
                h.method, h.url, h.agent, h.validator);
        fflush(b->log);
    }
    pthread_mutex_unlock(&b->lock);
}

static ssize_t stream_read(void *user, uint64_t at, char *to, size_t max)
{
    struct stream *s = user;
    size_t n = max;

    if (atomic_load(&s->server->stopping))
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (s->cut >= 0 && at >= (uint64_t)s->cut)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (!s->endless && at >= s->bytes.n)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (s->slow > 0) {
        n = s->slow >= 10 && (size_t)s->slow / 10 < max ? (size_t)s->slow / 10 : 1;
        rest(s->server, s->slow >= 10 ? 100 : 1000 / s->slow);
    }
    if (!s->endless && n > s->bytes.n - at)
        n = s->bytes.n - at;
    if (s->cut >= 0 && n > (uint64_t)s->cut - at)
        n = (size_t)((uint64_t)s->cut - at);
    if (s->endless)
        memset(to, 'x', n);
    else
        memcpy(to, s->bytes.p + at, n);
    return (ssize_t)n;
}

static void stream_free(void *user)
{
    struct stream *s = user;

    free(s->own);
    free(s);
}

static const char *type_of(struct str path)
{
    static const struct {
        struct str end;
        const char *type;
    } types[] = {
        { STR(".json"), "application/json" },         { STR(".html"), "text/html; charset=utf-8" },
        { STR(".xml"), "application/xml" },           { STR(".rss"), "application/rss+xml" },
        { STR(".txt"), "text/plain; charset=utf-8" },
    };

    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (str_ends(path, types[i].end))
            return types[i].type;
    return "application/octet-stream";
}

static void add(struct MHD_Response *r, struct str name, struct str value)
{
    char n[128], v[8192];

    snprintf(n, sizeof(n), STR_FMT, STR_ARG(name));
    snprintf(v, sizeof(v), STR_FMT, STR_ARG(value));
    MHD_add_response_header(r, n, v);
}

/* The body as the row wants it: file, bomb, compressed. */
static struct stream *body_of(struct boards *b, struct row *r, struct site *site, const char *host)
{
    struct stream *s = calloc(1, sizeof(*s));
    char path[1024], *packed;

    if (!s)
        abort();
    s->server = b;
    s->slow = r->slow;
    s->cut = r->cut;
    s->endless = r->endless;
    if (r->bomb >= 0) {
        s->own = calloc(1, (size_t)r->bomb + 1);
        s->bytes.n = (size_t)r->bomb;
    } else if (r->file.n) {
        snprintf(path, sizeof(path), "%s/" STR_FMT "/" STR_FMT, b->root, STR_ARG(site->host),
                 STR_ARG(r->file));
        s->own = bytes_read(path, &s->bytes.n);
    }
    s->bytes.p = s->own;
    if (s->own && r->origin && host)
        s->own = bytes_with_origin(s->own, host, &s->bytes.n);
    if (s->own && (r->gzip || r->bomb >= 0)) {
        packed = bytes_packed(s->own, s->bytes.n, &s->bytes.n);
        free(s->own);
        s->own = packed;
    }
    s->bytes.p = s->own ? s->own : "";
    return s;
}

static enum MHD_Result plain(struct MHD_Connection *c, unsigned status, const char *text)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text,
                                                             MHD_RESPMEM_MUST_COPY);
    enum MHD_Result ok = MHD_queue_response(c, status, r);

    MHD_destroy_response(r);
    return ok;
}

/* The file's bytes are the answer, status line and all; then the connection ends. */
static enum MHD_Result send_raw(struct boards *b, struct MHD_Connection *c, struct stream *s)
{
    int fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    size_t step = s->slow > 0 ? 1 : s->bytes.n;

    for (size_t at = 0; at < s->bytes.n && !atomic_load(&b->stopping); at += step) {
        if (at + step > s->bytes.n)
            step = s->bytes.n - at;
        if (send(fd, s->bytes.p + at, step, MSG_NOSIGNAL) < 0)
            break;
        if (s->slow > 0)
            rest(b, 1000 / s->slow > 0 ? 1000 / s->slow : 1);
    }
    stream_free(s);
    return MHD_NO;
}

static enum MHD_Result reset(struct MHD_Connection *c)
{
    int fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    struct linger now = { 1, 0 };

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    return MHD_NO;
}

/* True where the request holds the validator that the answer would carry. */
static bool unchanged(struct MHD_Connection *c, const struct row *r, const char *etag)
{
    const char *match = header_of(c, "If-None-Match"), *since = header_of(c, "If-Modified-Since");

    if (match)
        return etag[0] && str_eq(str_of(match), str_of(etag));
    for (size_t i = 0; since && i < r->n_headers; i++)
        if (str_eq_fold(r->headers[i].name, STR("Last-Modified")))
            return str_eq(r->headers[i].value, str_of(since));
    return false;
}

static enum MHD_Result send_stream(struct MHD_Connection *c, struct row *r, struct stream *s)
{
    char etag[HASH_HEX + 2] = "", hex[HASH_HEX];
    uint64_t size = r->chunked || r->endless ? MHD_SIZE_UNKNOWN
                    : r->length >= 0         ? (uint64_t)r->length
                                             : s->bytes.n;
    struct MHD_Response *answer;
    enum MHD_Result ok;
    unsigned status = (unsigned)r->status;

    if (r->etag) {
        hash_hex(hash_of(s->bytes), hex);
        snprintf(etag, sizeof(etag), "\"%s\"", hex);
    }
    if (status == 200 && unchanged(c, r, etag)) {
        status = 304;
        size = 0;
        s->bytes.n = 0;
    }
    if (r->length >= 0 && s->cut < 0)
        s->cut = (int64_t)s->bytes.n;
    answer = MHD_create_response_from_callback(size, 16384, stream_read, s, stream_free);
    add(answer, STR("Content-Type"), r->type.n ? r->type : str_of(type_of(r->file)));
    if (etag[0])
        add(answer, STR("ETag"), str_of(etag));
    if (r->gzip || r->bomb >= 0)
        add(answer, STR("Content-Encoding"), STR("gzip"));
    if (r->close)
        add(answer, STR("Connection"), STR("close"));
    for (size_t i = 0; i < r->n_headers; i++)
        add(answer, r->headers[i].name, r->headers[i].value);
    ok = MHD_queue_response(c, status, answer);
    MHD_destroy_response(answer);
    return ok;
}

static enum MHD_Result answer_row(struct boards *b, struct MHD_Connection *c, struct row *r,
                                  struct site *site)
{
    struct stream *s;

    if (r->delay_ms > 0)
        rest(b, r->delay_ms);
    if (r->hang)
        rest(b, INT32_MAX);
    if (r->hang || r->status == 0)
        return r->reset ? reset(c) : MHD_NO;
    if (r->reset)
        return reset(c);
    s = body_of(b, r, site, header_of(c, "Host"));
    return r->raw ? send_raw(b, c, s) : send_stream(c, r, s);
}

/* A file of the site's folder, without a row for it. */
static enum MHD_Result answer_file(struct boards *b, struct MHD_Connection *c, struct site *site,
                                   struct str url)
{
    struct row r = { .status = 200, .etag = true };
    char path[1024];
    struct str file = str_cut(&url, '?');

    r.slow = r.cut = r.length = r.bomb = r.times = -1;
    r.file = str_from(file, 1);
    snprintf(path, sizeof(path), "%s/" STR_FMT "/" STR_FMT, b->root, STR_ARG(site->host),
             STR_ARG(r.file));
    if (!r.file.n || str_find(r.file, STR("..")) >= 0 || str_eq(r.file, STR("site.tsv"))
        || access(path, R_OK))
        return plain(c, 404, "not found\n");
    return send_stream(c, &r, body_of(b, &r, site, NULL));
}

static struct site *site_of(struct boards *b, const char *host)
{
    struct str name = str_of(host);

    name = str_cut(&name, ':');
    for (size_t i = 0; i < b->sites.n; i++)
        if (str_eq_fold(b->sites.items[i].host, name))
            return &b->sites.items[i];
    return NULL;
}

static enum MHD_Result answer(struct boards *b, struct MHD_Connection *c, const char *method,
                              struct str url, struct str body)
{
    const char *host = header_of(c, "Host");
    struct site *site = host ? site_of(b, host) : NULL;
    struct row *r;

    note(b, c, host, method, url.p);
    if (!site)
        return plain(c, 404, "no such site\n");
    r = site_pick(site, str_of(method), url, body, today(b));
    if (r)
        return answer_row(b, c, r, site);
    if (!str_eq(str_of(method), STR("GET")))
        return plain(c, 405, "no row for this method\n");
    return answer_file(b, c, site, url);
}

/* Called with the URL before libmicrohttpd takes it apart; what it returns is the state. */
static void *begin(void *user, const char *uri, struct MHD_Connection *c)
{
    struct call *call = calloc(1, sizeof(*call));

    (void)user;
    (void)c;
    if (!call || !(call->url = strdup(uri)))
        abort();
    return call;
}

static void end(void *user, struct MHD_Connection *c, void **state,
                enum MHD_RequestTerminationCode code)
{
    struct call *call = *state;

    (void)user;
    (void)c;
    (void)code;
    if (!call)
        return;
    buf_release(&call->body);
    free(call->url);
    free(call);
    *state = NULL;
}

static enum MHD_Result handle(void *user, struct MHD_Connection *c, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_n, void **state)
{
    struct call *call = *state;

    (void)url;
    (void)version;
    if (!call->begun) {
        call->begun = true;
        return MHD_YES;
    }
    if (*data_n) {
        if (call->body.n + *data_n <= BODY_MAX)
            buf_add(&call->body, (struct str){ data, *data_n });
        *data_n = 0;
        return MHD_YES;
    }
    return answer(user, c, method, str_of(call->url), buf_str(&call->body));
}

/* Each connection gets a number, so that a log shows which requests shared one. */
static void connection(void *user, struct MHD_Connection *c, void **socket_state,
                       enum MHD_ConnectionNotificationCode code)
{
    struct boards *b = user;

    (void)c;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *socket_state = (void *)(uintptr_t)(atomic_fetch_add(&b->connections, 1) + 1);
}

#define ANSWERS(b)                                                                                 \
    MHD_OPTION_URI_LOG_CALLBACK, begin, (b), MHD_OPTION_NOTIFY_COMPLETED, end, (b),                \
        MHD_OPTION_NOTIFY_CONNECTION, connection, (b)

static bool listen_on(struct boards *b, size_t i)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons(b->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)i) };
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL;
    struct MHD_OptionItem tls[3];
    char host[16];

    snprintf(host, sizeof(host), "127.0.0.%zu", i + 1);
    if (tls_options(&b->mem, b->root, host, tls))
        flags |= MHD_USE_TLS;
    b->daemons[i] = MHD_start_daemon(flags, b->port, NULL, NULL, handle, b, MHD_OPTION_SOCK_ADDR,
                                     &at, ANSWERS(b), MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    if (b->daemons[i] && !b->port)
        b->port = MHD_get_daemon_info(b->daemons[i], MHD_DAEMON_INFO_BIND_PORT)->port;
    return b->daemons[i];
}

/* The further addresses share one daemon: a thread and two files each would be too many. */
static bool listen_on_more(struct boards *b)
{
    struct MHD_Daemon *daemon;

    b->more = more_listen(&b->mem, &b->sites, b->port);
    if (!b->more)
        return false;
    daemon = MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET | MHD_USE_INTERNAL_POLLING_THREAD
                                  | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL | MHD_USE_ITC,
                              0, NULL, NULL, handle, b, ANSWERS(b), MHD_OPTION_END);
    return daemon && more_serve(b->more, daemon);
}

static void stop_all(struct boards *b)
{
    more_stop(&b->more);
    for (size_t i = 0; i < ADDRESSES; i++) {
        if (b->daemons[i])
            MHD_stop_daemon(b->daemons[i]);
        b->daemons[i] = NULL;
    }
}

/* All addresses on one port. A free port of the first may be taken on another: try again. */
static bool listen_all(struct boards *b, uint16_t port)
{
    for (int try = 0; try < (port ? 1 : PORT_TRIES); try++) {
        size_t i = 0;

        b->port = port;
        while (i < ADDRESSES && listen_on(b, i))
            i++;
        if (i == ADDRESSES && listen_on_more(b))
            return true;
        stop_all(b);
    }
    return false;
}

struct boards *boards_start(const char *root, uint16_t port, const char *log, char why[200])
{
    struct boards *b = calloc(1, sizeof(*b));

    if (!b)
        abort();
    pthread_mutex_init(&b->lock, NULL);
    b->started_us = now_us();
    copy(b->root, sizeof(b->root), root);
    if (!sites_load(&b->mem, root, &b->sites, why)) {
        boards_stop(&b);
        return NULL;
    }
    if (log && !(b->log = fopen(log, "w"))) {
        snprintf(why, 200, "%s: it cannot be written", log);
        boards_stop(&b);
        return NULL;
    }
    if (!listen_all(b, port)) {
        snprintf(why, 200, "127.0.0.1-%d: port %u is taken", ADDRESSES, port);
        boards_stop(&b);
        return NULL;
    }
    return b;
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
    stop_all(*b);
    file_close(&(*b)->log);
    pthread_mutex_destroy(&(*b)->lock);
    arena_free(&(*b)->mem);
    free(*b);
    *b = NULL;
}

int boards_hit(struct boards *b, size_t i, struct boards_hit *ret)
{
    int found;

    pthread_mutex_lock(&b->lock);
    found = i < b->hits.n;
    if (found)
        *ret = b->hits.items[i];
    pthread_mutex_unlock(&b->lock);
    return found;
}

size_t boards_hits(struct boards *b)
{
    size_t n;

    pthread_mutex_lock(&b->lock);
    n = b->hits.n;
    pthread_mutex_unlock(&b->lock);
    return n;
}
