#ifndef CONFIG_CSV_H
#define CONFIG_CSV_H

#include "config/yaml_doc.h"

/*
 * A list of sources as a spreadsheet writes it (RFC 4180; the first row names the
 * columns), as the tree that the same list in YAML would give: columns of a source's
 * keys are keys, any other column is a parameter, and so is "params.NAME" whatever the
 * name; an empty cell is no value.
 * `is_key(name)` tells them apart. ERR_CONFIG says file:line:column.
 */
int csv_parse(struct arena *a, const char *file, struct str text, bool (*is_key)(struct str name),
              struct yaml_node **ret, struct diag *d) MUST_USE;

#endif
