/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_upload_admit.h: whether a file may come in, by what is known
 * before its first byte.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   asks the file system how much is left
 * Memory     what is kept of the question lies in the arena given
 * Errors     false: the refusal stands in call->reply
 */

#ifndef NGX_DOSIS_UPLOAD_ADMIT_H
#define NGX_DOSIS_UPLOAD_ADMIT_H

#include "http/ngx_dosis_call.h"
#include "store/dosis_oplading.h"

#define NGX_DOSIS_UPLOAD_RETRY_S 60 /* when too many wait */

/* text/csv, or that with parameters. */
bool ngx_dosis_upload_is_csv(const ngx_http_request_t *r);

/* Headers, parameters, ceilings, quota, room. Sets what was asked. */
bool ngx_dosis_upload_judge(ngx_dosis_call_t *call, dosis_arena_t *arena,
    dosis_oplading_t *ret_oplading, bool *ret_gzip_said);

/* So much, and not a byte more. */
void ngx_dosis_upload_too_large(dosis_err_t *err, uint64_t max);

#endif
