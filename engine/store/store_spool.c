/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_spool.h"

#include <stdio.h>
#include <string.h>

#include "base/dosis_text.h"
#include "base/dosis_wire.h"

#define SPOOL_DATABASE 203 /* one of ours: no database of the store */
#define SPOOL_VERSION 1


bool
store_spool_dir(const char *store, char to[PATH_MAX])
{
    int n = snprintf(to, PATH_MAX, "%s/" DOSIS_SPOOL_DIR, store);

    return n > 0 && n < PATH_MAX - 64; /* with a name behind it */
}


bool
store_spool_path(const char *dir, const uint8_t id[DOSIS_SPOOL_ID],
    const char *end, char to[PATH_MAX])
{
    char name[STORE_SPOOL_NAME + 1];
    int n;

    dosis_hex_encode(name, dosis_slice(id, DOSIS_SPOOL_ID));
    n = snprintf(to, PATH_MAX, "%s/%s%s", dir, name, end);
    return n > 0 && n < PATH_MAX;
}


dosis_place_t
store_spool_place(uint8_t key[STORE_SPOOL_KEY],
    const uint8_t id[DOSIS_SPOOL_ID], uint64_t block, bool last)
{
    memcpy(key, id, DOSIS_SPOOL_ID);
    dosis_be64(key + DOSIS_SPOOL_ID, block);
    key[STORE_SPOOL_KEY - 1] = last;
    return (dosis_place_t){ SPOOL_DATABASE, SPOOL_VERSION,
        dosis_slice(key, STORE_SPOOL_KEY) };
}
