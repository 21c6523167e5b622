/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_oplading.h: a file of deliveries that comes in by the engine's own
 * socket.
 *
 *   begin     the parameters are judged, before a byte of the body
 *   add       its bytes, sealed into the spool
 *   end       the beginning is judged, the spool file finished
 *   (thread)  on disk, or taken away: that waits for the file system
 *   on_kept   its record is committed, whoever waits is told
 *
 * Layer      daemon
 * Threads    the loop; a thread of its own for each file that ends
 * Blocking   add writes into the page cache; on_kept waits for other writers
 *            and for the disk, as a registration does
 * Memory     open gives, close takes; begin gives, end or free takes
 * Errors     a status of HTTP, with what is wrong in the answer
 *
 * Nothing is left of a file that was not taken: see dosis_spool.h.
 */

#ifndef DOSIS_DAEMON_DOSISD_OPLADING_H
#define DOSIS_DAEMON_DOSISD_OPLADING_H

#include "daemon/dosisd.h"
#include "daemon/dosisd_introspect.h"
#include "store/dosis_oplading_vraag.h"

#define DOSISD_OPLADINGEN_MAX 8 /* that come in, or end, at once */

typedef struct dosisd_oplading_s dosisd_oplading_t;

/* NULL: the system below failed. */
dosisd_opladingen_t *dosisd_opladingen_open(dosisd_t *dosisd);

/*
 * NULL is fine. Waits for the threads of files that have come in, and tells
 * who waits: before the socket closes; again, before the store does.
 */
void dosisd_opladingen_rest(dosisd_opladingen_t *opladingen);

/* NULL is fine. No file is coming in any more. */
void dosisd_opladingen_close(dosisd_opladingen_t *opladingen);

/*
 * bytes: that were announced, or 0. 0: *ret_oplading is given; else refused,
 * with that status.
 */
unsigned dosisd_oplading_begin(dosisd_opladingen_t *opladingen,
    const dosis_oplading_vraag_t *vraag, uint64_t bytes,
    dosisd_oplading_t **ret_oplading, dosis_buf_t *answer);

/* What is wrong is kept until the end. */
void dosisd_oplading_add(dosisd_oplading_t *oplading, dosis_slice_t bytes);

/* waiter->told is called once, later. */
void dosisd_oplading_end(
    dosisd_oplading_t *oplading, dosisd_waiter_t *waiter);

/* Takes away a file of the spool, on a thread. */
void dosisd_oplading_remove(dosisd_opladingen_t *opladingen,
    const uint8_t spool[DOSIS_SPOOL_ID]);

/* Its sender has left. NULL is fine. */
void dosisd_oplading_free(dosisd_oplading_t *oplading);

#endif
