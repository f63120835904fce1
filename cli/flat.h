#ifndef CLI_FLAT_H
#define CLI_FLAT_H

#include "cli/table.h"
#include "core/json_out.h"

/*
 * Print one document in the format asked for, and empty the buffer: as JSON, or, as a table of
 * text, a row a value: `figure` is where it stands, members and items separated by dots, and an
 * item is named by its first member ("stages.3.pay.p50"), else by its place from 1 on. So every
 * format has the same figures.
 */
int document_print(struct cli *cli, struct json_out *j, struct diag *d) MUST_USE;

/* The rows alone, of JSON that json_out wrote; what is no value adds none. */
void flat_rows(struct cli *cli, struct str json, struct table *to);

#endif
