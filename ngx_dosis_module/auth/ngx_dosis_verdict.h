/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_verdict.h: what became known of a token, as something to remember:
 * who it names, or why it is refused.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     a token held once, for the caller
 * Errors     NULL: the answer is none of ours, or memory is out
 *
 * An answer of the engine is {"Actief":true,"Uitgever","Tot","Claims"} or
 * {"Actief":false,"Reden","Tot"}; Tot: until when it may be remembered, in
 * seconds since 1970. The claims are judged again here, by the same function.
 */

#ifndef NGX_DOSIS_VERDICT_H
#define NGX_DOSIS_VERDICT_H

#include "auth/ngx_dosis_token_cache.h"

ngx_dosis_token_t *ngx_dosis_verdict_read(
    dosis_slice_t text, dosis_slice_t answer);

#endif
