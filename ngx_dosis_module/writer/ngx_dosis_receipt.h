/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_receipt.h: what a delivery is answered with after its commit.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     the job's, borrowed for the call
 * Errors     none: every result has an answer
 */

#ifndef NGX_DOSIS_RECEIPT_H
#define NGX_DOSIS_RECEIPT_H

#include "writer/ngx_dosis_job.h"

/* An on_commit: sends the answer and ends the request. */
void ngx_dosis_receipt_on_commit(
    ngx_http_request_t *r, const ngx_dosis_job_t *job);

#endif
