/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_pause.h"


bool
ngx_dosis_pause_judge(ngx_dosis_call_t *call)
{
    ngx_dosis_problem_t problem = NGX_DOSIS_STILGELEGD;
    const dosis_pauze_t *pauze =
        dosis_ref_pauze(dosis_reader_ref(call->reader), call->now_ns);

    if (pauze == NULL || (call->route->flags & NGX_DOSIS_ROUTE_ALWAYS)) {
        return true;
    }
    if (pauze->stand == DOSIS_PAUZE_LEZEN) {
        if (!(call->route->flags & NGX_DOSIS_ROUTE_DELIVERY)) {
            return true;
        }
        problem = NGX_DOSIS_ALLEEN_LEZEN;
    }
    dosis_pauze_tell(pauze, ngx_dosis_problem_row(problem)->code, &call->err);
    (void) ngx_dosis_refuse(call, problem);
    call->reply.retry_s = dosis_pauze_retry_s(pauze, call->now_ns);
    return false;
}


void
ngx_dosis_pause_tell(
    ngx_dosis_call_t *call, dosis_rc_t rc, const dosis_delivery_t *delivery)
{
    if (rc == DOSIS_EPAUSED) {
        dosis_err_copy(&call->err, delivery->problems);
        call->reply.retry_s = delivery->retry_s;
    }
}
