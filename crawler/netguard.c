#include "crawler/netguard.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"

struct net4 {
    uint32_t net;
    int bits;
};

#define NET4(a, b, c, d, bits)                                                                     \
    {                                                                                              \
        (uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d), bits                                     \
    }

/* The IANA special-purpose registry: what is not public unicast. */
static const struct net4 closed4[] = {
    NET4(0, 0, 0, 0, 8),       /* this network */
    NET4(10, 0, 0, 0, 8),      /* private */
    NET4(100, 64, 0, 0, 10),   /* carrier NAT */
    NET4(127, 0, 0, 0, 8),     /* loopback */
    NET4(169, 254, 0, 0, 16),  /* link-local, cloud metadata */
    NET4(172, 16, 0, 0, 12),   /* private */
    NET4(192, 0, 0, 0, 24),    /* IETF protocols */
    NET4(192, 0, 2, 0, 24),    /* documentation */
    NET4(192, 88, 99, 0, 24),  /* 6to4 relays */
    NET4(192, 168, 0, 0, 16),  /* private */
    NET4(198, 18, 0, 0, 15),   /* benchmarks */
    NET4(198, 51, 100, 0, 24), /* documentation */
    NET4(203, 0, 113, 0, 24),  /* documentation */
    NET4(224, 0, 0, 0, 3),     /* multicast, reserved, broadcast */
};

/* Of IPv6 only 2000::/3 is public unicast, and these parts of it are not. What embeds an
 * IPv4 address (mapped, NAT64, 6to4, Teredo) lies outside or is listed. */
static const struct {
    unsigned char net[4];
    int bits;
} closed6[] = {
    { { 0x20, 0x01, 0x00, 0x00 }, 23 }, /* IETF protocols, Teredo */
    { { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
    { { 0x20, 0x02, 0x00, 0x00 }, 16 }, /* 6to4 */
    { { 0x3f, 0xff, 0x00, 0x00 }, 20 }, /* documentation */
};

static uint32_t first32(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static bool within(uint32_t address, uint32_t net, int bits)
{
    return (address ^ net) >> (32 - bits) == 0;
}

static bool open4(uint32_t address, bool allow_loopback)
{
    if (allow_loopback && within(address, INADDR_LOOPBACK, 8))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(closed4); i++)
        if (within(address, closed4[i].net, closed4[i].bits))
            return false;
    return true;
}

static bool open6(const struct in6_addr *address, bool allow_loopback)
{
    uint32_t first = first32(address->s6_addr);

    if (IN6_IS_ADDR_LOOPBACK(address))
        return allow_loopback;
    if (!within(first, 0x20000000, 3))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(closed6); i++)
        if (within(first, first32(closed6[i].net), closed6[i].bits))
            return false;
    return true;
}

bool netguard_address(const struct sockaddr *address, bool allow_loopback)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    switch (address->sa_family) {
    case AF_INET:
        memcpy(&v4, address, sizeof(v4));
        return open4(ntohl(v4.sin_addr.s_addr), allow_loopback);
    case AF_INET6:
        memcpy(&v6, address, sizeof(v6));
        return open6(&v6.sin6_addr, allow_loopback);
    default:
        return false;
    }
}

static void url_free(CURLU **u)
{
    curl_url_cleanup(*u);
}

/* A part in the arena, or the empty view. */
static struct str part(struct arena *a, CURLU *u, CURLUPart which, unsigned flags)
{
    char *text = NULL;
    struct str copy = { 0 };

    if (curl_url_get(u, which, &text, flags) == CURLUE_OK)
        copy = str_dup(a, str_of(text));
    curl_free(text);
    return copy;
}

/* Resolvers take "127.1" and "0x7f000001" as addresses; so does this: the last label is a
 * number (WHATWG URL, "ends in a number"). */
static bool is_address(struct str name)
{
    struct str last = name;
    bool hex;

    if (name.n && name.p[0] == '[')
        return true;
    while (str_find(last, STR(".")) >= 0)
        (void)str_cut(&last, '.');
    hex = str_starts(last, STR("0x"));
    for (size_t i = hex ? 2 : 0; i < last.n; i++)
        if (!ascii_is_digit(last.p[i]) && !(hex && last.p[i] >= 'a' && last.p[i] <= 'f'))
            return false;
    return last.n;
}

static bool is_loopback_name(struct arena *a, struct str name)
{
    struct in_addr v4;

    if (str_eq(name, STR("localhost")) || str_ends(name, STR(".localhost"))
        || str_eq(name, STR("[::1]")))
        return true;
    return inet_pton(AF_INET, str_cstr(a, name), &v4) == 1
           && within(ntohl(v4.s_addr), INADDR_LOOPBACK, 8);
}

int netguard_url(struct arena *a, struct str url, bool allow_loopback, struct url_parts *ret,
                 struct diag *d)
{
    CLEANUP(url_free) CURLU *u = curl_url();
    struct str scheme, name, port;
    char *text = str_cstr(a, url);

    if (!u || strlen(text) != url.n || curl_url_set(u, CURLUPART_URL, text, 0) != CURLUE_OK)
        return diag_fail(d, ERR_DENIED, STR_FMT ": not a URL", STR_ARG(url));
    scheme = part(a, u, CURLUPART_SCHEME, 0);
    if (!str_eq(scheme, STR("http")) && !str_eq(scheme, STR("https")))
        return diag_fail(d, ERR_DENIED, STR_FMT ": only http and https are asked", STR_ARG(url));
    if (part(a, u, CURLUPART_USER, 0).p || part(a, u, CURLUPART_PASSWORD, 0).p)
        return diag_fail(d, ERR_DENIED, "a URL with a user or password is not asked");
    name = str_lower(a, part(a, u, CURLUPART_HOST, CURLU_PUNYCODE));
    if (str_ends(name, STR(".")))
        name = str_slice(name, 0, name.n - 1);
    if (!name.n)
        return diag_fail(d, ERR_DENIED, STR_FMT ": no host", STR_ARG(url));
    if (is_loopback_name(a, name) ? !allow_loopback : is_address(name))
        return diag_fail(d, ERR_DENIED, STR_FMT ": an address or localhost in place of a name",
                         STR_ARG(url));
    port = part(a, u, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    (void)curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
    *ret = (struct url_parts){
        .url = part(a, u, CURLUPART_URL, 0),
        .origin = str_printf(a, STR_FMT "://" STR_FMT ":" STR_FMT, STR_ARG(scheme), STR_ARG(name),
                             STR_ARG(port)),
        .name = name,
        .secure = str_eq(scheme, STR("https")),
    };
    return 0;
}

struct str netguard_front(struct str url)
{
    ptrdiff_t scheme = str_find(url, STR("://")), path;

    if (scheme < 0)
        return STR("");
    path = str_find(str_from(url, (size_t)scheme + 3), STR("/"));
    return path < 0 ? STR("") : str_slice(url, 0, (size_t)(scheme + 3 + path));
}

/* A path and query that libcurl leaves as they are: no fragment, no dot segment, printable ASCII.
 */
static bool is_plain(struct str path)
{
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] <= ' ' || path.p[i] > '~' || path.p[i] == '#' || path.p[i] == '\\'
            || (path.p[i] == '.' && i && path.p[i - 1] == '/'))
            return false;
    return true;
}

bool netguard_beside(struct arena *a, struct str url, const struct url_parts *known,
                     struct url_parts *ret)
{
    struct str front = netguard_front(url);

    if (!front.n || !str_eq(front, netguard_front(known->url)) || !is_plain(str_from(url, front.n)))
        return false;
    *ret = *known;
    ret->url = str_dup(a, url);
    return true;
}

int netguard_join(struct arena *a, struct str base, struct str location, struct str *ret,
                  struct diag *d)
{
    CLEANUP(url_free) CURLU *u = curl_url();
    struct str joined;

    if (!u || curl_url_set(u, CURLUPART_URL, str_cstr(a, base), 0) != CURLUE_OK
        || curl_url_set(u, CURLUPART_URL, str_cstr(a, location),
                        CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME)
               != CURLUE_OK)
        return diag_fail(d, ERR_FORMAT, STR_FMT ": a redirect to what is no URL", STR_ARG(base));
    joined = part(a, u, CURLUPART_URL, 0);
    if (!joined.n)
        return diag_fail(d, ERR_FORMAT, STR_FMT ": a redirect to what is no URL", STR_ARG(base));
    *ret = joined;
    return 0;
}
