/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_inzage.h: what the engine does with the access ledger: the index by
 * subject, the end of what is too old, an anchor of its head now and then. In
 * chunks with pauses, so that a delivery never waits long for us.
 *
 * Layer      daemon
 * Threads    one
 * Blocking   a step waits for other writers and the disk
 * Memory     in place
 * Errors     logged when they begin and end; the step is done again later
 */

#ifndef DOSIS_DAEMON_DOSISD_INZAGE_H
#define DOSIS_DAEMON_DOSISD_INZAGE_H

#include "store/dosis_ledger.h"

#define DOSISD_INZAGE_LOOK_MS 1000  /* when there was nothing to do */
#define DOSISD_INZAGE_PAUSE_MS 5    /* between two chunks */
#define DOSISD_INZAGE_RETRY_MS 5000 /* after a failure of the store */

typedef struct {
    dosis_ledger_work_t work;
    dosis_rc_t rc; /* of the last step */
} dosisd_inzage_t;

/* days: how long consultations are kept. */
void dosisd_inzage_init(dosisd_inzage_t *inzage, uint32_t days);

/* Returns after how many ms the next one is due. */
int64_t dosisd_inzage_step(dosisd_inzage_t *inzage, dosis_writer_t *writer);

#endif
