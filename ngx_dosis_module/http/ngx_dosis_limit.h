/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_limit.h: how much one client, or one user, may ask in time.
 *
 *   judge    after token and client, before a byte of the body: takes one,
 *            and tells how much is left in RateLimit
 *   owe      a list has been counted: it costs what it holds
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     a zone that all workers share and a reload keeps
 * Errors     a refusal in call->reply: 429, or 503 for who asks as a source
 *
 * The clock is that of the machine, which nobody sets.
 */

#ifndef NGX_DOSIS_LIMIT_H
#define NGX_DOSIS_LIMIT_H

#include "http/ngx_dosis_call.h"
#include "ngx_dosis_conf.h"

/* Whose bucket it is, when no request is there any more. */
typedef struct {
    uint64_t wie; /* 0: of nobody, there is no limit */
    dosis_grens_t grens;
} ngx_dosis_limit_owner_t;

/* While the configuration is read. NULL: reported. */
ngx_shm_zone_t *ngx_dosis_limit_zone(ngx_conf_t *cf, size_t bytes);

/* What holds for that client, as registered or as configured; or NULL. */
dosis_grens_t ngx_dosis_limit_of(
    const dosis_client_t *client, ngx_dosis_limit_what_t what);

/* Once for a request. false: a refusal stands in call->reply. */
bool ngx_dosis_limit_judge(ngx_dosis_call_t *call);

ngx_dosis_limit_owner_t ngx_dosis_limit_owner(const ngx_dosis_call_t *call);

void ngx_dosis_limit_owe(const ngx_dosis_limit_owner_t *owner, ngx_uint_t more);

#endif
