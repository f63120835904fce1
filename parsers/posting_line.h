#ifndef PARSERS_POSTING_LINE_H
#define PARSERS_POSTING_LINE_H

#include "core/diag.h"
#include "core/err.h"
#include "core/listing.h"

struct arena;
struct buf;

/*
 * A posting as one line of JSON, as `extract` and `import` read it:
 *
 *     {"id": "42", "title": "MLOps Engineer", "company": "Acme", "location": "Pune, India",
 *      "experience": "3-6 Yrs", "salary": "", "description": "...", "desc_format": "html"}
 *
 * and, for `import`: source, native_id, url, posted, first_seen, last_seen. `location` may be a
 * list. null and what is missing are "not stated"; a key that is not known is let be.
 */
enum { POSTING_LINE_MAX = 16 << 20 };

struct posting_line {
    struct str id, source;
    int64_t first_seen, last_seen; /* UTC seconds; 0: not stated */
    struct listing listing; /* title and text are valid UTF-8; the text is plain: html has gone
                               through html_text() */
};

/* ERR_FORMAT: not a JSON object, a value of the wrong kind, or no id. Everything lives in `a`. */
int posting_line_read(struct str line, struct arena *a, struct posting_line *ret,
                      struct diag *d) MUST_USE;

/*
 * A snapshot: a line with all that a search or a list showed at one time, as scrapers keep it:
 *
 *     {"fetched_at": "2026-06-24 04:22 UTC", "jobs": [{"site": "indeed", "title": "MLOps Engineer",
 *      "company": "Acme", "location": "Pune", "job_url": "https://...",
 *      "date_posted": "2026-06-20"}]}
 *
 * Each of its jobs is appended to `to` as a posting line of its own, seen at that time, known by
 * its `id` or else its address. SNAPSHOT_NONE: the line is none; ERR_FORMAT: it says no time.
 */
enum { SNAPSHOT_NONE = 1 };
int posting_snapshot(struct str line, struct arena *a, struct buf *to, struct diag *d) MUST_USE;

#endif
