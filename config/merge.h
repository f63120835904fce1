#ifndef CONFIG_MERGE_H
#define CONFIG_MERGE_H

#include "config/config.h"
#include "config/schema.h"

/* How a file of a kind is laid out. */
enum layout {
    LAYOUT_ONE,   /* the mapping of one record */
    LAYOUT_LIST,  /* a list of mappings */
    LAYOUT_NAMED, /* a mapping of names to records */
};

/* One kind of configured record: where its files are, what they say, where it goes. */
struct kind {
    unsigned parts;   /* of enum config_part: any of them needs it */
    const char *path; /* below the layer: a folder of files, or the only file (".yaml") */
    const struct schema *schema;
    enum layout layout;
    size_t list; /* offset of its struct { items, n, cap } in struct config */
    /*
     * Fill in what the file leaves out, and return the key by which a later layer's
     * record replaces this one. NULL: a later layer's file replaces all of an earlier one's.
     */
    struct str (*settle)(const struct config *c, struct arena *a, void *record, const char *file);
};

/* The folders that configuration is read from, later ones winning. */
struct layers {
    const char *items[4];
    size_t n;
};

/* Read one kind from all layers into its list. ERR_CONFIG, ERR_LIMIT, ERR_IO. */
int merge_kind(struct config *c, struct arena *a, const struct kind *k, const struct layers *layers,
               struct diag *d) MUST_USE;

#endif
