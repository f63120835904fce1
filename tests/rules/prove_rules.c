/* prove_rules CONFIG NOTHING: load the shipped rules and run each one's yes and no sentences. */
#include <stdio.h>

#include "config/config.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/extract.h"

/* Fewer would mean that a folder was not read. */
enum { LEAST_SKILLS = 368, LEAST_SENTENCES = 736 };

int main(int argc, char **argv)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct config_options options = { .shipped = argc > 1 ? argv[1] : NULL,
                                      .path = argc > 2 ? argv[2] : NULL };
    struct config config = { 0 };
    struct diag d = { 0 };
    size_t n = 0;
    int err = config_load(&a, &options, &config, &d);

    if (!err)
        err = extractor_open(&x, &config.rules, &d);
    if (!err)
        err = extractor_prove(x, &n, &d);
    if (err) {
        config_locate(&config, &d);
        fprintf(stderr, "%s\n", d.text);
        return 1;
    }
    printf("%zu skills, %zu sentences\n", extractor_skills(x), n);
    return extractor_skills(x) < LEAST_SKILLS || n < LEAST_SENTENCES;
}
