#ifndef CONFIG_SHARE_H
#define CONFIG_SHARE_H

#include "config/config.h"

/*
 * Fields that several kinds of boards read in the same way are written once: an adapter with
 * `detail_fields_of` reads what its own rows do not give as that adapter does. ERR_CONFIG: there is
 * none of that name.
 */
int share_detail_fields(struct config *c, struct arena *a, struct diag *d) MUST_USE;

#endif
