#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crawler/job.h"

enum {
    HEADER_BYTES_MAX = 4096,
    STALL_BYTES_S = 1024,
    MS = 1000,
    RECEIVE_BYTES = 8192, /* of each handle; libcurl's own is twice that, for 256 of them */
};

/* The gap is the host's to see, so it is counted from when the request must have arrived there:
 * the first byte of its answer, but no later than this after it was sent. */
enum { ON_ITS_WAY_US = 20000 };

/* A body that says how long it is grows into no more than that; a compressed one says too little.
 */
static void make_room(struct job *j)
{
    curl_off_t length = -1;

    (void)curl_easy_getinfo(j->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length > 0 && (uint64_t)length <= j->max_body)
        buf_reserve(&j->body, (size_t)length);
}

/* libcurl 7.88 bounds neither decoded nor unannounced bodies, so they are counted here. */
static size_t take_body(char *p, size_t size, size_t n, void *user)
{
    struct job *j = user;

    n *= size;
    if (!j->body.n)
        make_room(j);
    if (n > j->max_body - j->body.n) {
        j->too_large = true;
        n = j->max_body - j->body.n;
        size = 0;
    }
    buf_add(&j->body, (struct str){ p, n });
    *j->held += n;
    return size ? n : CURL_WRITEFUNC_ERROR;
}

/* Each connect, also one after a redirect or for a second address of a name, passes here. */
static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct job *j = user;

    (void)purpose;
    if (!netguard_address(&address->addr, j->allow_loopback)) {
        j->denied = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* A list of libcurl's that lives in an arena: it only reads it. */
static void add_line(struct arena *a, struct curl_slist **list, struct str line)
{
    struct curl_slist *one = ARENA_NEW(a, struct curl_slist, 1);

    *one = (struct curl_slist){ .data = str_cstr(a, line), .next = *list };
    *list = one;
}

static void add_header(struct arena *a, struct curl_slist **list, struct str name, struct str value)
{
    if (value.n)
        add_line(a, list, str_join(a, (struct str[]){ name, STR(": "), value }, 3));
}

/* libcurl writes what it makes itself twice, letter by letter, at each request. */
struct curl_slist *transfer_headers(struct arena *a, const struct fetch_options *opt)
{
    const struct {
        int feature;
        struct str name;
    } codings[] = { { CURL_VERSION_LIBZ, STR("deflate, gzip") },
                    { CURL_VERSION_BROTLI, STR("br") },
                    { CURL_VERSION_ZSTD, STR("zstd") } };
    int features = curl_version_info(CURLVERSION_NOW)->features;
    struct curl_slist *list = NULL;
    struct str accepted = { 0 };

    for (size_t i = 0; i < ARRAY_LEN(codings); i++)
        if (features & codings[i].feature)
            accepted = str_join(a, (struct str[]){ accepted, STR(", "), codings[i].name }, 3);
    add_header(a, &list, STR("From"), opt->contact);
    add_header(a, &list, STR("Accept-Encoding"), str_from(accepted, 2));
    add_header(a, &list, STR("User-Agent"), opt->user_agent);
    return list;
}

/* What another origin may see: never a credential, whatever header it hides in. */
static bool travels(struct str name)
{
    return str_eq_fold(name, STR("accept")) || str_eq_fold(name, STR("accept-language"))
           || str_eq_fold(name, STR("content-type"));
}

/* The one place where a key is written: what is sent now, where it goes now. */
static struct str filled(struct job *j, struct str text, enum secret_escape escape)
{
    return job_may_fill(j, j->at.origin) ? secret_fill(&j->mem, text, &j->keys, escape) : text;
}

static bool is_post(const struct job *j)
{
    return str_eq(j->req.method, STR("POST"));
}

/* Who asks is no adapter's to say. */
static bool is_ours(struct str name)
{
    return str_eq_fold(name, STR("from")) || str_eq_fold(name, STR("user-agent"))
           || str_eq_fold(name, STR("accept-encoding"));
}

static void set_headers(struct job *j)
{
    struct curl_slist *list = j->always;

    for (size_t i = 0; i < j->req.n_headers; i++)
        if ((!j->abroad || travels(j->req.headers[i].name)) && !is_ours(j->req.headers[i].name))
            add_header(&j->mem, &list, j->req.headers[i].name,
                       filled(j, j->req.headers[i].value, SECRET_PLAIN));
    add_header(&j->mem, &list, STR("If-Modified-Since"), j->req.last_modified);
    add_header(&j->mem, &list, STR("If-None-Match"), j->req.etag);
    if (is_post(j)) /* no round trip to ask whether a body is welcome */
        add_line(&j->mem, &list, STR("Expect:"));
    curl_easy_setopt(j->easy, CURLOPT_HTTPHEADER, list);
}

static void set_manners(CURL *e, const struct fetch_options *opt)
{
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(e, CURLOPT_PROXY, ""); /* behind a proxy the address rule sees only it */
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    /* A run is short. With an age, libcurl looks through all names it knows after each transfer. */
    curl_easy_setopt(e, CURLOPT_DNS_CACHE_TIMEOUT, -1L);
    curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, ""); /* decoded; asked for by our own header */
    if (opt->ca_file.n) {
        curl_easy_setopt(e, CURLOPT_CAINFO, opt->ca_file.p);
        curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
    }
    curl_easy_setopt(e, CURLOPT_BUFFERSIZE, (long)RECEIVE_BYTES);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)opt->connect_timeout_s * MS);
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)opt->timeout_s * MS);
    curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, (long)STALL_BYTES_S);
    curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, (long)opt->stall_s);
}

CURL *transfer_handle(const struct fetch_options *opt)
{
    CURL *e = curl_easy_init();

    if (e)
        set_manners(e, opt);
    return e;
}

CURL *transfer_release(struct job *j, const struct fetch_options *opt)
{
    CURL *e = j->easy;

    j->easy = NULL;
    if (is_post(j)) { /* a body, and what it made of the method */
        curl_easy_reset(e);
        set_manners(e, opt);
    }
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, NULL);
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, NULL);
    return e;
}

void transfer_prepare(struct job *j)
{
    struct str url = filled(j, j->at.url, SECRET_URL);
    CURL *e = j->easy;

    j->errors[0] = '\0';
    j->denied = j->too_large = false;
    *j->held -= j->body.n;
    j->body.n = 0;
    curl_easy_setopt(e, CURLOPT_URL, url.p); /* either ends with a NUL */
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, j->errors);
    curl_easy_setopt(e, CURLOPT_PRIVATE, j);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, j);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, j);
    if (is_post(j) && !j->as_get) {
        struct str body = filled(j, j->req.body, SECRET_JSON);

        curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
        curl_easy_setopt(e, CURLOPT_POSTFIELDS, body.p ? body.p : "");
    }
    /* A long robots.txt is read as far as it counts. */
    curl_easy_setopt(e, CURLOPT_MAXFILESIZE_LARGE, j->robots_for ? 0 : (curl_off_t)j->max_body);
    set_headers(j);
}

struct str transfer_header(struct job *j, const char *name)
{
    struct curl_header *h = NULL;

    if (curl_easy_header(j->easy, name, 0, CURLH_HEADER, -1, &h) != CURLHE_OK)
        return (struct str){ 0 };
    return strlen(h->value) > HEADER_BYTES_MAX
               ? (struct str){ 0 }
               : secret_hide(&j->mem, str_dup(&j->mem, str_of(h->value)), &j->keys);
}

int64_t transfer_sent_us(const struct job *j)
{
    curl_off_t sent = 0, answered = 0;

    if (curl_easy_getinfo(j->easy, CURLINFO_PRETRANSFER_TIME_T, &sent) != CURLE_OK || sent <= 0
        || curl_easy_getinfo(j->easy, CURLINFO_STARTTRANSFER_TIME_T, &answered) != CURLE_OK)
        return wire_now_us();
    if (answered <= sent || answered > sent + ON_ITS_WAY_US)
        answered = sent + ON_ITS_WAY_US;
    return j->start_us + answered;
}

/* The connection broke: the same request has a good chance on a new one. */
static bool is_passing(CURLcode result)
{
    return result == CURLE_GOT_NOTHING || result == CURLE_RECV_ERROR || result == CURLE_SEND_ERROR
           || result == CURLE_PARTIAL_FILE || result == CURLE_HTTP2 || result == CURLE_HTTP2_STREAM;
}

static void say(struct job *j, enum answer_outcome outcome, const char *why)
{
    struct str shown = secret_hide(&j->mem, str_of(why), &j->keys);

    j->answer.outcome = outcome;
    snprintf(j->answer.error, sizeof(j->answer.error), STR_FMT, STR_ARG(shown));
}

static void judge(struct job *j, CURLcode result)
{
    bool conditional = j->req.etag.n || j->req.last_modified.n;

    if (j->denied && result != CURLE_OK)
        say(j, ANSWER_DENIED, "its address is not public");
    else if (j->too_large && j->robots_for)
        say(j, ANSWER_OK, ""); /* the beginning counts (RFC 9309 2.5) */
    else if (j->too_large || result == CURLE_FILESIZE_EXCEEDED)
        say(j, ANSWER_FAILED, "the body is over its limit");
    else if (result != CURLE_OK)
        say(j, ANSWER_FAILED, j->errors[0] ? j->errors : curl_easy_strerror(result));
    else if (j->answer.status == 304 && !conditional)
        say(j, ANSWER_FAILED, "304 to a request without validators");
    else
        say(j, j->answer.status == 304 ? ANSWER_UNCHANGED : ANSWER_OK, "");
    *j->held -= j->body.n;
    secret_hide_in(&j->mem, &j->body, &j->keys);
    *j->held += j->body.n;
    if (j->answer.outcome == ANSWER_OK)
        j->answer.body = buf_str(&j->body);
}

void transfer_finish(struct job *j, CURLcode result, bool *ret_retry)
{
    curl_off_t wire = 0, total = 0;
    long status = 0, connects = 0;

    curl_easy_getinfo(j->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(j->easy, CURLINFO_NUM_CONNECTS, &connects);
    curl_easy_getinfo(j->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
    curl_easy_getinfo(j->easy, CURLINFO_TOTAL_TIME_T, &total);
    j->answer = (struct answer){
        .status = (int)status,
        .final_url = j->at.url,
        .content_type = transfer_header(j, "Content-Type"),
        .etag = transfer_header(j, "ETag"),
        .last_modified = transfer_header(j, "Last-Modified"),
    };
    judge(j, result);
    j->line.status = (int)status;
    j->line.bytes_wire = wire;
    j->line.bytes_body = (int64_t)j->body.n;
    j->line.ms = (uint32_t)(total / MS);
    j->line.reused = result == CURLE_OK && connects == 0;
    *ret_retry = j->answer.outcome == ANSWER_FAILED && is_passing(result) && !j->too_large
                 && !str_eq(j->req.method, STR("POST"));
}
