/* A planted market as its boards tell it, each in its vendor's words. */
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "tests/e2e/planted.h"

enum { FIRST_YEAR = 2026 };

static const char *const adapters[BOARD_KINDS] = {
    "greenhouse", "lever", "ashby", "recruitee", "smartrecruiters", "careers-jsonld", "rss"
};

/* The list's path, and a list of nothing. */
static const struct {
    const char *path, *param, *none;
} kinds[BOARD_KINDS] = {
    [GREENHOUSE] = { "/v1/boards/*", "token", "{\"jobs\":[],\"meta\":{\"total\":0}}" },
    [LEVER] = { "/v0/postings/*", "site", "[]" },
    [ASHBY] = { "/posting-api/*", "board", "{\"jobs\":[]}" },
    [RECRUITEE] = { "/api/offers/", NULL, "{\"offers\":[]}" },
    [SMART] = { "/v1/companies/first/postings?*", "filter: '', company", "" },
    [CAREERS] = { "/sitemap.xml", "sitemap",
                  "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"></urlset>" },
    [FEED] = { "/feed.xml", "feed", "" },
};

static const char *const faults[] = {
    "503\t-",
    "500\t-",
    "403\t-",
    "429\t-",
    "200\tlogin.html",
    "200\tlist\tcut=60",
    "0\t-",
    "302\t-\tLocation: /home",
};

struct telling {
    const struct planted *m;
    const struct planted_board *b;
    int board, day;
    struct arena a;
    struct buf list;
    void *ctx;
    void (*file)(void *ctx, const char *path, struct str bytes);
};

static const char *date_of(struct telling *t, int day)
{
    char now[DATE_TEXT];

    date_format_iso(date_from_civil(FIRST_YEAR, 1, 1) + (int64_t)day * DAY_SECONDS, now);
    return str_printf(&t->a, "%s", now).p;
}

/* Markup inside JSON: its quotes are none, so only Greenhouse's escaping is left to do. */
static struct str escaped(struct arena *a, struct str html)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (size_t i = 0; i < html.n; i++) {
        if (html.p[i] == '<')
            buf_add(&b, STR("&lt;"));
        else if (html.p[i] == '>')
            buf_add(&b, STR("&gt;"));
        else
            buf_add_byte(&b, html.p[i]);
    }
    return buf_take(&b, a);
}

static struct str city_alone(const struct planted_ad *ad)
{
    struct str rest = str_of(planted_city(ad));

    return str_cut(&rest, ',');
}

static void greenhouse_ad(struct telling *t, const struct planted_ad *ad)
{
    const char *id = planted_id(&t->a, t->m, ad);

    buf_printf(&t->list,
               "{\"id\":%s,\"internal_job_id\":%s,\"requisition_id\":\"R-%d\",\"title\":\"%s\","
               "\"absolute_url\":\"https://board%d.example/%s\",\"location\":{\"name\":\"%s\"},"
               "\"content\":\"" STR_FMT "\"}",
               id, id, planted_requisition(t->m, ad->job), planted_title(ad->job), t->board, id,
               planted_city(ad), STR_ARG(escaped(&t->a, planted_text(&t->a, ad->job, t->day))));
}

static void lever_ad(struct telling *t, const struct planted_ad *ad)
{
    const char *id = planted_id(&t->a, t->m, ad);

    buf_printf(&t->list,
               "{\"id\":\"%s\",\"text\":\"%s\",\"hostedUrl\":\"https://board%d.example/%s\","
               "\"categories\":{\"location\":\"%s\"},\"description\":\"" STR_FMT "\",\"lists\":[]}",
               id, planted_title(ad->job), t->board, id, planted_city(ad),
               STR_ARG(planted_text(&t->a, ad->job, t->day)));
}

static void ashby_ad(struct telling *t, const struct planted_ad *ad)
{
    const char *id = planted_id(&t->a, t->m, ad);

    buf_printf(&t->list,
               "{\"id\":\"%s\",\"title\":\"%s\",\"location\":\"%s\",\"isListed\":true,"
               "\"jobUrl\":\"https://board%d.example/%s\",\"descriptionHtml\":\"" STR_FMT "\"}",
               id, planted_title(ad->job), planted_city(ad), t->board, id,
               STR_ARG(planted_text(&t->a, ad->job, t->day)));
}

static void recruitee_ad(struct telling *t, const struct planted_ad *ad)
{
    const char *id = planted_id(&t->a, t->m, ad);

    buf_printf(&t->list,
               "{\"id\":%s,\"title\":\"%s\",\"status\":\"published\",\"location\":\"%s\","
               "\"careers_url\":\"https://board%d.example/%s\",\"description\":\"" STR_FMT "\"}",
               id, planted_title(ad->job), planted_city(ad), t->board, id,
               STR_ARG(planted_text(&t->a, ad->job, t->day)));
}

/* Its list has no texts: each ad's page has one. An edit shows in the list as a date. */
static void smart_ad(struct telling *t, const struct planted_ad *ad)
{
    const struct planted_job *j = ad->job;
    const char *id = planted_id(&t->a, t->m, ad);
    int since = j->edited && t->day >= j->edited ? j->edited : j->opens;
    struct str text = planted_text(&t->a, j, t->day), title;

    buf_printf(&t->list,
               "{\"id\":\"%s\",\"name\":\"%s\",\"refNumber\":\"R-%d\",\"releasedDate\":\"%s\","
               "\"company\":{\"identifier\":\"first\",\"name\":\"%s\"},"
               "\"location\":{\"fullLocation\":\"%s\"}}",
               id, planted_title(j), planted_requisition(t->m, j), date_of(t, since),
               t->m->employers[t->b->employer], planted_city(ad));
    (void)str_cut(&text, '>'); /* the vendor sets the heading apart */
    title = str_cut(&text, '<');
    (void)str_cut(&text, '>');
    t->file(t->ctx, str_printf(&t->a, "v1/companies/first/postings/%s", id).p,
            str_printf(&t->a,
                       "{\"jobAd\":{\"sections\":{\"jobDescription\":{\"title\":\"" STR_FMT
                       "\",\"text\":\"" STR_FMT "\"}}}}",
                       STR_ARG(title), STR_ARG(text)));
}

static void careers_ad(struct telling *t, const struct planted_ad *ad)
{
    const struct planted_job *j = ad->job;
    const char *id = planted_id(&t->a, t->m, ad);
    const char *page = str_printf(&t->a, "jobs/%s.html", id).p;
    int since = ad->gone                           ? t->day
                : j->edited && t->day >= j->edited ? j->edited
                : t->day >= j->opens2              ? j->opens2
                                                   : j->opens;

    buf_printf(&t->list, "<url><loc>http://p%d.localhost:PORT/%s</loc><lastmod>%s</lastmod></url>",
               t->board, page, date_of(t, since));
    if (ad->gone) {
        t->file(t->ctx, page, (struct str){ 0 });
        return;
    }
    t->file(t->ctx, page,
            str_printf(
                &t->a,
                "<!doctype html><html><head><script type=\"application/ld+json\">"
                "{\"@type\":\"JobPosting\",\"title\":\"%s\",\"hiringOrganization\":{\"name\":"
                "\"%s\"},\"jobLocation\":{\"address\":{\"addressLocality\":\"" STR_FMT
                "\",\"addressCountry\":\"%s\"}},\"description\":\"" STR_FMT
                "\"}</script></head><body></body></html>",
                planted_title(j), t->m->employers[t->b->employer], STR_ARG(city_alone(ad)),
                j->india ? "IN" : "DE", STR_ARG(escaped(&t->a, planted_text(&t->a, j, t->day)))));
}

static void feed_ad(struct telling *t, const struct planted_ad *ad)
{
    const char *id = planted_id(&t->a, t->m, ad);

    buf_printf(&t->list,
               "<item><title>%s</title><guid>%s</guid><link>https://board%d.example/%s</link>"
               "<location>%s</location><expires_at>%s</expires_at>",
               planted_title(ad->job), id, t->board, id, planted_city(ad), date_of(t, ad->expires));
    if (t->b->employer < 0)
        buf_printf(&t->list, "<employer>%s</employer>", t->m->employers[ad->job->employer]);
    buf_printf(&t->list, "<description><![CDATA[" STR_FMT "]]></description></item>",
               STR_ARG(planted_text(&t->a, ad->job, t->day)));
}

static void (*const write_ad[BOARD_KINDS])(struct telling *t, const struct planted_ad *ad) = {
    [GREENHOUSE] = greenhouse_ad,
    [LEVER] = lever_ad,
    [ASHBY] = ashby_ad,
    [RECRUITEE] = recruitee_ad,
    [SMART] = smart_ad,
    [CAREERS] = careers_ad,
    [FEED] = feed_ad,
};

static void begin_list(struct telling *t)
{
    static const char *const heads[BOARD_KINDS] = {
        [GREENHOUSE] = "{\"jobs\":[",
        [LEVER] = "[",
        [ASHBY] = "{\"jobs\":[",
        [RECRUITEE] = "{\"offers\":[",
        [SMART] = "{\"content\":[",
        [CAREERS] = "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">",
        [FEED] = "<rss version=\"2.0\"><channel><title>Jobs</title>",
    };

    buf_add(&t->list, str_of(heads[t->b->kind]));
}

static void end_list(struct telling *t, int n)
{
    static const char *const tails[BOARD_KINDS] = {
        [LEVER] = "]",
        [ASHBY] = "]}",
        [RECRUITEE] = "]}",
        [CAREERS] = "</urlset>",
        [FEED] = "</channel></rss>",
    };

    if (t->b->kind == GREENHOUSE)
        buf_printf(&t->list, "],\"meta\":{\"total\":%d}}", n);
    else if (t->b->kind == SMART)
        buf_printf(&t->list, "],\"offset\":0,\"limit\":100,\"totalFound\":%d}", n);
    else
        buf_add(&t->list, str_of(tails[t->b->kind]));
}

void planted_write(const struct planted *m, int board, int day, void *ctx,
                   void (*file)(void *ctx, const char *path, struct str bytes))
{
    struct telling t = {
        .m = m, .b = &m->boards[board], .board = board, .day = day, .ctx = ctx, .file = file
    };
    struct planted_ad ads[ADS_MAX];
    int n = planted_ads(m, board, day, ads);

    begin_list(&t);
    for (int i = 0; i < n; i++) {
        if (i && t.b->kind != CAREERS && t.b->kind != FEED)
            buf_add_byte(&t.list, ',');
        write_ad[t.b->kind](&t, &ads[i]);
    }
    end_list(&t, n);
    file(ctx, "list", buf_str(&t.list));
    if (day == 0) {
        file(ctx, "login.html", STR("<html><title>Sign in</title></html>"));
        file(ctx, "none", str_of(kinds[t.b->kind].none));
    }
    buf_release(&t.list);
    arena_free(&t.a);
}

struct str planted_site(struct arena *a, const struct planted *m, int board)
{
    static const char *const types[BOARD_KINDS] = { "application/json",   "application/json",
                                                    "application/json",   "application/json",
                                                    "application/json",   "application/xml",
                                                    "application/rss+xml" };
    const struct planted_board *b = &m->boards[board];
    CLEANUP(buf_release) struct buf site = { 0 };
    const char *path = kinds[b->kind].path;

    for (int day = 0; day < m->n_days; day++) {
        if (b->days[day] == FAULT)
            buf_printf(&site, "GET\t%s\t%d\t%s\n", path, day,
                       faults[(size_t)(board * 7 + day) % (sizeof(faults) / sizeof(*faults))]);
        if (b->days[day] == EMPTY)
            buf_printf(&site, "GET\t%s\t%d\t200\tnone\ttype=%s\n", path, day, types[b->kind]);
        if (b->days[day] == GONE)
            buf_printf(&site, "GET\t%s\t%d\t404\t-\n", path, day);
    }
    buf_printf(&site, "GET\t%s\t-\t200\tlist\ttype=%s%s\n", path, types[b->kind],
               board % 2 ? "\tetag" : "");
    buf_add(&site, STR("GET\t/home\t-\t200\tlogin.html\n"));
    return buf_take(&site, a);
}

struct str planted_source(struct arena *a, const struct planted *m, int board, int day)
{
    const struct planted_board *b = &m->boards[board];
    bool renamed = b->renamed && day >= b->renamed;
    const char *value = renamed && b->says_was ? "second" : "first";
    CLEANUP(buf_release) struct buf row = { 0 };

    if (day < b->from)
        return (struct str){ 0 };
    buf_printf(&row, "- { key: p%d%s", board, renamed ? "-now" : "");
    if (renamed && b->says_was)
        buf_printf(&row, ", was: p%d", board);
    buf_printf(&row, ", adapter: %s", adapters[b->kind]);
    if (b->employer >= 0)
        buf_printf(&row, ", company: %s", m->employers[b->employer]);
    buf_printf(&row, ", params: { base: '@[p%d.localhost]'", board);
    if (b->kind == CAREERS || b->kind == FEED)
        value = kinds[b->kind].path;
    if (kinds[b->kind].param)
        buf_printf(&row, ", %s: %s", kinds[b->kind].param, value);
    buf_add(&row, STR(" } }\n"));
    return buf_take(&row, a);
}
