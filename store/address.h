#ifndef STORE_ADDRESS_H
#define STORE_ADDRESS_H

#include "store/handle.h"

/* How a posting's address is written: whole, or as what its board's addresses begin with. */
struct written_url {
    int64_t address, hash;
    struct str url;
};

/* What is new to its board is kept; *ret views `url`. */
int address_write(struct store *s, int64_t source, struct str native_id, struct str url,
                  struct written_url *ret, struct diag *d) MUST_USE;

#endif
