#ifndef SITE_PUBLISH_H
#define SITE_PUBLISH_H

#include "aggregator/figures.h"

/* Everything that is published, gathered by the caller; the views outlive the call. */
struct site_input {
    int64_t
        as_of; /* data time: the end of the last run, not now: unchanged data keep their bytes */
    struct str title; /* empty: "Roles open in India" */
    struct str url;   /* where the folder will be served, http(s); empty: links stay relative */
    const struct market *market; /* with its openings, sources, skills and roadmap */
    const struct roles *roles;
    const struct demand *demand;       /* of all counted openings */
    const struct demand *stage_demand; /* STAGES of them, or NULL */
    const struct stages *stages;
    const struct life *life;           /* STAGES + 1 of them: all, and each stage */
    const struct salary *salary;       /* of all counted openings */
    const struct salary *stage_salary; /* STAGES of them, or NULL */
    const struct series_row *series;
    size_t n_series;
    /* Called with the bytes of each file, also of those that did not change; may be NULL. */
    int (*save)(void *ctx, struct str name, struct str bytes, struct diag *d);
    void *ctx;
};

/*
 * Write to folder `dir` (made where missing): v1/{roles,skills,stages,salary,openings,sources,
 * index}.json, v1/history.csv, v1/schema/, index.html, badge.json, badge.svg, roles.atom,
 * feed.json, metrics.prom. Each is written beside its place, synced and renamed, so a
 * reader sees the old bytes or the new; a file whose content did not change is not touched.
 */
int site_publish(const struct site_input *in, const char *dir, struct diag *d) MUST_USE;

/*
 * Files as they were published once, put back: folders are made, each file is written beside its
 * place and renamed. `name` is one that site_publish() gave to `save`.
 */
int site_restore(const char *dir, struct str name, struct str bytes, struct diag *d) MUST_USE;

#endif
