/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_upload.h: a CSV file at the delivering door: judged by its headers
 * and its first bytes, taken into the spool as it comes, kept, recorded, and
 * only then accepted.
 *
 *   admit        in the snapshot of who asks: kind, parameters, quota, room
 *   receive      the body comes in pieces; nginx never puts it in a file
 *   on_body,     bytes go into the block of a place in the spool; when it is
 *   on_read      full, reading stops until the thread has written it
 *   on_written   the thread is done: read on, or all of it is on disk
 *   work         the writer's thread: the record, in the group commit
 *   on_commit    202, or why not
 *   on_leave     the client went away: before all of it came nothing is left
 *
 * Layer      module
 * Threads    the event loop, but for work
 * Blocking   never: the loop copies what came in, threads do the rest
 * Memory     an arena from admit until the answer; a place in the spool
 * Errors     in the reply
 */

#ifndef NGX_DOSIS_UPLOAD_H
#define NGX_DOSIS_UPLOAD_H

#include "http/ngx_dosis_call.h"

typedef struct ngx_dosis_upload_s ngx_dosis_upload_t;

/* Does this request bring a file where one may be brought? */
bool ngx_dosis_upload_asked(const ngx_dosis_call_t *call);

/* A handler. Fine: the request has an upload now, to be received. */
ngx_int_t ngx_dosis_upload_admit(ngx_dosis_call_t *call);

/* For the content phase: NGX_DONE, or a status. */
ngx_int_t ngx_dosis_upload_receive(ngx_http_request_t *r);

#endif
