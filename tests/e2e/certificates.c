#include "tests/e2e/certificates.h"

#include <arpa/inet.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/arena.h"

enum { DAY = 86400 };

struct authority {
    gnutls_x509_crt_t cert;
    gnutls_x509_privkey_t key;
};

/* Nothing here depends on what is tested: a failure is the machine's. */
static void must(int r)
{
    if (r >= 0)
        return;
    fprintf(stderr, "certificates: %s\n", gnutls_strerror(r));
    exit(1);
}

static gnutls_x509_privkey_t new_key(void)
{
    gnutls_x509_privkey_t key;

    must(gnutls_x509_privkey_init(&key));
    must(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                      GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
    return key;
}

static gnutls_x509_crt_t new_cert(gnutls_x509_privkey_t key, const char *name, time_t from,
                                  time_t to)
{
    unsigned char serial[8];
    gnutls_x509_crt_t c;

    must(gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial)));
    serial[0] &= 0x7f; /* a positive number */
    must(gnutls_x509_crt_init(&c));
    must(gnutls_x509_crt_set_version(c, 3));
    must(gnutls_x509_crt_set_key(c, key));
    must(gnutls_x509_crt_set_serial(c, serial, sizeof(serial)));
    must(gnutls_x509_crt_set_dn(c, name, NULL));
    must(gnutls_x509_crt_set_activation_time(c, from));
    must(gnutls_x509_crt_set_expiration_time(c, to));
    return c;
}

static struct str pem_of(struct arena *a, gnutls_datum_t *pem)
{
    struct str text = str_dup(a, (struct str){ (const char *)pem->data, pem->size });

    gnutls_free(pem->data);
    return text;
}

static struct str pem_of_cert(struct arena *a, gnutls_x509_crt_t cert)
{
    gnutls_datum_t pem;

    must(gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &pem));
    return pem_of(a, &pem);
}

struct authority *authority_open(void)
{
    struct authority *ca = calloc(1, sizeof(*ca));
    time_t now = time(NULL);

    if (!ca)
        abort();
    ca->key = new_key();
    ca->cert = new_cert(ca->key, "CN=Played Authority", now - 30 * DAY, now + 30 * DAY);
    must(gnutls_x509_crt_set_basic_constraints(ca->cert, 1, -1));
    must(gnutls_x509_crt_set_key_usage(ca->cert, GNUTLS_KEY_KEY_CERT_SIGN));
    must(gnutls_x509_crt_sign2(ca->cert, ca->cert, ca->key, GNUTLS_DIG_SHA256, 0));
    return ca;
}

void authority_close(struct authority **ca)
{
    if (!*ca)
        return;
    gnutls_x509_crt_deinit((*ca)->cert);
    gnutls_x509_privkey_deinit((*ca)->key);
    free(*ca);
    *ca = NULL;
}

struct str authority_pem(const struct authority *ca, struct arena *a)
{
    return pem_of_cert(a, ca->cert);
}

void authority_certify(const struct authority *ca, enum certificate kind, const char *address,
                       struct arena *a, struct str *ret_cert, struct str *ret_key)
{
    time_t to = time(NULL) + (kind == CERTIFICATE_EXPIRED ? -1 : 10) * DAY;
    gnutls_x509_privkey_t key = new_key();
    gnutls_x509_crt_t cert = new_cert(key, "CN=Played Board", to - 20 * DAY, to);
    bool alone = kind == CERTIFICATE_SELF_SIGNED;
    struct in_addr host;
    gnutls_datum_t pem;

    if (inet_pton(AF_INET, kind == CERTIFICATE_OTHER_HOST ? "127.0.0.77" : address, &host) != 1)
        abort();
    must(gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_IPADDRESS, &host, sizeof(host),
                                              GNUTLS_FSAN_SET));
    must(gnutls_x509_crt_sign2(cert, alone ? cert : ca->cert, alone ? key : ca->key,
                               GNUTLS_DIG_SHA256, 0));
    must(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem));
    *ret_key = pem_of(a, &pem);
    *ret_cert = pem_of_cert(a, cert);
    gnutls_x509_crt_deinit(cert);
    gnutls_x509_privkey_deinit(key);
}
