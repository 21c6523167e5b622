/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_load.h: reference data into the store: judged as a whole, then
 * written in chunks of at most 500 registrations or 5 ms, so that a delivery
 * never waits long for us.
 *
 * Layer      daemon
 * Threads    one
 * Blocking   begin reads files; step waits for other writers and the disk
 * Memory     in place; zero it, then done. done accepts a zeroed one
 * Errors     DOSIS_EINPUT the data are refused: nothing of this chunk is
 *            written, the load is over. Any other failure of step is of the
 *            store: step again later, from where it was
 */

#ifndef DOSIS_DAEMON_DOSISD_LOAD_H
#define DOSIS_DAEMON_DOSISD_LOAD_H

#include "daemon/dosisd_reference.h"

#define DOSISD_LOAD_CHUNK 500
#define DOSISD_LOAD_CHUNK_MS 5
#define DOSISD_LOAD_PAUSE_MS 2
#define DOSISD_LOAD_RETRY_MS 5000 /* after a failure of the store */

typedef struct {
    dosisd_reference_t set; /* the last one read, while busy */
    const dosisd_item_t *next;
    bool busy;
    dosis_rc_t rc;     /* of the last step or begin */
    uint64_t problems; /* of the last attempt that has ended */
    uint64_t items;    /* held since the last success */
    int64_t loaded_ns; /* of the last success, or 0 */
    uint64_t loads;    /* successes since the start */
} dosisd_load_t;

/* DOSIS_EBUSY: a load is on its way. DOSIS_EINPUT: set.report says why. */
DOSIS_CHECK dosis_rc_t dosisd_load_begin(dosisd_load_t *load, const char *dir);

/* One chunk. On DOSIS_OK look at busy. */
DOSIS_CHECK dosis_rc_t dosisd_load_step(
    dosisd_load_t *load, dosis_writer_t *writer);

void dosisd_load_done(dosisd_load_t *load);

#endif
