/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_upload_admit.h"

#include "base/dosis_text.h"
#include "http/ngx_dosis_ctx.h"
#include "http/ngx_dosis_disposition.h"
#include "http/ngx_dosis_media.h"
#include "http/ngx_dosis_params.h"
#include "ngx_dosis_conf.h"
#include "store/dosis_oplading_vraag.h"
#include "writer/ngx_dosis_spool.h"

#define ADMIT_PARAMS                                                           \
    (NGX_DOSIS_PARAM(PROEF) | NGX_DOSIS_PARAM(UPLOAD_ID)                       \
        | NGX_DOSIS_PARAM(BESTAND) | NGX_DOSIS_PARAM(VOLLEDIG)                 \
        | NGX_DOSIS_PARAM(BRON) | NGX_DOSIS_PARAM(PEILDATUM)                   \
        | NGX_DOSIS_PARAM(ONTBREKEND))


bool
ngx_dosis_upload_is_csv(const ngx_http_request_t *r)
{
    const ngx_table_elt_t *type = r->headers_in.content_type;

    return type != NULL
        && dosis_text_ieq(ngx_dosis_media_type(ngx_dosis_slice(&type->value)),
            DOSIS_SLICE("text/csv"));
}


/* Which one it is the bytes tell; one that we do not know they cannot. */
static bool
admit_charset(ngx_dosis_call_t *call)
{
    size_t i;
    dosis_slice_t charset;
    static const char *const known[] = { "utf-8", "utf8", "us-ascii",
        "windows-1252", "cp1252", "iso-8859-1" };

    charset = ngx_dosis_media_charset(
        ngx_dosis_slice(&call->r->headers_in.content_type->value));
    if (charset.len == 0) {
        return true;
    }
    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (dosis_text_ieq(charset, dosis_slice_of(known[i]))) {
            return true;
        }
    }
    (void) ngx_dosis_refuse_field(call, NGX_DOSIS_MEDIA_TYPE_NIET_ONDERSTEUND,
        "Content-Type",
        "Een CSV-bestand wordt aanvaard in UTF-8 of Windows-1252.");
    return false;
}


static bool
admit_coding(ngx_dosis_call_t *call, bool *ret_gzip)
{
    dosis_slice_t coding = dosis_slice(NULL, 0);
    const ngx_table_elt_t *header = ngx_dosis_ctx(call->r)->content_encoding;

    if (header != NULL) {
        coding = dosis_text_trim(ngx_dosis_slice(&header->value));
    }
    *ret_gzip = dosis_text_ieq(coding, DOSIS_SLICE("gzip"))
        || dosis_text_ieq(coding, DOSIS_SLICE("x-gzip"));
    if (*ret_gzip || coding.len == 0
        || dosis_text_ieq(coding, DOSIS_SLICE("identity"))) {
        return true;
    }
    (void) ngx_dosis_refuse_field(call, NGX_DOSIS_MEDIA_TYPE_NIET_ONDERSTEUND,
        "Content-Encoding",
        "Een CSV-bestand wordt onverpakt (identity) of als gzip aanvaard.");
    return false;
}


void
ngx_dosis_upload_too_large(dosis_err_t *err, uint64_t max)
{
    dosis_err_add(err, "BodyTeGroot", "",
        "Een CSV-bestand mag hoogstens %llu bytes groot zijn.",
        (unsigned long long) max);
}


static bool
admit_size(ngx_dosis_call_t *call)
{
    const ngx_dosis_loc_conf_t *conf;

    conf = ngx_http_get_module_loc_conf(call->r, ngx_dosis_module);
    if (call->r->headers_in.content_length_n <= conf->csv_max) {
        return true;
    }
    call->r->keepalive = 0;
    call->r->lingering_close = 1;
    ngx_dosis_upload_too_large(&call->err, (uint64_t) conf->csv_max);
    (void) ngx_dosis_refuse(call, NGX_DOSIS_BODY_TE_GROOT);
    return false;
}


/* What is judged for one dossier would be ignored for a file. */
static bool
admit_unconditional(ngx_dosis_call_t *call)
{
    const ngx_http_headers_in_t *in = &call->r->headers_in;

    if (in->if_match == NULL && in->if_none_match == NULL) {
        return true;
    }
    (void) ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONGELDIG,
        (in->if_match != NULL) ? "If-Match" : "If-None-Match",
        "Een voorwaarde geldt voor één dossier, niet voor een bestand.");
    return false;
}


/* Of what is wrong one is enough to say which kind of problem it is. */
static ngx_dosis_problem_t
admit_problem(const dosis_err_t *err)
{
    uint32_t i;

    for (i = 0; i < err->count; i++) {
        if (strcmp(err->item[i].code, DOSIS_PARAMETER_ONGELDIG) == 0) {
            return NGX_DOSIS_PARAMETER_ONGELDIG;
        }
    }
    return NGX_DOSIS_PARAMETER_ONTBREEKT;
}


static bool
admit_question(
    ngx_dosis_call_t *call, dosis_arena_t *arena, dosis_oplading_t *ret)
{
    dosis_rc_t rc;
    ngx_dosis_params_t params;
    dosis_oplading_vraag_t vraag = { .client = call->identity->client,
        .now_ns = call->now_ns };

    if (!ngx_dosis_params_read(call, ADMIT_PARAMS, &params)) {
        return false;
    }
    vraag.proef = params.value[NGX_DOSIS_PARAM_PROEF];
    vraag.upload_id = params.value[NGX_DOSIS_PARAM_UPLOAD_ID];
    vraag.bestand = params.value[NGX_DOSIS_PARAM_BESTAND];
    vraag.volledig = params.value[NGX_DOSIS_PARAM_VOLLEDIG];
    vraag.bron = params.value[NGX_DOSIS_PARAM_BRON];
    vraag.peildatum = params.value[NGX_DOSIS_PARAM_PEILDATUM];
    vraag.ontbrekend = params.value[NGX_DOSIS_PARAM_ONTBREKEND];
    if (vraag.bestand.data == NULL) {
        vraag.bestand = ngx_dosis_disposition(call->r, call->arena);
    }
    rc = dosis_oplading_vraag(call->reader, &vraag, arena, ret, &call->err);
    if (rc == DOSIS_EINPUT) {
        (void) ngx_dosis_refuse(call, admit_problem(&call->err));
    } else if (rc != DOSIS_OK) {
        (void) ngx_dosis_refuse(call, ngx_dosis_problem_of_delivery(rc));
    }
    return rc == DOSIS_OK;
}


/* What is full now may be free later: it is never the file's fault. */
static bool
admit_room(ngx_dosis_call_t *call)
{
    dosis_rc_t rc;
    off_t length = call->r->headers_in.content_length_n;
    uint64_t bytes = (length > 0) ? (uint64_t) length : 0;

    rc = dosis_oplading_admit(call->reader, call->identity->client, bytes);
    if (rc == DOSIS_ELIMIT) {
        call->reply.retry_s = NGX_DOSIS_UPLOAD_RETRY_S;
        (void) ngx_dosis_refuse(call, NGX_DOSIS_TE_VEEL_UPLOADS);
        return false;
    }
    if (rc == DOSIS_OK) {
        rc = ngx_dosis_spool_has_room(bytes);
    }
    if (rc != DOSIS_OK) {
        (void) ngx_dosis_refuse_rc(call, dosis_store_trouble(rc));
    }
    return rc == DOSIS_OK;
}


bool
ngx_dosis_upload_judge(ngx_dosis_call_t *call, dosis_arena_t *arena,
    dosis_oplading_t *ret_oplading, bool *ret_gzip_said)
{
    return admit_charset(call) && admit_coding(call, ret_gzip_said)
        && admit_size(call) && admit_unconditional(call)
        && admit_question(call, arena, ret_oplading) && admit_room(call);
}
