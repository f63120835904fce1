#ifndef TESTS_E2E_CERTIFICATES_H
#define TESTS_E2E_CERTIFICATES_H

#include "core/str.h"

struct arena;

/*
 * Certificates made while a test runs, so that none expires in the repository: an authority,
 * and what a server shows that it signed, or should not have shown.
 */
struct authority;

enum certificate {
    CERTIFICATE_GOOD,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_OTHER_HOST,
    CERTIFICATE_SELF_SIGNED,
};

struct authority *authority_open(void);
void authority_close(struct authority **ca);
struct str authority_pem(const struct authority *ca, struct arena *a);

/* A certificate for an IPv4 address ("127.0.0.2") and its key, both PEM. */
void authority_certify(const struct authority *ca, enum certificate kind, const char *address,
                       struct arena *a, struct str *ret_cert, struct str *ret_key);

#endif
