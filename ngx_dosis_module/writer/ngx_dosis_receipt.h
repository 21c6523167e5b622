/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_receipt.h: what a delivery is answered with, alone or as one of a
 * batch.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     the job's, borrowed for the call; a reply borrows the worker's
 *            buffer and the delivery
 * Errors     none: every result has an answer
 */

#ifndef NGX_DOSIS_RECEIPT_H
#define NGX_DOSIS_RECEIPT_H

#include "writer/ngx_dosis_job.h"

/* An on_commit: answers the one delivery of the job. */
void ngx_dosis_receipt_on_commit(ngx_dosis_job_t *job);

/* The reply to one delivery that came to rc. */
void ngx_dosis_receipt_fill(dosis_rc_t rc, const dosis_delivery_t *delivery,
    ngx_dosis_reply_t *reply);

/* Adds one element of `Resultaten`. */
void ngx_dosis_receipt_add(
    dosis_buf_t *out, dosis_rc_t rc, const dosis_delivery_t *delivery);

#endif
