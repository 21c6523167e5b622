/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_batch.h: a JSON list of dossiers, each a delivery of its own.
 *
 *   batch          takes the body out of the request, posts a task
 *   batch_work     a thread: element by element, read and checked; a list that
 *                  is no JSON is refused as a whole; on trial also judged
 *   batch_on_read  the loop: cut in pieces, handed to the writer in order; or
 *                  answered, when nothing is to be stored
 *   on_commit      after the last piece: the results, in order
 *
 * Layer      module
 * Threads    the event loop; batch_work on a thread of the read pool
 * Blocking   only batch_work
 * Memory     a batch owns its body and all its deliveries, in one arena, until
 *            its last piece is done. One element's JSON is in memory at a time
 * Errors     in call->reply; NGX_DONE: the batch will answer
 *
 * Not atomic: each item has its own result. A queue without room for all of
 * them refuses the whole, before anything is stored.
 */

#ifndef NGX_DOSIS_BATCH_H
#define NGX_DOSIS_BATCH_H

#include "http/ngx_dosis_call.h"

#define NGX_DOSIS_BATCH_ITEMS_MAX DOSIS_BATCH_ITEMS_MAX

/* call->body is a list. trial: nothing is stored. */
ngx_int_t ngx_dosis_batch(ngx_dosis_call_t *call, bool trial);

#endif
