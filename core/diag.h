#ifndef CORE_DIAG_H
#define CORE_DIAG_H

/*
 * The cause of a failure, in words a user can act on: "what: where: why". Whoever
 * detects the failure writes it, once; cli/ prints it, once. No other code prints.
 *
 * `about` may point at the configured value that is to blame (the bytes of a struct
 * str that config/ handed out); config_locate() turns it into file:line:column, so
 * that a module can complain about a setting without knowing that files exist.
 */
struct diag {
    char text[480];
    char hint[240]; /* what to type or change next; empty when there is nothing to say */
    const void *about;
};

/* Write the message and return err, so that a failure is one statement. */
int diag_fail(struct diag *d, int err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* As diag_fail(), and remember which configured value is to blame. */
int diag_blame(struct diag *d, int err, const void *about, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Add the hint to a failure already written. */
void diag_hint(struct diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
