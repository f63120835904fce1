#ifndef SITE_FIGURES_JSON_H
#define SITE_FIGURES_JSON_H

#include "aggregator/figures.h"
#include "core/json_out.h"

/*
 * The figures as JSON, the same on the command line and in the published files. Each
 * function but opening_json() adds its members to the object that is open:
 *     json_object(&j, NULL);
 *     roles_json(&j, m, as_of, &roles);
 *     json_end(&j);
 * A figure that is not known is null. Personal data in titles and names is masked.
 */
void roles_json(struct json_out *j, const struct market *m, int64_t as_of, const struct roles *r,
                const struct life *life, const struct salary *pay);
void demand_json(struct json_out *j, int64_t as_of, const struct demand *d);
/* `life` is of all, then of each stage; NULL: not known of a selection. */
void stages_json(struct json_out *j, const struct market *m, int64_t as_of, const struct stages *s,
                 const struct life *life);

/* `roletide stages --with`: `with` instead of the bullets. */
void with_json(struct json_out *j, const struct market *m, int64_t as_of, const struct with *w);

/* `roletide salary --offer`: where a yearly offer stands, in rupees; 0: what openings pay
 * that ask for so many years. */
void offer_json(struct json_out *j, int64_t as_of, const struct offer *o, int64_t inr,
                int64_t years);

/* `stages` is one a stage and may be NULL. Rupees a year. */
void salary_json(struct json_out *j, const struct market *m, int64_t as_of,
                 const struct salary *all, const struct salary *stages);

/* One object: id, title, employer, places, mode, stage, track, years, pay, skills, url,
 * first_proof, last_proof. `a` holds what is masked. */
void opening_json(struct json_out *j, const char *key, const struct market *m,
                  const struct opening *o, struct arena *a);

/* "read", "stale" (no proven reading for STALE_DAYS), "failed" (the last one), "gone", "new". */
const char *source_standing(const struct source_state *s, int64_t now);

/* The places of a counted opening as people write them ("Bengaluru", "Karnataka", "IN"): its
 * lead's, then the cities that only its other open postings name. */
struct strs opening_places(const struct market *m, const struct opening *o, struct arena *a);

#endif
