/* The verdict of a reading: what its list proves, and which spells begin or end by it. */
#include <string.h>

#include "store/id_set.h"
#include "store/waiting.h"

/* What each outcome may do. */
static const struct outcome {
    const char *name;
    bool proves;  /* the list stands, so what is open is proven open until now */
    bool shows;   /* the ids it saw are present */
    bool closes;  /* what it lacks is absent */
    bool failure; /* counts towards the source's failures in a row */
} outcomes[] = {
    { "complete", true, true, true, false },  { "unchanged", true, true, false, false },
    { "partial", false, true, false, false }, { "failed", false, false, false, true },
    { "gone", false, false, false, true },
};

enum { COLLAPSE_FROM = 5 }; /* a fall by more than half is a collapse from so many on */

struct open_spell {
    int64_t posting, n, first_proof, last_seen, seen_since, held_by, expires;
    bool listed, ended;
};

struct trial { /* one verdict under way */
    struct store *s;
    struct arena *a;
    const struct verdict_in *in;
    struct verdict ret;
    int64_t reading, source, now;
    int64_t proven_before; /* the source's last proven reading; 0: none */
    bool window_before, read_before;
    bool proves, shows, closes, failure;
    struct open_spell *open;
    size_t n_open;
    size_t n_settled;           /* open ones that were not looked at */
    struct begun *begun;        /* the reading has no row yet; NULL: it has */
    struct source_known *known; /* what the handle remembers of its source; NULL: nothing */
    struct str *fresh;          /* ids of the list that are not open */
    size_t n_fresh;
};

/* What its source was before, of a reading that has no row. */
static int load_source(struct trial *t, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_ahead(t->s, "SELECT last_proven, windowed, last_reading, key FROM standing"
                                     " JOIN source ON id = source WHERE source = ?1");
    int r;

    t->source = t->begun->source;
    if (t->begun->forgotten == t->s->forgotten && t->begun->known->stands) {
        t->known = t->begun->known;
        t->proven_before = t->known->proven;
        t->window_before = t->known->windowed;
        t->read_before = t->known->read;
        return 0;
    }
    stmt_int(&q, 1, t->source);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : diag_fail(d, ERR_DB, "store: %s: a source is missing", t->s->path);
    t->proven_before = col_int(&q, 0);
    t->window_before = col_int(&q, 1) != 0;
    t->read_before = !col_null(&q, 2);
    t->known = table_find(&t->s->sources, col_str(&q, 3));
    return 0;
}

static int load_reading(struct trial *t, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_ahead(t->s, "SELECT r.source, r.outcome, r.changed, n.last_proven, n.windowed,"
                         " n.last_reading, s.key FROM reading r JOIN source s ON s.id = r.source"
                         " JOIN standing n ON n.source = s.id WHERE r.id = ?1");
    int r;

    t->begun = waiting_find(t->s, t->reading);
    if (t->begun)
        return load_source(t, d);
    stmt_int(&q, 1, t->reading);
    r = stmt_step(&q, d);
    if (r < 0)
        return r;
    if (r == 0 || !col_null(&q, 1))
        return diag_fail(d, ERR_USAGE, "store: reading %lld: %s", (long long)t->reading,
                         r ? "it has its verdict" : "no such reading");
    t->source = col_int(&q, 0);
    t->ret.changed = col_int(&q, 2);
    t->proven_before = col_int(&q, 3);
    t->window_before = col_int(&q, 4) != 0;
    t->read_before = !col_null(&q, 5);
    t->known = table_find(&t->s->sources, col_str(&q, 6));
    return 0;
}

static int judge(struct trial *t, struct diag *d)
{
    const struct verdict_in *in = t->in;
    const struct outcome *o = NULL;

    for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
        if (in->outcome && strcmp(outcomes[i].name, in->outcome) == 0)
            o = &outcomes[i];
    if (!o)
        return diag_fail(d, ERR_USAGE, "store: reading %lld: unknown outcome",
                         (long long)t->reading);
    t->proves = o->proves;
    t->shows = o->shows;
    t->closes = o->closes && !in->window;
    t->failure = o->failure;
    if (in->zero_ambiguous && o->closes && in->n_ids == 0) /* an unknown tenant looks the same */
        t->proves = t->closes = false;
    return 0;
}

static int load_open(struct trial *t, struct id_set *set, struct diag *d)
{
    struct {
        struct open_spell *items;
        size_t n, cap;
    } list = { 0 };
    CLEANUP(stmt_end)
    struct stmt q = stmt_ahead(
        t->s, "SELECT sp.posting, sp.n, sp.first_proof, sp.last_seen, sp.seen_since, sp.held_by,"
              " r.expires, p.native_id FROM spell sp JOIN posting p ON p.id = sp.posting"
              " JOIN revision r ON r.id = p.revision"
              " WHERE sp.source = ?1 AND sp.ended_by IS NULL");
    int r;

    stmt_int(&q, 1, t->source);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        struct id_slot *slot = id_set_find(set, col_str(&q, 7));

        slot->open = slot->used;
        *ARENA_PUSH(t->a, &list) = (struct open_spell){
            .posting = col_int(&q, 0),
            .n = col_int(&q, 1),
            .first_proof = col_int(&q, 2),
            .last_seen = col_int(&q, 3),
            .seen_since = col_int(&q, 4),
            .held_by = col_int(&q, 5),
            .expires = col_int(&q, 6),
            .listed = slot->used,
        };
    }
    t->open = list.items;
    t->n_open = list.n;
    return r;
}

/* An unchanged list changes no spell, but where one was held, or its own page said it is closed. */
static int is_settled(struct trial *t, bool *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_ahead(
        t->s,
        "SELECT (SELECT count(*) FROM spell WHERE source = ?1 AND ended_by IS NULL),"
        " EXISTS (SELECT 1 FROM spell INDEXED BY spell_held WHERE source = ?1 AND ended_by IS NULL"
        " AND held_by IS NOT NULL) OR EXISTS (SELECT 1 FROM gone WHERE reading = ?2)");
    int r;

    if (t->in->window || t->in->n_ids || strcmp(t->in->outcome, "unchanged") != 0)
        return 0;
    if (t->begun && t->known && t->known->stands) { /* who saw a page gone has a row */
        *ret = !t->known->held;
        t->n_settled = *ret ? (size_t)t->known->open : 0;
        return 0;
    }
    stmt_int(&q, 1, t->source);
    stmt_int(&q, 2, t->reading);
    r = stmt_step(&q, d);
    if (r < 0)
        return r;
    *ret = !col_int(&q, 1);
    t->n_settled = *ret ? (size_t)col_int(&q, 0) : 0;
    return 0;
}

static int compare_lists(struct trial *t, struct diag *d)
{
    struct id_set set = { 0 };
    bool settled = false;
    int r = is_settled(t, &settled, d);

    if (r || settled)
        return r;
    t->begun = NULL;
    r = waiting_need(t->s, t->reading, d);
    if (r)
        return r;
    set = id_set_of(t->a, t->in->ids, t->in->n_ids);
    r = load_open(t, &set, d);
    if (r)
        return r;
    t->fresh = ARENA_NEW(t->a, struct str, t->in->n_ids);
    for (size_t i = 0; i < t->in->n_ids; i++) {
        struct id_slot *slot = id_set_find(&set, t->in->ids[i]);

        if (!slot->open)
            t->fresh[t->n_fresh++] = slot->id;
        slot->open = true; /* an id listed twice is one posting */
    }
    return 0;
}

static int64_t latest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t last_proof(const struct trial *t, const struct open_spell *sp)
{
    bool window = t->in->window && sp->last_seen;

    return latest(sp->first_proof, window ? sp->last_seen : t->proven_before);
}

static int end_spell(struct trial *t, struct open_spell *sp, const char *how, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(t->s, "UPDATE spell SET ended_after = ?3, ended_by = ?4, ended_reading = ?5,"
                         " ended_how = ?6, held_by = NULL WHERE posting = ?1 AND n = ?2");
    int64_t after = last_proof(t, sp);

    stmt_int(&q, 1, sp->posting);
    stmt_int(&q, 2, sp->n);
    stmt_int(&q, 3, after);
    stmt_int(&q, 4, latest(after, t->now)); /* the clock may have been set back */
    stmt_int(&q, 5, t->reading);
    stmt_str(&q, 6, str_of(how));
    sp->ended = true;
    t->ret.closed++;
    return stmt_run(&q, d);
}

static int hold_spell(struct trial *t, const struct open_spell *sp, bool hold, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(t->s, "UPDATE spell SET held_by = ?3 WHERE posting = ?1 AND n = ?2");

    stmt_int(&q, 1, sp->posting);
    stmt_int(&q, 2, sp->n);
    stmt_int_or_null(&q, 3, hold ? t->reading : 0);
    return stmt_run(&q, d);
}

/* The list entry as it stands is void, so that a list that lags behind reopens nothing. */
static int mark_gone(struct trial *t, int64_t posting, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        t->s, "UPDATE posting SET gone_listed = coalesce(listed_since, listed) WHERE id = ?1");

    stmt_int(&q, 1, posting);
    return stmt_run(&q, d);
}

static int end_gone(struct trial *t, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_ahead(t->s, "SELECT posting FROM gone WHERE reading = ?1");
    int r;

    stmt_int(&q, 1, t->reading);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        int64_t posting = col_int(&q, 0);

        r = mark_gone(t, posting, d);
        for (size_t i = 0; !r && i < t->n_open; i++)
            if (t->open[i].posting == posting)
                r = end_spell(t, &t->open[i], "detail", d);
        if (r)
            return r;
    }
    return r;
}

static bool is_missing(const struct open_spell *sp)
{
    return !sp->listed && !sp->ended;
}

/* A fall to zero, or by more than half of 5 or more. */
static bool collapses(const struct trial *t)
{
    size_t still = 0, missing = 0;

    for (size_t i = 0; i < t->n_open; i++) {
        still += !t->open[i].ended;
        missing += is_missing(&t->open[i]);
    }
    if (t->in->n_ids == 0)
        return missing > 0;
    return still >= COLLAPSE_FROM && 2 * missing > still;
}

/* First what an earlier collapse lacked too; the rest closes unless it is a collapse itself. */
static int end_absent(struct trial *t, struct diag *d)
{
    const char *how = t->in->imported ? "import" : "absent";
    bool hold;
    int r = 0;

    for (size_t i = 0; !r && i < t->n_open; i++)
        if (is_missing(&t->open[i]) && t->open[i].held_by)
            r = end_spell(t, &t->open[i], how, d);
    hold = !t->in->imported && collapses(t);
    t->ret.held = hold;
    for (size_t i = 0; !r && i < t->n_open; i++)
        if (is_missing(&t->open[i]))
            r = hold ? hold_spell(t, &t->open[i], true, d) : end_spell(t, &t->open[i], how, d);
    if (hold)
        t->proves = false; /* it disputes what is open, so it proves none of it */
    return r;
}

/* Seen again (or the last proven list stands): a hold is void. */
static int release_held(struct trial *t, struct diag *d)
{
    int r = 0;

    for (size_t i = 0; !r && i < t->n_open; i++) {
        const struct open_spell *sp = &t->open[i];

        if (sp->held_by && !sp->ended && (sp->listed || (t->proves && !t->closes)))
            r = hold_spell(t, sp, false, d);
    }
    return r;
}

/* What a window showed before it left a gap: asked by answers as of that time. */
static int put_seen(struct trial *t, const struct open_spell *sp, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(t->s, "INSERT OR REPLACE INTO seen VALUES (?1, ?2, ?3)");

    stmt_int(&q, 1, sp->posting);
    stmt_int(&q, 2, sp->seen_since);
    stmt_int(&q, 3, sp->last_seen);
    return stmt_run(&q, d);
}

static int see(struct trial *t, struct open_spell *sp, int64_t since, int64_t last, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(t->s, "UPDATE spell SET last_seen = ?3, seen_since = ?4"
                                     " WHERE posting = ?1 AND n = ?2");

    sp->last_seen = last;
    sp->seen_since = since;
    stmt_int(&q, 1, sp->posting);
    stmt_int(&q, 2, sp->n);
    stmt_int(&q, 3, sp->last_seen);
    stmt_int(&q, 4, sp->seen_since);
    return stmt_run(&q, d);
}

/* A window shows it. Whether the proven reading before did too decides if this is one time. */
static int see_now(struct trial *t, struct open_spell *sp, struct diag *d)
{
    bool gap = sp->last_seen < t->proven_before;
    int r = gap ? put_seen(t, sp, d) : 0;

    return r ? r : see(t, sp, gap ? t->now : sp->seen_since, latest(sp->last_seen, t->now), d);
}

/* A board that becomes a window leaves what its last whole list proved. */
static int begin_window(struct trial *t, struct open_spell *sp, struct diag *d)
{
    return sp->last_seen ? 0 : see(t, sp, sp->first_proof, last_proof(t, sp), d);
}

static int judge_window(struct trial *t, struct diag *d)
{
    bool same_list = !t->in->n_ids && strcmp(t->in->outcome, "unchanged") == 0;
    int r = 0;

    for (size_t i = 0; !r && i < t->n_open; i++) {
        struct open_spell *sp = &t->open[i];

        if (sp->ended)
            continue;
        r = begin_window(t, sp, d);
        if (!r && (sp->listed || (same_list && last_proof(t, sp) >= t->proven_before)))
            r = see_now(t, sp, d);
        if (r)
            continue;
        if (sp->expires && sp->expires <= t->now)
            r = end_spell(t, sp, "expired", d);
        else if (t->in->max_age_s && t->now - last_proof(t, sp) >= t->in->max_age_s)
            r = end_spell(t, sp, "max-age", d);
    }
    return r;
}

static int begin_spell(struct trial *t, int64_t posting, int64_t n, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        t->s, "INSERT INTO spell (posting, n, source, first_proof, first_reading, last_seen,"
              " seen_since) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)");

    stmt_int(&q, 1, posting);
    stmt_int(&q, 2, n);
    stmt_int(&q, 3, t->source);
    stmt_int(&q, 4, t->now);
    stmt_int(&q, 5, t->reading);
    stmt_int_or_null(&q, 6, t->in->window ? t->now : 0);
    if (n == 1)
        t->ret.opened++;
    else
        t->ret.reopened++;
    return stmt_run(&q, d);
}

/* An id whose listing was never recorded is listed, but there is nothing to open. */
static int open_fresh(struct trial *t, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_ahead(t->s, "SELECT p.id, (SELECT max(n) FROM spell WHERE posting = p.id),"
                         " p.gone_listed = coalesce(p.listed_since, p.listed), r.expires"
                         " FROM posting p JOIN revision r ON r.id = p.revision"
                         " WHERE p.source = ?1 AND p.native_id = ?2");

    stmt_int(&q, 1, t->source);
    for (size_t i = 0; i < t->n_fresh; i++) {
        int64_t expires;
        int r;

        stmt_again(&q);
        stmt_str(&q, 2, t->fresh[i]);
        r = stmt_step(&q, d);
        if (r < 0)
            return r;
        if (r == 0 || col_int(&q, 2))
            continue;
        expires = col_int(&q, 3);
        if (t->in->window && expires && expires <= t->now)
            continue;
        r = begin_spell(t, col_int(&q, 0), col_int(&q, 1) + 1, d);
        if (r)
            return r;
    }
    return 0;
}

/*
 * The next reading may say "unchanged" only against a list that was believed and whose texts
 * were all read, and against which nothing newer was seen.
 */
static int keep_pages(struct trial *t, struct diag *d)
{
    const struct verdict_in *in = t->in;
    bool keep = t->proves && !in->details_owed;

    if (t->failure || (keep && !in->n_pages_kept && strcmp(in->outcome, "unchanged") == 0))
        return 0;
    return pages_keep(t->s, t->source, in->pages_kept, keep ? in->n_pages_kept : 0, d);
}

static int put_verdict(struct trial *t, struct diag *d)
{
    const struct verdict_in *in = t->in;
    CLEANUP(stmt_end)
    struct stmt add = stmt_ahead(
        t->s, "INSERT INTO reading (id, ended, outcome, proven, held, proof, error, pages,"
              " advertised, got, details_owed, requests, bytes, ms, opened, reopened, closed,"
              " open, source, started) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
              " ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)");
    CLEANUP(stmt_end)
    struct stmt end = stmt_ahead(
        t->s, "UPDATE reading SET ended = ?2, outcome = ?3, proven = ?4, held = ?5, proof = ?6,"
              " error = ?7, pages = ?8, advertised = ?9, got = ?10, details_owed = ?11,"
              " requests = ?12, bytes = ?13, ms = ?14, opened = ?15, reopened = ?16,"
              " closed = ?17, open = ?18 WHERE id = ?1");
    struct stmt *q = t->begun ? &add : &end;

    if (t->begun) {
        stmt_int(q, 19, t->begun->source);
        stmt_int(q, 20, t->begun->started);
        waiting_done(t->begun);
    }
    stmt_int(q, 1, t->reading);
    stmt_int(q, 2, t->now);
    stmt_str(q, 3, str_of(in->outcome));
    stmt_int(q, 4, t->proves);
    stmt_int(q, 5, t->ret.held);
    stmt_str(q, 6, str_of(in->proof));
    stmt_str(q, 7, str_of(in->error));
    stmt_int(q, 8, in->pages);
    if (in->advertised >= 0)
        stmt_int(q, 9, in->advertised);
    stmt_int(q, 10, in->got);
    stmt_int(q, 11, in->details_owed);
    stmt_int(q, 12, in->requests);
    stmt_int(q, 13, in->bytes);
    stmt_int(q, 14, in->ms);
    stmt_int(q, 15, t->ret.opened);
    stmt_int(q, 16, t->ret.reopened);
    stmt_int(q, 17, t->ret.closed);
    stmt_int(q, 18, t->ret.open);
    return stmt_run(q, d);
}

/* As put_source_state() writes it. What was held may be so no more. */
static void note_source_state(struct trial *t)
{
    struct source_known *k = t->known;

    if (!k)
        return;
    k->read = true;
    k->windowed = t->failure ? k->windowed : t->in->window;
    k->proven = t->proves ? latest(k->proven, t->now) : k->proven;
    k->open = t->ret.open;
    k->stands = !k->held && !t->ret.held;
}

static int put_source_state(struct trial *t, struct diag *d)
{
    bool turns = t->read_before && !t->failure && t->in->window != t->window_before;
    int r = turns ? source_keep(t->s, t->source, t->now, d) : 0;

    if (r)
        return r;
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_ahead(t->s, "UPDATE standing SET last_reading = max(coalesce(last_reading, 0), ?2),"
                         " last_proven = CASE WHEN ?3 THEN max(coalesce(last_proven, 0), ?2)"
                         " ELSE last_proven END, last_outcome = ?4, last_error = ?5,"
                         " failures = CASE WHEN ?6 THEN failures + 1 ELSE 0 END,"
                         " gone = CASE WHEN ?4 = 'gone' THEN 1 WHEN ?6 THEN gone ELSE 0 END,"
                         " windowed = CASE WHEN ?6 THEN windowed ELSE ?7 END WHERE source = ?1");

    stmt_int(&q, 1, t->source);
    stmt_int(&q, 2, t->now);
    stmt_int(&q, 3, t->proves);
    stmt_str(&q, 4, str_of(t->in->outcome));
    stmt_str(&q, 5, str_of(t->in->error));
    stmt_int(&q, 6, t->failure);
    stmt_int(&q, 7, t->in->window);
    return stmt_run(&q, d);
}

static int decide(struct trial *t, struct diag *d)
{
    int r = load_reading(t, d);

    if (!r)
        r = judge(t, d);
    if (!r)
        r = compare_lists(t, d);
    if (!r && t->shows && !t->begun) /* a reading that saw one has its row */
        r = end_gone(t, d);
    if (!r && t->proves && t->in->window)
        r = judge_window(t, d);
    if (!r && t->closes)
        r = end_absent(t, d);
    if (!r && t->shows)
        r = release_held(t, d);
    if (!r && t->shows)
        r = open_fresh(t, d);
    if (r)
        return r;
    t->ret.open =
        (int64_t)(t->n_open + t->n_settled) - t->ret.closed + t->ret.opened + t->ret.reopened;
    r = keep_pages(t, d);
    if (!r)
        r = put_verdict(t, d);
    if (!r)
        r = put_source_state(t, d);
    note_source_state(t);
    /* A reading that failed says nothing of what is open. */
    return r || t->failure ? r : finished_void(t->s, t->now, d);
}

int store_end_reading(struct store *s, int64_t reading, const struct verdict_in *in, int64_t now,
                      struct verdict *ret, struct diag *d)
{
    struct trial t = { .s = s, .a = &s->scratch, .in = in, .reading = reading, .now = now };
    int r = write_begin(s, d);

    if (!r)
        r = write_end(s, decide(&t, d), d);
    arena_reset(&s->scratch);
    if (!r)
        *ret = t.ret;
    return r;
}
