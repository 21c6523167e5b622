/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_submit.h: the last step of every delivering door: may this client
 * deliver for that source, and if so, to the writer.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     the job is taken, whatever the outcome
 * Errors     in call->reply; NGX_DONE: the writer will answer
 */

#ifndef NGX_DOSIS_SUBMIT_H
#define NGX_DOSIS_SUBMIT_H

#include "http/ngx_dosis_call.h"
#include "writer/ngx_dosis_job.h"

/*
 * The source, when this client may deliver for it; else NULL with a refusal,
 * the same for a foreign source and for one that nobody knows.
 */
const dosis_bron_t *ngx_dosis_submit_bron(
    ngx_dosis_call_t *call, dosis_slice_t bron);

/* Fills client and preconditions in, prepares, and hands over. */
ngx_int_t ngx_dosis_submit(ngx_dosis_call_t *call, ngx_dosis_job_t *job);

#endif
