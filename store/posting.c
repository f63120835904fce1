/* Postings, their revisions and texts. */
#include <string.h>

#include "core/buf.h"
#include "store/address.h"
#include "store/revision.h"
#include "store/text.h"
#include "store/waiting.h"

struct str join_places(struct arena *a, const struct strs *places)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    if (places->n == 1)
        return places->items[0];
    for (size_t i = 0; i < places->n; i++) {
        if (i)
            buf_add_byte(&b, '\n');
        buf_add(&b, places->items[i]);
    }
    return buf_take(&b, a);
}

void read_listing(const struct stmt *q, int at, struct arena *a, struct listing *ret,
                  int64_t *ret_text)
{
    struct str places;

    *ret = (struct listing){
        .native_id = str_dup(a, col_str(q, at)),
        .requisition = str_dup(a, col_str(q, at + 1)),
        .title = str_dup(a, col_str(q, at + 2)),
        .company = str_dup(a, col_str(q, at + 3)),
        .country = str_dup(a, col_str(q, at + 5)),
        .mode = (enum work_mode)col_int(q, at + 6),
        .department = str_dup(a, col_str(q, at + 7)),
        .employment = str_dup(a, col_str(q, at + 8)),
        .experience = str_dup(a, col_str(q, at + 9)),
        .salary = str_dup(a, col_str(q, at + 10)),
        .pay = { .min = col_num(q, at + 11),
                 .max = col_num(q, at + 12),
                 .currency = str_dup(a, col_str(q, at + 13)),
                 .period = (enum pay_period)col_int(q, at + 14) },
        .posted = col_int(q, at + 15),
        .updated = col_int(q, at + 16),
        .expires = col_int(q, at + 17),
        .vacancies = col_int(q, at + 18),
        .url = str_dup(a, col_str(q, at + 19)),
        .text_read = !col_null(q, at + 20),
    };
    places = str_dup(a, col_str(q, at + 4));
    while (places.n)
        *ARENA_PUSH(a, &ret->places) = str_cut(&places, '\n');
    *ret_text = col_int(q, at + 20);
}

/* What is stored of a posting, as far as deciding needs it. */
struct known {
    int64_t posting, revision, reading, text;
    struct str listed, listed_since, url;
    struct hash content, text_hash;
    bool gone; /* a list entry of it was marked void */
};

static int find_posting(struct store *s, int64_t source, struct str native_id, struct arena *a,
                        struct known *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT p.id, r.id, r.reading, r.text, p.listed, p.listed_since, " POSTING_URL
           ", r.content, (SELECT hash FROM text WHERE id = r.text),"
           " p.gone_listed IS NOT NULL FROM posting p JOIN revision r ON r.id = p.revision"
           " WHERE p.source = ?1 AND p.native_id = ?2");
    int r;

    stmt_int(&q, 1, source);
    stmt_str(&q, 2, native_id);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    *ret = (struct known){
        .posting = col_int(&q, 0),
        .revision = col_int(&q, 1),
        .reading = col_int(&q, 2),
        .text = col_int(&q, 3),
        .listed = str_dup(a, col_str(&q, 4)),
        .listed_since = str_dup(a, col_str(&q, 5)),
        .url = str_dup(a, col_str(&q, 6)),
        .content = col_hash(&q, 7),
        .text_hash = col_hash(&q, 8),
        .gone = col_int(&q, 9) != 0,
    };
    return 0;
}

/*
 * The identity of a revision's content: every stated field but the URL and the dates of posting
 * and update. Boards move those without changing the ad ("posted 3 days ago" is another day at
 * every reading), and each move would be a revision to store and to read again.
 */
static struct hash content_hash(struct store *s, const struct listing *l, struct hash text)
{
    struct buf *b = &s->hashed;
    const struct str words[] = { l->requisition, l->title,      l->company,
                                 l->country,     l->department, l->employment,
                                 l->experience,  l->salary,     l->pay.currency };
    uint64_t numbers[] = { (uint64_t)l->mode,
                           (uint64_t)l->pay.period,
                           0,
                           0,
                           (uint64_t)l->expires,
                           (uint64_t)l->vacancies,
                           l->posted != 0,
                           l->text_read,
                           l->text_read ? text.high : 0,
                           l->text_read ? text.low : 0 };

    memcpy(&numbers[2], &l->pay.min, sizeof(l->pay.min));
    memcpy(&numbers[3], &l->pay.max, sizeof(l->pay.max));
    b->n = 0;
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        buf_add_number(b, numbers[i]);
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        buf_add_counted(b, words[i]);
    for (size_t i = 0; i < l->places.n; i++)
        buf_add_counted(b, l->places.items[i]);
    return hash_of(buf_str(b));
}

struct put {
    int64_t reading, source, now;
    struct str listed;
    int64_t body;
};

/* Where a revision stands, and its text; text 0: it has none. */
struct placed {
    int64_t posting, revision, text;
};

/* Bind the content of a listing from ?1 on; returns the next free number. */
static int bind_content(struct stmt *q, struct arena *a, const struct listing *l,
                        struct hash content, int64_t body, int64_t text)
{
    stmt_hash(q, 1, content);
    stmt_int_or_null(q, 2, body);
    stmt_str(q, 3, l->title);
    stmt_str(q, 4, l->company);
    stmt_str(q, 5, l->requisition);
    stmt_str(q, 6, join_places(a, &l->places));
    stmt_str(q, 7, l->country);
    stmt_int(q, 8, l->mode);
    stmt_str(q, 9, l->department);
    stmt_str(q, 10, l->employment);
    stmt_str(q, 11, l->experience);
    stmt_str(q, 12, l->salary);
    stmt_num_or_null(q, 13, l->pay.min);
    stmt_num_or_null(q, 14, l->pay.max);
    stmt_str(q, 15, l->pay.currency);
    stmt_int(q, 16, l->pay.period);
    stmt_int_or_null(q, 17, l->posted);
    stmt_int_or_null(q, 18, l->updated);
    stmt_int_or_null(q, 19, l->expires);
    stmt_int_or_null(q, 20, l->vacancies);
    stmt_int_or_null(q, 21, text);
    return 22;
}

/* Ids are given in turn, so that a posting is written once, with its revision. */
static int next_revision(struct store *s, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_ahead(s, "SELECT max(id) FROM revision");
    int r = 0;

    if (!s->newest_revision) {
        r = stmt_step(&q, d);
        s->newest_revision = r == STMT_ROW ? col_int(&q, 0) : 0;
    }
    if (r < 0)
        return r;
    *ret = ++s->newest_revision;
    return 0;
}

static int add_revision(struct store *s, struct arena *a, const struct put *put,
                        const struct placed *at, const struct listing *l, struct hash content,
                        struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "INSERT INTO revision (content, body, title, company, requisition, places, country,"
           " mode, department, employment, experience, salary, pay_min, pay_max, pay_currency,"
           " pay_period, posted, updated, expires, vacancies, text, id, posting, reading, read_at)"
           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
           " ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)");
    int i = bind_content(&q, a, l, content, put->body, at->text);
    int r;

    stmt_int(&q, i, at->revision);
    stmt_int(&q, i + 1, at->posting);
    stmt_int(&q, i + 2, put->reading);
    stmt_int(&q, i + 3, put->now);
    r = stmt_run(&q, d);
    if (r)
        return r;
    if (!s->unread_from)
        s->unread_from = at->revision;
    unread_forget(s);
    return finished_void(s, put->now, d);
}

static int mark_revised(struct store *s, const struct placed *at, int64_t now, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "UPDATE posting SET revision = ?2, revised = ?3 WHERE id = ?1");

    stmt_int(&q, 1, at->posting);
    stmt_int(&q, 2, at->revision);
    stmt_int(&q, 3, now);
    return stmt_run(&q, d);
}

/* What was concluded of a revision, what was kept since it was read, what the views show of it. */
static int void_revision(struct store *s, int64_t revision, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt forget = stmt_begin(s, "DELETE FROM signal WHERE revision = ?1");
    CLEANUP(stmt_end)
    struct stmt next = stmt_begin(s, "DELETE FROM signal_next WHERE revision = ?1");
    CLEANUP(stmt_end)
    struct stmt owe = stmt_begin(s, "UPDATE vintage SET read_to = ?1 - 1 WHERE read_to >= ?1");
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "SELECT read_at FROM revision WHERE id = ?1");
    CLEANUP(stmt_end)
    struct stmt shown = stmt_begin(s, "UPDATE opening_posting SET mentions = NULL WHERE posting ="
                                      " (SELECT posting FROM revision WHERE id = ?1)"
                                      " AND mentions = ?1");
    int r;

    if (s->read_to >= revision)
        s->read_to = revision - 1;
    stmt_int(&forget, 1, revision);
    stmt_int(&next, 1, revision);
    stmt_int(&owe, 1, revision);
    stmt_int(&q, 1, revision);
    stmt_int(&shown, 1, revision);
    r = stmt_run(&forget, d);
    if (!r)
        r = stmt_run(&next, d);
    if (!r)
        r = stmt_run(&owe, d);
    if (!r)
        r = stmt_step(&q, d);
    if (r > 0)
        r = finished_void(s, col_int(&q, 0), d);
    return r ? r : stmt_run(&shown, d);
}

/* The list entry and its detail, read in one reading, are one revision; what was concluded of the
 * first half is void. */
static int complete_revision(struct store *s, struct arena *a, int64_t revision,
                             const struct listing *l, struct hash content, int64_t body,
                             int64_t text, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "UPDATE revision SET content = ?1, body = ?2, title = ?3, company = ?4,"
           " requisition = ?5, places = ?6, country = ?7, mode = ?8, department = ?9,"
           " employment = ?10, experience = ?11, salary = ?12, pay_min = ?13, pay_max = ?14,"
           " pay_currency = ?15, pay_period = ?16, posted = ?17, updated = ?18, expires = ?19,"
           " vacancies = ?20, text = ?21 WHERE id = ?22");
    bool unread = s->unread_from && revision >= s->unread_from;
    int i = bind_content(&q, a, l, content, body, text);
    int r;

    stmt_int(&q, i, revision);
    r = stmt_run(&q, d);
    unread_forget(s);
    return r || unread ? r : void_revision(s, revision, d);
}

static int add_posting(struct store *s, const struct put *put, const struct listing *l,
                       struct placed *io, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "INSERT INTO posting (source, native_id, url, first_seen, listed,"
                                  " url_hash, address, revision, revised)"
                                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?4)");
    struct written_url url;
    int r = address_write(s, put->source, l->native_id, l->url, &url, d);

    if (r)
        return r;
    stmt_int(&q, 1, put->source);
    stmt_str(&q, 2, l->native_id);
    stmt_str(&q, 3, url.url);
    stmt_int(&q, 4, put->now);
    stmt_blob(&q, 5, put->listed);
    stmt_int(&q, 6, url.hash);
    stmt_int_or_null(&q, 7, url.address);
    stmt_int(&q, 8, io->revision);
    r = stmt_run(&q, d);
    io->posting = sqlite3_last_insert_rowid(s->db);
    return r;
}

/* Note a moved URL or list entry; text_settled: the stored text belongs to this list entry. */
static int touch(struct store *s, const struct known *k, int64_t source, const struct listing *l,
                 struct str listed, bool text_settled, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt settled = stmt_begin(s, "UPDATE posting SET url = ?2, address = ?5, url_hash = ?4,"
                                        " listed = ?3, listed_since = NULL WHERE id = ?1");
    CLEANUP(stmt_end)
    struct stmt owed = stmt_begin(s, "UPDATE posting SET url = ?2, address = ?5, url_hash = ?4,"
                                     " listed_since = ?3 WHERE id = ?1");
    struct stmt *q = text_settled ? &settled : &owed;
    struct str url = l->url.n ? l->url : k->url;
    struct written_url w;
    int r;

    if (str_eq(url, k->url)
        && (text_settled ? str_eq(listed, k->listed) && !k->listed_since.n
                         : str_eq(listed, k->listed_since)))
        return 0;
    r = address_write(s, source, l->native_id, url, &w, d);
    if (r)
        return r;
    stmt_int(q, 1, k->posting);
    stmt_str(q, 2, w.url);
    stmt_blob(q, 3, listed);
    stmt_int(q, 4, w.hash);
    stmt_int_or_null(q, 5, w.address);
    return stmt_run(q, d);
}

static struct str stated(struct str now, struct str before)
{
    return now.n ? now : before;
}

/* A list entry says less than the stored detail: what it leaves out still stands. */
static int merge(struct store *s, int64_t revision, struct arena *a, struct listing *l,
                 struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT " LISTING_COLUMNS
                      " FROM revision r JOIN posting p ON p.id = r.posting WHERE r.id = ?1");
    struct listing old;
    int64_t text;
    int r;

    stmt_int(&q, 1, revision);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : diag_fail(d, ERR_DB, "store: %s: a revision is missing", s->path);
    read_listing(&q, 0, a, &old, &text);
    l->requisition = stated(l->requisition, old.requisition);
    l->title = stated(l->title, old.title);
    l->company = stated(l->company, old.company);
    l->country = stated(l->country, old.country);
    l->department = stated(l->department, old.department);
    l->employment = stated(l->employment, old.employment);
    l->experience = stated(l->experience, old.experience);
    l->salary = stated(l->salary, old.salary);
    if (!l->places.n)
        l->places = old.places;
    if (l->mode == MODE_UNKNOWN)
        l->mode = old.mode;
    if (l->pay.min == 0 && l->pay.max == 0)
        l->pay = old.pay;
    l->posted = l->posted ? l->posted : old.posted;
    l->updated = l->updated ? l->updated : old.updated;
    l->expires = l->expires ? l->expires : old.expires;
    l->vacancies = l->vacancies ? l->vacancies : old.vacancies;
    l->text_read = true;
    return 0;
}

/* A page that was gone answers again, and its text is what was owed: the list is believed anew. */
static int unmark_gone(struct store *s, int64_t posting, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "UPDATE posting SET gone_listed = NULL WHERE id = ?1");

    stmt_int(&q, 1, posting);
    return stmt_run(&q, d);
}

static int count_change(struct store *s, int64_t reading, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "UPDATE reading SET changed = changed + 1 WHERE id = ?1");

    stmt_int(&q, 1, reading);
    return stmt_run(&q, d);
}

static int put_new(struct store *s, const struct put *put, const struct listing *l, struct arena *a,
                   struct diag *d)
{
    struct hash text_hash = hash_of(l->text);
    struct placed at = { 0 };
    int r = l->text_read ? text_id(s, l->text, text_hash, &at.text, d) : 0;

    if (!r)
        r = next_revision(s, &at.revision, d);
    if (!r)
        r = add_posting(s, put, l, &at, d);
    if (!r)
        r = add_revision(s, a, put, &at, l, content_hash(s, l, text_hash), d);
    return r ? r : STORE_NEW;
}

static int put_revision(struct store *s, const struct put *put, const struct known *k,
                        const struct listing *l, struct hash content, int64_t text, struct arena *a,
                        struct diag *d)
{
    struct placed at = { .posting = k->posting, .text = text };
    int r = next_revision(s, &at.revision, d);

    if (!r)
        r = add_revision(s, a, put, &at, l, content, d);
    if (!r)
        r = mark_revised(s, &at, put->now, d);
    return r ? r : count_change(s, put->reading, d);
}

static int put_known(struct store *s, const struct put *put, const struct known *k,
                     const struct listing *given, struct arena *a, struct diag *d)
{
    struct listing l = *given;
    bool text_kept = !given->text_read && k->text;
    struct hash text_hash = text_kept ? k->text_hash : hash_of(l.text);
    int64_t text = text_kept ? k->text : 0;
    struct hash content;
    int r = 0;

    if (text_kept && put->listed.n && str_eq(put->listed, stated(k->listed_since, k->listed)))
        return STORE_SAME;
    if (text_kept)
        r = merge(s, k->revision, a, &l, d);
    if (!r)
        r = touch(s, k, put->source, &l, put->listed, !text_kept || str_eq(put->listed, k->listed),
                  d);
    if (!r && k->gone && given->text_read && (!k->text || k->listed_since.n))
        r = unmark_gone(s, k->posting, d);
    if (r)
        return r;
    content = content_hash(s, &l, text_hash);
    if (hash_eq(content, k->content))
        return STORE_SAME;
    if (given->text_read)
        r = text_id(s, l.text, text_hash, &text, d);
    if (!r && k->reading == put->reading)
        r = complete_revision(s, a, k->revision, &l, content, put->body, text, d);
    else if (!r)
        r = put_revision(s, put, k, &l, content, text, a, d);
    return r ? r : STORE_CHANGED;
}

/* Many listings in a row are of one answer. */
static int body_of(struct store *s, struct hash h, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "SELECT id FROM body WHERE hash = ?1");
    int r;

    *ret = 0;
    if (hash_none(h))
        return 0;
    if (s->body.id && hash_eq(s->body.hash, h)) {
        *ret = s->body.id;
        return 0;
    }
    stmt_hash(&q, 1, h);
    r = stmt_step(&q, d);
    if (r == STMT_ROW)
        *ret = col_int(&q, 0);
    return r < 0 ? r : 0;
}

static int put_listing(struct store *s, struct put *put, struct str source, struct hash body,
                       const struct listing *l, struct arena *a, struct diag *d)
{
    struct known k;
    int r = source_id(s, source, &put->source, d);

    if (!r)
        r = body_of(s, body, &put->body, d);
    if (!r)
        r = find_posting(s, put->source, l->native_id, a, &k, d);
    if (r < 0)
        return r;
    return r == STORE_NONE ? put_new(s, put, l, a, d) : put_known(s, put, &k, l, a, d);
}

int store_put_listing(struct store *s, int64_t reading, struct str source, const struct listing *l,
                      struct str listed, struct hash body, int64_t now, struct diag *d)
{
    char short_[16];
    struct put put = { .reading = reading, .now = now, .listed = short_hash(listed, short_) };
    int r;

    if (!l->native_id.n)
        return diag_fail(d, ERR_USAGE, "store: " STR_FMT ": a listing without an id",
                         STR_ARG(source));
    r = write_begin(s, d);
    if (r)
        return r;
    r = waiting_need(s, reading, d);
    if (!r)
        r = put_listing(s, &put, source, body, l, &s->scratch, d);
    arena_reset(&s->scratch);
    return write_end(s, r, d);
}

int store_known(struct store *s, struct str source, struct str native_id, struct str listed,
                struct diag *d)
{
    char short_[16];
    struct known k;
    int64_t id;
    int r = source_id(s, source, &id, d);

    if (!r)
        r = find_posting(s, id, native_id, &s->scratch, &k, d);
    if (!r)
        r = k.text && str_eq(short_hash(listed, short_), k.listed) ? STORE_SAME : STORE_CHANGED;
    else if (r == STORE_NONE)
        r = STORE_NEW;
    arena_reset(&s->scratch);
    return r;
}
