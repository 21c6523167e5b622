/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_signing.h: the signing keys of DOSIS, by the engine: made at the
 * first start, turned over on request.
 *
 *   GET    /sleutels             [{"Kid","Toestand","Gemaakt","Sinds"}]
 *   POST   /sleutels[?nu=ja]     rotate: 200; 409 the next key is not known
 *                                long enough, unless nu
 *   DELETE /sleutels?kid=        a retired key is published no more; 404
 *
 * Layer      daemon
 * Threads    one
 * Blocking   waits for other writers and the disk
 * Memory     the caller's buffer
 * Errors     the HTTP status; 503, 507 the store could not be written. The
 *            store's code from ensure, said in the log
 */

#ifndef DOSIS_DAEMON_DOSISD_SIGNING_H
#define DOSIS_DAEMON_DOSISD_SIGNING_H

#include "daemon/dosisd.h"

/* Makes the keys that lack; a store that cannot be written now: next time. */
void dosisd_signing_ensure(dosisd_t *dosisd);

typedef struct {
    const char *method;
    const char *kid; /* or NULL */
    bool force;
} dosisd_signing_call_t;

unsigned dosisd_signing(
    dosisd_t *dosisd, const dosisd_signing_call_t *call, dosis_buf_t *answer);

#endif
