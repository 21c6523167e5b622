/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_inzage.h: what was shown is noted in the access ledger, by the only
 * three ways in which dossiers leave: a reply, the reply of work done on a
 * thread, a piece of a stream. How it gets to disk: engine/doc/inzage.md.
 *
 *   reply      one consultation, into the buffer of this worker; `strict`:
 *              the answer waits until it is on disk
 *   timer      1 s after the first, or when the buffer has 64 KiB: handed to
 *              the writer, whose commit it shares
 *   on_commit  done; or kept for the next timer
 *
 * Layer      module
 * Threads    the event loop; the bytes are the writer's until the commit
 * Blocking   never, but for exit
 * Memory     of this worker, at most what dosis_inzage says and one more
 * Errors     has_room: false, and then nothing may be shown
 */

#ifndef NGX_DOSIS_INZAGE_H
#define NGX_DOSIS_INZAGE_H

#include "domain/dosis_inzage.h"
#include "store/dosis_store.h"
#include "writer/ngx_dosis_listener.h"

typedef enum {
    NGX_DOSIS_INZAGE_OFF,
    NGX_DOSIS_INZAGE_ON,
    NGX_DOSIS_INZAGE_STRICT
} ngx_dosis_inzage_mode_t;

/* Before anything is read that will be shown. */
bool ngx_dosis_inzage_has_room(dosis_deur_t deur);

/* As ngx_dosis_reply_send(); NGX_DONE: sent when it is on disk. */
ngx_int_t ngx_dosis_inzage_reply(ngx_http_request_t *r,
    const ngx_dosis_reply_t *reply, const dosis_inzage_t *seen);

/* As ngx_dosis_listener_answer(). */
void ngx_dosis_inzage_answer(ngx_dosis_listener_t *listener,
    const ngx_dosis_reply_t *reply, const dosis_inzage_t *seen);

/*
 * A piece of a stream that is about to go out; of anything else, or nothing in
 * it, is fine. false: it was not noted, and must not go.
 */
bool ngx_dosis_inzage_piece(ngx_http_request_t *r, const dosis_inzage_t *seen);

/*
 * Hooks of the worker. Exit: when its writer is gone; writes what is left.
 */
void ngx_dosis_inzage_init(ngx_cycle_t *cycle);
void ngx_dosis_inzage_exit(ngx_cycle_t *cycle, dosis_store_t *store);

#endif
