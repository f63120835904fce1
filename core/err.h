#ifndef CORE_ERR_H
#define CORE_ERR_H

/*
 * What an int return means, everywhere:
 *   0         it worked
 *   negative  it failed; pass the value up unchanged, the cause is in the diag
 *   positive  an outcome this one function documents; the caller handles it
 *
 * cli/ maps a failure to an exit status: USAGE 2, CONFIG 78, FORMAT, LIMIT and DB 65, BUSY 75,
 * else 1.
 */
enum err {
    ERR_IO = -1,     /* a system call failed */
    ERR_NET = -2,    /* the transfer failed: connect, TLS, timeout, bad status */
    ERR_FORMAT = -3, /* the input is not what its format says */
    ERR_LIMIT = -4,  /* the input is over a limit we set */
    ERR_DB = -5,     /* SQLite said no */
    ERR_USAGE = -6,  /* a bad option or argument */
    ERR_CONFIG = -7, /* a bad setting, adapter, rule, source or roadmap */
    ERR_BUSY = -8,   /* somebody else holds the state folder; try later */
    ERR_DENIED = -9, /* robots.txt, an address or a policy forbids it */
};

#define MUST_USE __attribute__((warn_unused_result))

#endif
