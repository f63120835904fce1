#include "core/diag.h"

#include <stdarg.h>
#include <stdio.h>

static void __attribute__((format(printf, 3, 0)))
write(struct diag *d, const void *about, const char *fmt, va_list ap)
{
    vsnprintf(d->text, sizeof(d->text), fmt, ap);
    d->hint[0] = '\0';
    d->about = about;
}

int diag_fail(struct diag *d, int err, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    write(d, NULL, fmt, ap);
    va_end(ap);
    return err;
}

int diag_blame(struct diag *d, int err, const void *about, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    write(d, about, fmt, ap);
    va_end(ap);
    return err;
}

void diag_hint(struct diag *d, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(d->hint, sizeof(d->hint), fmt, ap);
    va_end(ap);
}
