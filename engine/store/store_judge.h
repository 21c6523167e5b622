/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_judge.h: what is judged of a delivery before anything is written: the
 * same for one that is stored and for a trial. Private.
 *
 * Layer      store
 * Threads    one thread
 * Blocking   page faults
 * Memory     the delivery's own arena
 * Errors     DOSIS_ENOTFOUND no such upload within its 30 days; DOSIS_EFORMAT,
 *            DOSIS_EKEY damage
 */

#ifndef DOSIS_STORE_STORE_JUDGE_H
#define DOSIS_STORE_STORE_JUDGE_H

#include "store/dosis_deliver.h"
#include "store/store_apply.h"
#include "store/store_result.h"

DOSIS_CHECK dosis_rc_t store_upload_find(const store_snap_t *snap,
    const dosis_delivery_t *delivery, int64_t now_ns,
    store_upload_t *ret_upload);

/* Is it the same delivery that was accepted under this UploadId? */
bool store_upload_repeats(
    const store_upload_t *upload, const dosis_delivery_t *delivery);

/* The answer of the first time; ret_content: what was held after it. */
DOSIS_CHECK dosis_rc_t store_upload_answer(const store_snap_t *snap,
    dosis_delivery_t *delivery, uint64_t result_seq, uint8_t ret_content[16]);

/* The tag of what is held after it; content zero: of nothing, "". */
void store_judge_etag(dosis_delivery_t *delivery, const uint8_t content[16],
    uint64_t version);

/* If-Match and If-None-Match against what is held. */
bool store_preconditions_hold(
    const dosis_delivery_t *delivery, const store_held_t *held);

/* The operation it is, with its stamp. bron and result_seq are left open. */
store_op_t store_judge_op(const dosis_delivery_t *delivery, uint64_t receipt,
    uint16_t site, const store_held_t *held);

#endif
