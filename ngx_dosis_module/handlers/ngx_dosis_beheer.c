/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET beheer/toestand: how the register is.
 * GET beheer/bronnen, beheer/clienten: what is registered, paged by name.
 * GET beheer/uploads: the files that came in, of every client, newest first;
 *     one of them stands in ngx_dosis_uploads.c.
 *
 * For an operator: scope DosisBeheer, by a client that is registered. They show
 * no dossier, so the access ledger has nothing to note.
 *
 *   toestand    asks the file system: on a thread
 *   the others  a page of what this snapshot has
 */

#include "auth/ngx_dosis_source.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_aside.h"
#include "ngx_dosis_worker.h"
#include "store/dosis_beheer.h"
#include "store/dosis_oplading.h"

#ifndef DOSIS_VERSION
#define DOSIS_VERSION "0"
#endif

#define BEHEER_PARAMS (NGX_DOSIS_PARAM(LIMIET) | NGX_DOSIS_PARAM(NA))

typedef dosis_rc_t (*beheer_page_pt)(dosis_reader_t *reader,
    const dosis_beheer_page_t *page, dosis_buf_t *body);


static ngx_int_t
beheer_page(ngx_dosis_call_t *call, beheer_page_pt add)
{
    dosis_rc_t rc;
    ngx_dosis_params_t params;
    dosis_beheer_page_t page = { .now_ns = call->now_ns };

    if (!ngx_dosis_params_read(call, BEHEER_PARAMS, &params)
        || !ngx_dosis_source_limit(call, params.value[NGX_DOSIS_PARAM_LIMIET],
            DOSIS_PAGE_ROWS, &page.limit)) {
        return NGX_OK;
    }
    page.after = params.value[NGX_DOSIS_PARAM_NA];
    rc = add(call->reader, &page, call->out);
    return (rc == DOSIS_OK) ? ngx_dosis_answer(call)
                            : ngx_dosis_refuse_rc(call, rc);
}


ngx_int_t
ngx_dosis_beheer_bronnen(ngx_dosis_call_t *call)
{
    return beheer_page(call, dosis_beheer_bronnen);
}


ngx_int_t
ngx_dosis_beheer_clienten(ngx_dosis_call_t *call)
{
    return beheer_page(call, dosis_beheer_clienten);
}


/* Its cursor is one that the store made: another one is refused. */
ngx_int_t
ngx_dosis_beheer_uploads(ngx_dosis_call_t *call)
{
    dosis_rc_t rc;
    ngx_dosis_params_t params;
    dosis_opladingen_page_t page = { .now_ns = call->now_ns };

    if (!ngx_dosis_params_read(call, BEHEER_PARAMS, &params)
        || !ngx_dosis_source_limit(call, params.value[NGX_DOSIS_PARAM_LIMIET],
            DOSIS_PAGE_ROWS, &page.limit)) {
        return NGX_OK;
    }
    page.after = params.value[NGX_DOSIS_PARAM_NA];
    rc = dosis_opladingen(call->reader, &page, call->out);
    if (rc == DOSIS_EINPUT) {
        return ngx_dosis_refuse_cursor(call);
    }
    return (rc == DOSIS_OK) ? ngx_dosis_answer(call)
                            : ngx_dosis_refuse_rc(call, rc);
}


ngx_int_t
ngx_dosis_beheer_toestand(ngx_dosis_call_t *call)
{
    dosis_rc_t rc;
    const dosis_beheer_plaats_t plaats = {
        .dir = (const char *) ngx_dosis_worker()->conf->store.data,
        .versie = DOSIS_SLICE(DOSIS_VERSION),
        .now_ns = call->now_ns,
    };

    if (call->r != NULL) {
        return ngx_dosis_aside(call, ngx_dosis_beheer_toestand);
    }
    rc = dosis_beheer_toestand(call->reader, &plaats, call->out);
    return (rc == DOSIS_OK) ? ngx_dosis_answer(call)
                            : ngx_dosis_refuse_rc(call, rc);
}
