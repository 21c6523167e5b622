/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_sleutels.h: the key sets of the registered issuers: fetched at the
 * start, when a registration changes, at its interval, and when a worker asks
 * for a key that it does not know (store/dosis_notice.h); published in the
 * store. A set without a usable key, or none at all, never takes the place of
 * one that is held.
 *
 * Layer      daemon
 * Threads    one: on the loop
 * Blocking   a commit when a set has changed: waits for other writers
 * Memory     open gives, close takes
 * Errors     said in the log when they begin and when they end
 */

#ifndef DOSIS_DAEMON_DOSISD_SLEUTELS_H
#define DOSIS_DAEMON_DOSISD_SLEUTELS_H

#include "base/dosis_buf.h"
#include "daemon/dosisd_fetch.h"
#include "daemon/dosisd_store.h"

#define DOSISD_SLEUTELS_LOOK_MS 200      /* at the board and the store */
#define DOSISD_SLEUTELS_RETRY_MS 5000    /* after a failure, then doubled */
#define DOSISD_SLEUTELS_RETRY_MAX_MS 300000
#define DOSISD_SLEUTELS_BYTES (256 * 1024)

typedef struct dosisd_sleutels_s dosisd_sleutels_t;

/*
 * All outlive it; dir: of the store. NULL: no memory, or no board; said in
 * the log.
 */
dosisd_sleutels_t *dosisd_sleutels_open(dosisd_loop_t *loop,
    dosisd_fetch_t *fetch, dosisd_store_t *store, const char *dir);

/* NULL is fine. Fetches under way are dropped. */
void dosisd_sleutels_close(dosisd_sleutels_t *sleutels);

/*
 * What discovery told of where opaque tokens are asked about; NULL: nothing.
 * Borrowed until the loop goes on.
 */
const char *dosisd_sleutels_introspectie(
    const dosisd_sleutels_t *sleutels, uint32_t issuer);

/*
 * Adds [{"Nummer", "Iss", "Toestand": "goed"|"faalt"|"wacht"|"uit"|"geen",
 * "LaatstGoed", "LaatstGeprobeerd", "Fout": text|null, "Mislukt": failures in
 * a row, "Sleutels": [kid], "Vervallen": [kid]}].
 */
void dosisd_sleutels_add(dosis_buf_t *to, dosisd_sleutels_t *sleutels);

#endif
