/* Openings, and the mentions of those that are counted: conclusions, replaced where they differ. */
#include "store/handle.h"

static int run_once(struct store *s, const char *sql, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin_once(s, sql);

    return stmt_run(&q, d);
}

/* Joined at a later time than `now`, or read by other rules: nothing of it can be built upon. */
static int is_foreign(struct store *s, int64_t now, bool *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT at > ?1 OR vintage <> ?2 FROM joined");
    int r;

    stmt_int(&q, 1, now);
    stmt_int(&q, 2, s->vintage);
    r = stmt_step(&q, d);
    *ret = r == STMT_ROW ? col_int(&q, 0) != 0 : true;
    return r < 0 ? r : 0;
}

static int begin_openings(struct store *s, int64_t now, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt mark = stmt_begin(s, "INSERT OR REPLACE INTO joined VALUES (1, ?1, ?2)");
    bool foreign = false;
    int r = is_foreign(s, now, &foreign, d);

    if (!r)
        r = finished_void_answers(s, d);
    if (!r && foreign)
        r = run_once(s, "DELETE FROM mention", d);
    if (!r && foreign)
        r = run_once(s, "DELETE FROM opening_posting", d);
    s->none_joined = foreign;
    stmt_int(&mark, 1, now);
    stmt_int(&mark, 2, s->vintage);
    return r ? r : stmt_run(&mark, d);
}

int store_begin_openings(struct store *s, int64_t now, struct diag *d)
{
    int r = store_flush(s, d);

    if (!r)
        r = write_begin(s, d);
    if (!r)
        r = begin_openings(s, now, d);
    return r ? write_end(s, r, d) : 0;
}

int store_keep_openings(struct store *s, int64_t now, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "UPDATE joined SET at = ?1");
    int r = write_begin(s, d);

    stmt_int(&q, 1, now);
    return r ? r : write_end(s, stmt_run(&q, d), d);
}

/* A reason's number: there are few, and each is a sentence. */
static int reason_id(struct store *s, struct str reason, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt find = stmt_begin(s, "SELECT id FROM reason WHERE text = ?1");
    CLEANUP(stmt_end)
    struct stmt add = stmt_begin(s, "INSERT INTO reason (text) VALUES (?1)");
    int r;

    stmt_str(&find, 1, reason);
    r = stmt_step(&find, d);
    if (r < 0)
        return r;
    if (r == STMT_ROW) {
        *ret = col_int(&find, 0);
        return 0;
    }
    stmt_str(&add, 1, reason);
    r = stmt_run(&add, d);
    *ret = sqlite3_last_insert_rowid(s->db);
    return r;
}

/* A line, and the numbers of what it says. */
struct line {
    const struct opening_row *row;
    int64_t reason, evidence;
    bool stored; /* it is there as it is */
};

static void bind_line(struct stmt *q, const struct line *l)
{
    stmt_int(q, 1, l->row->posting);
    stmt_int(q, 2, l->row->opening);
    stmt_int(q, 3, l->row->leads);
    stmt_int(q, 4, l->row->counted);
    stmt_int(q, 5, l->reason);
    stmt_int(q, 6, l->evidence);
    stmt_int_or_null(q, 7, l->row->kin);
}

static int is_stored(struct store *s, const struct line *l, bool *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT 1 FROM opening_posting WHERE posting = ?1 AND opening = ?2"
                      " AND leads = ?3 AND counted = ?4 AND reason = ?5 AND evidence = ?6"
                      " AND kin IS ?7");
    int r;

    bind_line(&q, l);
    r = stmt_step(&q, d);
    *ret = r == STMT_ROW;
    return r < 0 ? r : 0;
}

/* With its mentions, if it was its opening's counted line. */
static int drop_row(struct store *s, int64_t posting, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "DELETE FROM mention WHERE opening = (SELECT opening FROM"
                                  " opening_posting WHERE posting = ?1 AND counted = 1)");
    CLEANUP(stmt_end)
    struct stmt row = stmt_begin(s, "DELETE FROM opening_posting WHERE posting = ?1");
    int r;

    stmt_int(&q, 1, posting);
    stmt_int(&row, 1, posting);
    r = stmt_run(&q, d);
    return r ? r : stmt_run(&row, d);
}

static int put_row(struct store *s, const struct line *l, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "INSERT INTO opening_posting (posting, opening, leads, counted, reason, evidence, kin)"
           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

    bind_line(&q, l);
    return stmt_run(&q, d);
}

/* An opening of an employer of another name since: the line that stood for it comes later, with
 * the others of its employer now. */
static int drop_counted(struct store *s, int64_t opening, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT posting FROM opening_posting WHERE opening = ?1 AND counted = 1");
    int64_t posting = 0;
    int r;

    stmt_int(&q, 1, opening);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r;
    posting = col_int(&q, 0);
    stmt_end(&q);
    return drop_row(s, posting, d);
}

static int line_of(struct store *s, const struct opening_row *row, struct line *ret, struct diag *d)
{
    int r = reason_id(s, row->reason, &ret->reason, d);

    ret->row = row;
    if (!r)
        r = reason_id(s, row->evidence, &ret->evidence, d);
    return r || s->none_joined ? r : is_stored(s, ret, &ret->stored, d);
}

/* What differs goes before anything comes: two lines of an opening may change places. */
static int drop_lines(struct store *s, const struct line *lines, size_t n, struct diag *d)
{
    int r = 0;

    for (size_t i = 0; !r && i < n; i++)
        if (!lines[i].stored)
            r = drop_row(s, lines[i].row->posting, d);
    for (size_t i = 0; !r && i < n; i++)
        if (!lines[i].stored && lines[i].row->counted)
            r = drop_counted(s, lines[i].row->opening, d);
    return r;
}

int store_put_openings(struct store *s, const struct opening_row *rows, size_t n, struct diag *d)
{
    struct line *lines = ARENA_NEW(&s->scratch, struct line, n + 1);
    int r = 0;

    for (size_t i = 0; !r && i < n; i++)
        r = line_of(s, &rows[i], &lines[i], d);
    if (!r && !s->none_joined)
        r = drop_lines(s, lines, n, d);
    for (size_t i = 0; !r && i < n; i++)
        if (!lines[i].stored)
            r = put_row(s, &lines[i], d);
    arena_reset(&s->scratch);
    return r;
}

/* One skill of a lead: its strongest mention, whether any that demands it states it, and whether
 * any that states it requires it. */
static int put_mention(struct stmt *q, const struct mention *m, size_t n, struct str skill,
                       struct diag *d)
{
    const struct mention *best = m;
    bool stated = false, in_words = false;

    for (size_t i = 0; i < n; i++) {
        if (m[i].polarity > best->polarity)
            best = &m[i];
        stated |= !m[i].implied && polarity_demands(m[i].polarity);
        in_words |= !m[i].implied && m[i].polarity == POLARITY_REQUIRED;
    }
    for (size_t i = 0; !polarity_demands(best->polarity) && i < n; i++)
        stated |= !m[i].implied;
    stmt_str(q, 2, skill);
    stmt_str(q, 4, str_of(polarity_name(best->polarity)));
    stmt_int(q, 5, stated);
    stmt_str(q, 6, str_of(section_name(best->section)));
    stmt_int(q, 7, in_words);
    return stmt_run(q, d);
}

struct skill_names {
    struct str *items;
    size_t n;
};

static int put_mentions_of(struct store *s, int64_t opening, int64_t posting,
                           const struct signal *sig, const struct skill_names *names,
                           struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "INSERT INTO mention (opening, skill, posting, polarity, stated, section,"
                      " in_words) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    int r = 0;

    stmt_int(&q, 1, opening);
    stmt_int(&q, 3, posting);
    for (size_t i = 0, n; !r && i < sig->n_mentions; i += n) {
        uint32_t skill = sig->mentions[i].skill;

        for (n = 1; i + n < sig->n_mentions && sig->mentions[i + n].skill == skill; n++)
            ;
        if (skill < names->n)
            r = put_mention(&q, &sig->mentions[i], n, names->items[skill], d);
    }
    return r;
}

/* Of each counted opening whose lead's mentions are not those of its revision now. */
static int put_mentions(struct store *s, struct diag *d)
{
    CLEANUP(arena_free) struct arena names_live = ARENA_INIT, row = ARENA_INIT;
    struct skill_names names = { 0 };
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT o.opening, o.posting, g.packed FROM opening_posting o JOIN posting p"
           " ON p.id = o.posting JOIN signal g ON g.revision = p.revision WHERE o.counted = 1"
           " AND o.mentions IS NOT p.revision AND ?1 = " VINTAGE_SEEN);
    int r = store_skills(s, &names_live, &names.items, &names.n, d);

    stmt_int(&q, 1, s->vintage);
    while (!r && (r = stmt_step(&q, d)) == STMT_ROW) {
        struct signal sig;

        r = read_signal(s, col_str(&q, 2), &row, &sig, d);
        if (!r)
            r = put_mentions_of(s, col_int(&q, 0), col_int(&q, 1), &sig, &names, d);
        arena_reset(&row);
    }
    return r;
}

static int end_openings(struct store *s, struct diag *d)
{
    int r = run_once(s,
                     "DELETE FROM mention WHERE opening IN (SELECT o.opening FROM"
                     " opening_posting o JOIN posting p ON p.id = o.posting WHERE o.counted = 1"
                     " AND o.mentions IS NOT p.revision)",
                     d);

    if (!r)
        r = put_mentions(s, d);
    return r ? r
             : run_once(s,
                        "UPDATE opening_posting SET mentions = (SELECT revision FROM posting"
                        " WHERE id = opening_posting.posting) WHERE counted = 1 AND mentions"
                        " IS NOT (SELECT revision FROM posting WHERE id ="
                        " opening_posting.posting)",
                        d);
}

int store_end_openings(struct store *s, int r, struct diag *d)
{
    if (!r)
        r = end_openings(s, d);
    return write_end_now(s, r, d);
}
