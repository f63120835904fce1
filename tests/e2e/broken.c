#include "tests/e2e/broken.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/cleanup.h"

static const char *const kept[] = { "roletide.db", "roletide.db-wal", "roletide.db-shm", "lock" };

void broken_open(struct play *p, const char *name)
{
    play_open(p, name);
    play_file(p, "127.0.0.2/site.tsv",
              STR("GET\t" GREENHOUSE_PATH "\t-11\t200\tAB.json\n"
                  "GET\t" GREENHOUSE_PATH "\t12-\t200\tABCD.json\n"));
    play_file(p, "127.0.0.2/AB.json", greenhouse_board(&p->memory, "AB"));
    play_file(p, "127.0.0.2/ABCD.json", greenhouse_board(&p->memory, "ABCD"));
    play_day(p, 11);
    play_start(p, GREENHOUSE_SOURCE);
}

static void copy_file(const char *from, const char *to)
{
    CLEANUP(file_close) FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    char part[65536];
    size_t n = 0;

    while (in && out && (n = fread(part, 1, sizeof(part), in)) > 0)
        if (fwrite(part, 1, n, out) != n)
            break;
    if (!in || !out || n || ferror(in) || fflush(out)) {
        perror(to);
        exit(1);
    }
}

void broken_begin(struct play *p, const char *name)
{
    broken_open(p, name);
    if (play(p, "11T03:30", "run").status)
        exit(1);
    play_day(p, 12);
    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        copy_file(str_printf(&p->memory, "%s/%s", p->state, kept[i]).p,
                  str_printf(&p->memory, "%s/kept-%s", p->folder, kept[i]).p);
}

static void put_back(struct play *p)
{
    for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
        const char *to = str_printf(&p->memory, "%s/%s", p->state, kept[i]).p;

        (void)unlink(to);
        copy_file(str_printf(&p->memory, "%s/kept-%s", p->folder, kept[i]).p, to);
    }
}

struct spawned broken_run(struct play *p, const char *fault)
{
    const char *const words[] = { "run", NULL };
    struct spawn_options opt = {
        .preload = fault ? IO_FAULTS : NULL,
        .env = fault ? str_printf(&p->memory, "IO_FAULTS=%s", fault).p : NULL,
    };
    struct running r;

    if (fault)
        put_back(p);
    r = play_begin(p, &opt, fault ? "12T03:30" : "12T05:30", words); /* a failed try is repeated */
    return spawn_wait(&p->memory, &r);
}

bool broken_goes_on(struct play *p)
{
    struct spawned doctor = play(p, "12T04:00", "doctor"), run = broken_run(p, NULL);
    struct spawned s = play(p, "12T06:00", "--format", "tsv", "sql",
                            "SELECT (SELECT count(*) FROM v_posting WHERE open),"
                            " (SELECT count(*) FROM v_spell),"
                            " (SELECT count(*) FROM v_counted_opening),"
                            " (SELECT count(*) FROM v_reading WHERE outcome IS NULL),"
                            " (SELECT max(value) FROM v_figure WHERE name = 'openings')");
    bool good = str_find(doctor.out, STR("ok   store: whole")) >= 0 && run.status == 0
                && str_ends(s.out, STR("\n4\t4\t4\t0\t4.0\n"));

    if (!good)
        fprintf(stderr, STR_FMT STR_FMT "run: %d " STR_FMT STR_FMT, STR_ARG(doctor.out),
                STR_ARG(doctor.err), run.status, STR_ARG(run.err), STR_ARG(s.out));
    return good;
}

bool broken_may_preload(void)
{
    if (!MEMORY_COUNTS)
        fprintf(stderr, "SKIP: faults are preloaded, which a sanitizer does not allow\n");
    return MEMORY_COUNTS;
}
