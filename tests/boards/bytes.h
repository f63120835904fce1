#ifndef TESTS_BOARDS_BYTES_H
#define TESTS_BOARDS_BYTES_H

#include <stddef.h>

/* What a body is made of. Each result is the caller's, to be freed. */

/* A file's bytes and a final NUL; NULL: it cannot be read, or is a folder. */
char *bytes_read(const char *path, size_t *ret_n);

/* As a gzip file. */
char *bytes_packed(const char *bytes, size_t n, size_t *ret_n);

/* With "http://HOST" in the place of each ORIGIN; `text` ends with a NUL and is freed. */
char *bytes_with_origin(char *text, const char *host, size_t *io_n);

#endif
