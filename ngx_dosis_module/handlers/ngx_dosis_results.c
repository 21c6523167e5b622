/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET resultaten/perUploadId: what became of one delivery of this client.
 * GET resultaten: what became of the last delivery of a dossier.
 * GET resultaten/fouten: the refused deliveries of a source, newest first.
 *
 * A source that this client may not deliver for is as good as unknown: 404.
 */

#include "auth/ngx_dosis_source.h"
#include "base/dosis_text.h"
#include "domain/dosis_dossier.h"
#include "handlers/ngx_dosis_handlers.h"

#define RESULT_LINK_MAX 2048
#define RESULT_NEXT_MAX 256


/* As the store keeps it: a UUID in lower case; false when it is none. */
static bool
result_upload_id(dosis_slice_t text, char to[DOSIS_UUID_TEXT])
{
    text = dosis_text_trim(text);
    if (!dosis_uuid_valid(text)) {
        return false;
    }
    ngx_strlow((u_char *) to, (u_char *) text.data, DOSIS_UUID_TEXT);
    return true;
}


ngx_int_t
ngx_dosis_result(ngx_dosis_call_t *call)
{
    char upload_id[DOSIS_UUID_TEXT];
    dosis_rc_t rc = DOSIS_ENOTFOUND;
    dosis_slice_t text;
    ngx_dosis_params_t params;

    if (!ngx_dosis_params_read(call, NGX_DOSIS_PARAM(UPLOAD_ID), &params)) {
        return NGX_OK;
    }
    text = params.value[NGX_DOSIS_PARAM_UPLOAD_ID];
    if (text.len == 0) {
        return ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONTBREEKT,
            "uploadId", "Deze parameter is verplicht.");
    }
    if (result_upload_id(text, upload_id)) {
        rc = dosis_result_of_upload(call->reader, call->identity->client,
            dosis_slice(upload_id, DOSIS_UUID_TEXT), call->now_ns, call->out);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    return ngx_dosis_answer(call);
}


ngx_int_t
ngx_dosis_result_last(ngx_dosis_call_t *call)
{
    dosis_rc_t rc = DOSIS_ENOTFOUND;
    dosis_slice_t nummer;
    const dosis_bron_t *bron;
    ngx_dosis_params_t params;

    if (!ngx_dosis_params_read(call,
            NGX_DOSIS_PARAM(BRON) | NGX_DOSIS_PARAM(DOSSIER_NUMMER), &params)) {
        return NGX_OK;
    }
    nummer = dosis_text_trim(params.value[NGX_DOSIS_PARAM_DOSSIER_NUMMER]);
    if (nummer.len == 0) {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONTBREEKT,
            "dossierNummer", "Deze parameter is verplicht.");
    }
    bron = ngx_dosis_source(call, &params,
        (nummer.len == 0) ? NGX_DOSIS_PARAMETER_ONTBREEKT
                          : NGX_DOSIS_NIET_GEVONDEN);
    if (bron == NULL || nummer.len == 0) {
        return NGX_OK;
    }
    if (nummer.len <= DOSIS_NUMMER_MAX) {
        rc = dosis_result_of_dossier(call->reader, bron, nummer, call->out);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    return ngx_dosis_answer(call);
}


/* Everything but letters and digits, for a query. */
static void
result_add_percent(dosis_buf_t *to, dosis_slice_t text)
{
    size_t i;
    unsigned char c;

    for (i = 0; i < text.len; i++) {
        c = (unsigned char) text.data[i];
        if ((c >= '0' && c <= '9')
            || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')) {
            dosis_buf_add_byte(to, (char) c);
        } else {
            dosis_buf_addf(to, "%%%02X", c);
        }
    }
}


/*
 * The body is a bare list, as clients of the existing service expect it, so
 * the next page stands in Link (RFC 8288). Relative to the address asked for,
 * so it holds behind any prefix.
 */
static dosis_rc_t
result_set_link(
    ngx_dosis_call_t *call, const dosis_source_page_t *page, dosis_slice_t next)
{
    char *text;
    dosis_buf_t link;

    if (next.len == 0) {
        return DOSIS_OK;
    }
    text = dosis_arena_alloc(call->arena, RESULT_LINK_MAX);
    if (text == NULL) {
        return DOSIS_ENOMEM;
    }
    dosis_buf_init_fixed(&link, text, RESULT_LINK_MAX);
    DOSIS_BUF_LIT(&link, "<?bron=");
    result_add_percent(&link, page->bron->bron);
    dosis_buf_addf(&link, "&limiet=%u&na=", page->limit);
    dosis_buf_add_slice(&link, next);
    DOSIS_BUF_LIT(&link, ">; rel=\"next\"");
    call->reply.link = dosis_buf_slice(&link);
    return link.rc;
}


/* A client that knows no pages gets as much as one may hold. */
ngx_int_t
ngx_dosis_result_failures(ngx_dosis_call_t *call)
{
    char text[RESULT_NEXT_MAX];
    dosis_rc_t rc;
    dosis_buf_t next;
    dosis_source_page_t page;

    if (!ngx_dosis_source_page(
            call, DOSIS_PAGE_ROWS_MAX, NGX_DOSIS_NIET_GEVONDEN, &page)) {
        return NGX_OK;
    }
    dosis_buf_init_fixed(&next, text, sizeof(text));
    rc = dosis_source_failures(call->reader, &page, call->out, &next);
    if (rc == DOSIS_EINPUT) {
        return ngx_dosis_refuse_cursor(call);
    }
    if (rc == DOSIS_OK) {
        rc = result_set_link(call, &page, dosis_buf_slice(&next));
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    return ngx_dosis_answer(call);
}
