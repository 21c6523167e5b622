/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_pause.h: what an operator paused (`dosisctl pauze`), at the door.
 * Deliveries of one source are judged in dosis_intake.h.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     the call's
 * Errors     a refusal in call->reply: 503 with Retry-After and the reason
 */

#ifndef NGX_DOSIS_PAUSE_H
#define NGX_DOSIS_PAUSE_H

#include "http/ngx_dosis_call.h"
#include "store/dosis_deliver.h"

/* Of the whole register. false: a refusal stands in call->reply. */
bool ngx_dosis_pause_judge(ngx_dosis_call_t *call);

/* Why a delivery did not come in, when it was for its source's pause. */
void ngx_dosis_pause_tell(
    ngx_dosis_call_t *call, dosis_rc_t rc, const dosis_delivery_t *delivery);

#endif
