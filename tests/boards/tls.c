#include "boards/tls.h"

#include <stdio.h>

#include "core/arena.h"
#include "core/cleanup.h"

enum { PEM_MAX = 16384 };

static char *read_pem(struct arena *a, const char *root, const char *host, const char *name)
{
    CLEANUP(file_close) FILE *f = NULL;
    char path[600], *text;

    snprintf(path, sizeof(path), "%s/%s/%s", root, host, name);
    f = fopen(path, "rb");
    if (!f)
        return NULL;
    text = ARENA_NEW(a, char, PEM_MAX + 1);
    return fread(text, 1, PEM_MAX, f) ? text : NULL;
}

bool tls_options(struct arena *a, const char *root, const char *host, struct MHD_OptionItem ret[3])
{
    char *cert = read_pem(a, root, host, "cert.pem"), *key = read_pem(a, root, host, "key.pem");
    size_t n = 0;

    if (cert && key) {
        ret[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0, cert };
        ret[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0, key };
    }
    ret[n] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
    return n;
}
