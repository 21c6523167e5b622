/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET instellingen/validatie: the rules of a delivery, as data.
 * GET instellingen/limieten: the ceilings, as configured here.
 * GET codelijsten/{naam}: one code list, its name in any case.
 *
 * The same for everybody, so any scope of ours may read them.
 */

#include "base/dosis_text.h"
#include "domain/dosis_instelling.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_limit.h"
#include "ngx_dosis_worker.h"

#define SETTINGS_TAG_BYTES 16
#define SETTINGS_TAG_TEXT (sizeof("W/\"\"") + 2 * SETTINGS_TAG_BYTES)


/* What stands in call->out, with a tag of its content. */
static ngx_int_t
settings_answer(ngx_dosis_call_t *call)
{
    char hex[2 * SETTINGS_TAG_BYTES + 1];
    char *tag = dosis_arena_alloc(call->arena, SETTINGS_TAG_TEXT);
    uint8_t hash[32];

    if (tag == NULL) {
        return ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    dosis_sha256(hash, call->out->data, call->out->len);
    dosis_hex_encode(hex, dosis_slice(hash, SETTINGS_TAG_BYTES));
    (void) snprintf(tag, SETTINGS_TAG_TEXT, "W/\"%s\"", hex);
    call->reply.etag = dosis_slice_of(tag);
    call->reply.conditional = true;
    return ngx_dosis_answer(call);
}


ngx_int_t
ngx_dosis_settings_rules(ngx_dosis_call_t *call)
{
    dosis_instelling_add_regels(call->out);
    return settings_answer(call);
}


/* Those of this very client, when it is a machine. */
static void
settings_set_limits(ngx_dosis_call_t *call, dosis_limiet_instelling_t *set)
{
    dosis_grens_t grens;

    grens = ngx_dosis_limit_of(call->client, NGX_DOSIS_LIMIT_VRAGEN);
    set->vragen_per_s = grens.per_s;
    set->vragen_stoot = dosis_grens_stoot(&grens);
    grens = ngx_dosis_limit_of(call->client, NGX_DOSIS_LIMIT_LEVERINGEN);
    set->leveringen_per_s = grens.per_s;
    set->leveringen_stoot = dosis_grens_stoot(&grens);
    grens = ngx_dosis_limit_of(NULL, NGX_DOSIS_LIMIT_GEBRUIKER);
    set->gebruiker_per_s = grens.per_s;
    set->gebruiker_stoot = dosis_grens_stoot(&grens);
}


ngx_int_t
ngx_dosis_settings_limits(ngx_dosis_call_t *call)
{
    const ngx_dosis_loc_conf_t *conf;
    dosis_limiet_instelling_t set;

    conf = ngx_http_get_module_loc_conf(call->r, ngx_dosis_module);
    set.body_max = conf->body_max;
    set.batch_body_max = conf->batch_body_max;
    set.csv_max = (uint64_t) conf->csv_max;
    set.future_s = (uint64_t) ngx_dosis_worker()->conf->future_s;
    settings_set_limits(call, &set);
    dosis_instelling_add_limieten(call->out, &set);
    return settings_answer(call);
}


ngx_int_t
ngx_dosis_settings_codes(ngx_dosis_call_t *call)
{
    const dosis_codelijst_t *lijst;

    lijst = dosis_ref_lijst(dosis_reader_ref(call->reader), call->segment);
    if (lijst == NULL) {
        return ngx_dosis_refuse(call, NGX_DOSIS_NIET_GEVONDEN);
    }
    dosis_codelijst_add(call->out, lijst);
    return settings_answer(call);
}
