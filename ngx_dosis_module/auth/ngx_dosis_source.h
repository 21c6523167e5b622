/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_source.h: about which source a client asks, and which page.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     the call's scratch arena
 * Errors     NULL, false: the refusal stands in call->reply
 */

#ifndef NGX_DOSIS_SOURCE_H
#define NGX_DOSIS_SOURCE_H

#include "http/ngx_dosis_params.h"
#include "store/dosis_source.h"

/*
 * The source in the parameter `bron`, for which this client may deliver now.
 * An unknown one, one that is switched off and one of others are refused with
 * the same problem.
 */
const dosis_bron_t *ngx_dosis_source(ngx_dosis_call_t *call,
    const ngx_dosis_params_t *params, ngx_dosis_problem_t foreign);

/* Its page: limiet (fallback when absent) and na as well. */
bool ngx_dosis_source_page(ngx_dosis_call_t *call, uint32_t fallback,
    ngx_dosis_problem_t foreign, dosis_source_page_t *ret);

/* How many rows a page has; fallback when text is absent. */
bool ngx_dosis_source_limit(ngx_dosis_call_t *call, dosis_slice_t text,
    uint32_t fallback, uint32_t *ret);

#endif
