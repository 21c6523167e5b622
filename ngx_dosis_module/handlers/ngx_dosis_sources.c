/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET bronnen/uris: the sources that this client may deliver for.
 * GET bronnen/dossiers: what one of them delivered, whole, paged.
 */

#include "auth/ngx_dosis_source.h"
#include "base/dosis_json.h"
#include "handlers/ngx_dosis_handlers.h"


ngx_int_t
ngx_dosis_source_uris(ngx_dosis_call_t *call)
{
    size_t i;
    bool first = true;
    const dosis_bron_t *bron;
    const dosis_client_t *client = call->client;
    const dosis_ref_t *ref = dosis_reader_ref(call->reader);

    dosis_buf_add_byte(call->out, '[');
    for (i = 0; client != NULL && i < client->bronnen_count; i++) {
        bron = dosis_ref_bron(ref, client->bronnen[i]);
        if (bron == NULL || !bron->actief) {
            continue;
        }
        if (!first) {
            dosis_buf_add_byte(call->out, ',');
        }
        dosis_json_add_string(call->out, bron->bron);
        first = false;
    }
    dosis_buf_add_byte(call->out, ']');
    return ngx_dosis_answer(call);
}


ngx_int_t
ngx_dosis_source_dossiers(ngx_dosis_call_t *call)
{
    dosis_rc_t rc;
    dosis_source_page_t page;

    if (!ngx_dosis_source_page(
            call, DOSIS_PAGE_ROWS, NGX_DOSIS_BRON_NIET_TOEGELATEN, &page)) {
        return NGX_OK;
    }
    rc = dosis_source_dossiers(call->reader, &page, call->out);
    if (rc == DOSIS_EINPUT) {
        return ngx_dosis_refuse_cursor(call);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    return ngx_dosis_answer(call);
}
