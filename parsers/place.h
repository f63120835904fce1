#ifndef PARSERS_PLACE_H
#define PARSERS_PLACE_H

#include <stdbool.h>

#include "core/diag.h"
#include "core/err.h"
#include "core/listing.h"
#include "core/signal.h"
#include "parsers/rules.h"

struct arena;

/*
 * Places, work mode and "may somebody in India take it", from place texts such as
 * "Whitefield, Bangalore/Bengaluru, KA +7" (TAXONOMY 9). A city with namesakes needs the
 * company it keeps: "Hyderabad" is in India unless Pakistan stands beside it.
 */
struct gazetteer;

struct places {
    struct place *items; /* each once, in order */
    size_t n, cap;
    enum work_mode mode; /* by words such as "remote", "hybrid", "work from office" */
    struct evidence mode_from;
    bool worldwide; /* anywhere, global, APAC: open to India though India is not named */
    bool listed;    /* that, as one of several: "Paris, worldwide" */
    bool told;      /* that, in a sentence: an employer tells of its customers */
    bool elsewhere; /* limited to a region without India: EMEA, LATAM */
    struct evidence region_from;
};

int gazetteer_compile(struct gazetteer **ret, const struct place_rule *rules, size_t n,
                      struct diag *d) MUST_USE;
void gazetteer_free(struct gazetteer **g);

/*
 * Read one place text, adding to *io (so a listing's several places go through one
 * struct). `at` is added to the spans; `field` goes into the evidence.
 */
void places_read(const struct gazetteer *g, struct str text, enum field field, uint32_t at,
                 struct arena *a, struct places *io);

/* `mode`: a remote job may be open to India beside places abroad. */
enum india places_india(const struct places *p, enum work_mode mode, struct evidence *ret_from);

struct spots;
struct beginnings;

/* The rest of the line after "Location:", "Job location -", "Base location" and the like; empty
 * when no such line stands. It views the text. */
struct str place_line(const struct spots *in);

/* With what such a label may begin. */
void place_line_watch(struct beginnings *io);

#endif
