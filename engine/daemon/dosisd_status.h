/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_status.h: how the engine and its store are, as JSON.
 *
 * Layer      daemon
 * Threads    one
 * Blocking   reads the store's counters
 * Memory     the caller's buffer
 * Errors     sticky in the buffer
 */

#ifndef DOSIS_DAEMON_DOSISD_STATUS_H
#define DOSIS_DAEMON_DOSISD_STATUS_H

#include "daemon/dosisd.h"

/* {"engine": {...}, "store": {...}|null, "reference": {...},
 * "issuers": [...]|null}, the last of dosisd_sleutels.h */
void dosisd_status_add(dosis_buf_t *buf, dosisd_t *dosisd);

/* {"status": "UP"|"DEGRADED"|"DOWN"}; false when DOWN. */
bool dosisd_health_add(dosis_buf_t *buf, dosisd_t *dosisd);

/* What the last load came to: {"loaded": true, "items": 12}, or problems. */
void dosisd_load_add(dosis_buf_t *buf, const dosisd_load_t *load);

#endif
