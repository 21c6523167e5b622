/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_opladingen.h: what the engine tells on its socket of files of
 * deliveries, and how one is ended.
 *
 *   GET    /opladingen?client=&na=          newest first; without client all
 *   GET    /opladingen/UPLOADID?client=     one of them
 *   GET    /opladingen/UPLOADID/fouten?client=&na=   its refused rows, as JSON
 *   GET    /opladingen/UPLOADID/fouten.csv?client=   the same, as CSV
 *   GET    /opladingen/UPLOADID/waarschuwingen?client=&na=   its dossiers
 *                                           with a warning
 *   DELETE /opladingen/UPLOADID?client=     ends it
 *
 * Layer      daemon
 * Threads    one: on the loop
 * Blocking   bounded work; DELETE waits for other writers
 * Memory     adds to the buffer given
 * Errors     a status of HTTP, with a body
 */

#ifndef DOSIS_DAEMON_DOSISD_OPLADINGEN_H
#define DOSIS_DAEMON_DOSISD_OPLADINGEN_H

#include "daemon/dosisd.h"
#include "store/dosis_oplading.h"

#define DOSISD_OPLADINGEN_PATH "/opladingen/" /* of one of them */

typedef struct {
    const char *method;
    const char *rest;   /* behind DOSISD_OPLADINGEN_PATH; NULL: of all */
    const char *client; /* NULL: not given */
    const char *after;  /* cursor, or NULL */
} dosisd_opladingen_call_t;

unsigned dosisd_opladingen(dosisd_t *dosisd,
    const dosisd_opladingen_call_t *call, dosis_buf_t *answer);

/* A report of refused rows on its way, piece by piece. */
typedef struct dosisd_rapport_s dosisd_rapport_t;

/* NULL: the call is not of such a report, or there is none. */
dosisd_rapport_t *dosisd_rapport_open(
    dosisd_t *dosisd, const dosisd_opladingen_call_t *call);

/* NULL is fine. */
void dosisd_rapport_close(dosisd_rapport_t *rapport);

/*
 * Copies what comes next, at most max bytes; 0: that was all. Negative: it
 * cannot be read on.
 */
ssize_t dosisd_rapport_read(dosisd_rapport_t *rapport, char *to, size_t max);

#endif
