#include "crawler/fetch.h"

#include <stddef.h>

void fetcher_close(struct fetcher **f)
{
    if (*f)
        (*f)->close(*f);
    *f = NULL;
}
