#include "crawler/netguard.h"

#include <arpa/inet.h>
#include <locale.h>

#include "core/arena.h"
#include "test.h"

static bool ask_address(const char *text, bool allow_loopback)
{
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    struct sockaddr_in v4 = { .sin_family = AF_INET };

    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return netguard_address((struct sockaddr *)&v4, allow_loopback);
    if (inet_pton(AF_INET6, text, &v6.sin6_addr) != 1)
        test_failures++;
    return netguard_address((struct sockaddr *)&v6, allow_loopback);
}

static void only_public_addresses_are_connected_to(void **state)
{
    static const struct {
        const char *address;
        bool open, open_with_loopback;
    } rows[] = {
        { "127.0.0.1", false, true },
        { "127.255.255.254", false, true },
        { "::1", false, true },
        { "::ffff:127.0.0.1", false, false },
        { "0.0.0.0", false, false },
        { "10.1.2.3", false, false },
        { "100.64.0.1", false, false },
        { "100.127.255.255", false, false },
        { "100.128.0.0", true, true },
        { "169.254.169.254", false, false },
        { "172.15.255.255", true, true },
        { "172.16.0.0", false, false },
        { "172.31.255.255", false, false },
        { "172.32.0.0", true, true },
        { "192.0.0.8", false, false },
        { "192.168.0.1", false, false },
        { "198.17.255.255", true, true },
        { "198.19.255.255", false, false },
        { "223.255.255.255", true, true },
        { "224.0.0.1", false, false },
        { "255.255.255.255", false, false },
        { "9.9.9.9", true, true },
        { "::", false, false },
        { "::7f00:1", false, false },
        { "64:ff9b::a00:1", false, false },
        { "100::1", false, false },
        { "2001:0:1::1", false, false },
        { "2001:db8::1", false, false },
        { "2001:4860:4860::8888", true, true },
        { "2002:a00:1::", false, false },
        { "2a00:1450::1", true, true },
        { "fd12::1", false, false },
        { "fe80::1", false, false },
        { "ff02::1", false, false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CHECK_ROW(ask_address(rows[i].address, false) == rows[i].open, i);
        CHECK_ROW(ask_address(rows[i].address, true) == rows[i].open_with_loopback, i);
    }
}

static void only_names_over_http_are_asked(void **state)
{
    static const struct {
        const char *url, *origin; /* NULL: denied */
        bool loopback;
    } rows[] = {
        { "https://Jobs.Example.com./a?b=c#d", "https://jobs.example.com:443", false },
        { "http://jobs.example.com:8080/", "http://jobs.example.com:8080", false },
        { "http://b\xC3\xBC"
          "cher.example/",
          "http://xn--bcher-kva.example:80", false },
        { "http://127.0.0.1/", NULL, false },
        { "http://127.0.0.3:8080/", "http://127.0.0.3:8080", true },
        { "http://127.1/", "http://127.0.0.1:80", true },
        { "http://acme.localhost:81/", "http://acme.localhost:81", true },
        { "http://acme.localhost/", NULL, false },
        { "http://localhost./", NULL, false },
        { "http://10.0.0.1/", NULL, true },
        { "http://0/", NULL, true },
        { "http://8.8.8.8/", NULL, true },
        { "http://0x7f000001/", NULL, false },
        { "http://2130706433/", NULL, false },
        { "http://256.1.1.1/", NULL, true },
        { "http://[2606:4700::1]/", NULL, true },
        { "http://[::1]/", "http://[::1]:80", true },
        { "http://user@example.com/", NULL, true },
        { "http://:pass@example.com/", NULL, true },
        { "http://example.com\\@127.0.0.1/", NULL, false },
        { "http://\xE2\x91\xA0\xE2\x91\xA1\xE2\x91\xA6.0.0.1/", NULL, false },
        { "file:///etc/passwd", NULL, true },
        { "gopher://example.com/", NULL, true },
        { "http://exa mple.com/", NULL, true },
        { "jobs.html", NULL, true },
        { "", NULL, true },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    setlocale(LC_CTYPE, "C.UTF-8"); /* as the program does: libidn2 asks the locale */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct url_parts got = { 0 };
        struct diag d;
        int r = netguard_url(&a, str_of(rows[i].url), rows[i].loopback, &got, &d);

        CHECK_ROW(r == (rows[i].origin ? 0 : ERR_DENIED), i);
        if (rows[i].origin)
            CHECK_STR(got.origin, str_of(rows[i].origin), i);
    }
    arena_free(&a);
}

/* However an address is spelled: of these only the last is a name, judged where it leads. */
static void no_spelling_of_an_address_passes_for_a_name(void **state)
{
    static const char *const urls[] = {
        "http://2130706433/",
        "http://0x7f.1/",
        "http://017700000001/",
        "http://127.1/",
        "http://0/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::1]/",
        "http://[::]/",
        "http://[fe80::1%25eth0]/",
        "http://[64:ff9b::7f00:1]/",
        "http://localhost./",
        "http://LOCALHOST/",
        "http://a@127.0.0.1/",
        "http://example.com@127.0.0.1/",
        "http://127.0.0.1%2f@example.com/",
        "http://example.com\\@127.0.0.1/",
        "http://127\u30020\u30020\u30021/",
        "http://\u2460\u2461\u2466.0.0.1/",
        "http://0300.0250.0.1/",
        "http://192.168.257/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_x",
        "dict://127.0.0.1:11211/",
        "http://4294967296/",
        "http://127.0.0.1.",
        "http://0x7f000001/",
        "http:///127.0.0.1/",
        "http:/127.0.0.1",
        "http://exa mple.com/",
        "http://example.com/\001a",
        "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
        "http://256.1.1.1/",
        "http://169.254.169.254.nip.example/",
    };
    struct arena a = ARENA_INIT;

    (void)state;
    setlocale(LC_CTYPE, "C.UTF-8");
    for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
        struct url_parts got = { 0 };
        struct diag d;
        int r = netguard_url(&a, str_of(urls[i]), false, &got, &d);

        CHECK_ROW(r == (i + 1 < ARRAY_LEN(urls) ? ERR_DENIED : 0), i);
    }
    CHECK(!ask_address("169.254.169.254", false));
    arena_free(&a);
}

/* What libcurl is not asked is what it would have said. */
static void a_second_url_of_a_host_goes_where_the_first_went(void **state)
{
    static const struct {
        const char *known, *url;
        bool beside;
    } rows[] = {
        { "https://a.example/x", "https://a.example/v1/jobs?content=true&n=%20;b=(c)", true },
        { "https://a.example:8443/x?y", "https://a.example:8443/", true },
        { "https://a.example/x", "https://a.example/a.b/c..d?e=/..", false },
        { "https://a.example/x", "https://a.example/a/../b", false },
        { "https://a.example/x", "https://a.example/./b", false },
        { "https://a.example/x", "https://a.example/b#c", false },
        { "https://a.example/x", "https://a.example/b c", false },
        { "https://a.example/x", "https://a.example/b\\c", false },
        { "https://a.example/x", "https://a.example/\xC3\xBC", false },
        { "https://a.example/x", "https://a.example", false },
        { "https://a.example/x", "https://a.example?b", false },
        { "https://a.example/x", "https://a.example:443/b", false },
        { "https://a.example/x", "http://a.example/b", false },
        { "https://a.example/x", "https://a.example@127.0.0.1/b", false },
        { "https://a.example/x", "https://a.example\\@127.0.0.1/b", false },
        { "https://a.example/x", "https://a.example.evil.example/b", false },
        { "https://a.example/x", "b", false },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct url_parts known, got = { 0 }, want = { 0 };
        struct diag d;
        struct str url = str_of(rows[i].url);

        CHECK_ROW(netguard_url(&a, str_of(rows[i].known), false, &known, &d) == 0, i);
        CHECK_ROW(netguard_beside(&a, url, &known, &got) == rows[i].beside, i);
        if (!rows[i].beside)
            continue;
        CHECK_ROW(netguard_url(&a, url, false, &want, &d) == 0, i);
        CHECK_STR(got.url, want.url, i);
        CHECK_STR(got.origin, want.origin, i);
        CHECK_STR(got.name, want.name, i);
        CHECK_ROW(got.secure == want.secure, i);
    }
    arena_free(&a);
}

static void a_location_is_read_against_its_base(void **state)
{
    static const struct {
        const char *base, *location, *want;
    } rows[] = {
        { "http://a.example/b/c?d", "e f", "http://a.example/b/e%20f" },
        { "http://a.example/b/c", "/x?y", "http://a.example/x?y" },
        { "https://a.example/b", "//c.example/d", "https://c.example/d" },
        { "http://a.example/b", "https://c.example", "https://c.example/" },
        { "http://a.example/b/c", "../../../x", "http://a.example/x" },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str got = { 0 };
        struct diag d;

        CHECK_ROW(!netguard_join(&a, str_of(rows[i].base), str_of(rows[i].location), &got, &d), i);
        CHECK_STR(got, str_of(rows[i].want), i);
    }
    arena_free(&a);
}

RUN_TESTS(TEST(only_public_addresses_are_connected_to), TEST(only_names_over_http_are_asked),
          TEST(no_spelling_of_an_address_passes_for_a_name),
          TEST(a_second_url_of_a_host_goes_where_the_first_went),
          TEST(a_location_is_read_against_its_base))
