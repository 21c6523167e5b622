/* SPDX-License-Identifier: EUPL-1.2 */
/* dosis_issuer */
#include "ngx_dosis_conf_words.h"

#include "base/dosis_buf.h"
#include "base/dosis_file.h"

/* The parameters of dosis_issuer, and where each goes. */
#define RULE(member) offsetof(dosis_identity_rules_t, member)

static const struct {
    ngx_str_t name;
    size_t offset;     /* in dosis_identity_rules_t */
    const char *value; /* when absent */
} conf_issuer_rules[] = {
    { ngx_string("scope_import="), RULE(scope_import), "DosisImport" },
    { ngx_string("scope_raadpleging="), RULE(scope_raadpleging),
        "DosisRaadpleging" },
    { ngx_string("scope_gebruiker="), RULE(scope_gebruiker), "DosisGebruiker" },
    { ngx_string("client_claim="), RULE(claim_client), "client_id" },
    { ngx_string("rights_claim="), RULE(claim_rights), "dosis_rol_3d" },
    { ngx_string("acr="), RULE(acr_vertrouwelijk), "" },
    { ngx_string("acr_ladder="), RULE(acr_ladder), "" },
    { ngx_string("scope_beheer="), RULE(scope_beheer), "DosisBeheer" },
    { ngx_string("mandate_claim="), RULE(claim_mandaat), "ssm_mandaatgever" },
};

#define CONF_ISSUER_RULES                                                      \
    (sizeof(conf_issuer_rules) / sizeof(conf_issuer_rules[0]))


static void
conf_free_keys(void *data)
{
    dosis_jwks_free(data);
}


static dosis_rc_t
conf_parse_keys(const char *path, dosis_jwks_t **ret)
{
    dosis_rc_t rc;
    dosis_buf_t text;

    dosis_buf_init(&text, DOSIS_JWKS_TEXT_MAX);
    rc = dosis_file_read(path, DOSIS_JWKS_TEXT_MAX, &text);
    if (rc == DOSIS_OK) {
        rc = dosis_jwks_parse(dosis_buf_slice(&text), ret);
    }
    dosis_buf_done(&text);
    return rc;
}


static char *
conf_issuer_keys(ngx_conf_t *cf, ngx_str_t path, dosis_jwt_issuer_t *issuer)
{
    dosis_rc_t rc;
    dosis_jwks_t *keys;
    ngx_pool_cleanup_t *cleanup;

    cleanup = ngx_pool_cleanup_add(cf->pool, 0);
    if (cleanup == NULL || ngx_dosis_conf_path(cf, &path, 1) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }
    rc = conf_parse_keys((const char *) path.data, &keys);
    if (rc != DOSIS_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
            "dosis_issuer: keys=\"%V\" cannot be used: %s (%s); it must be a"
            " public key set (JWKS) of at most %d keys and 1 MiB, with at least"
            " one RSA, P-256 or Ed25519 key that has a kid",
            &path, dosis_rc_name(rc), dosis_rc_text(rc), DOSIS_JWKS_MAX);
        return NGX_CONF_ERROR;
    }
    cleanup->handler = conf_free_keys;
    cleanup->data = keys;
    issuer->keys = keys;
    return NGX_CONF_OK;
}


static dosis_slice_t *
conf_rule(dosis_identity_rules_t *rules, size_t i)
{
    return (dosis_slice_t *) ((u_char *) rules + conf_issuer_rules[i].offset);
}


static char *
conf_issuer_param(ngx_conf_t *cf, ngx_str_t *arg, dosis_jwt_issuer_t *issuer,
    dosis_identity_rules_t *rules)
{
    size_t i;
    ngx_str_t value;
    const ngx_str_t audience = ngx_string("audience=");
    const ngx_str_t keys = ngx_string("keys=");

    if (ngx_dosis_conf_value(arg, &audience, &value)) {
        issuer->audience = ngx_dosis_slice(&value);
        return NGX_CONF_OK;
    }
    if (ngx_dosis_conf_value(arg, &keys, &value)) {
        return (issuer->keys != NULL) ? "has keys= twice"
                                      : conf_issuer_keys(cf, value, issuer);
    }
    for (i = 0; i < CONF_ISSUER_RULES; i++) {
        if (ngx_dosis_conf_value(arg, &conf_issuer_rules[i].name, &value)) {
            *conf_rule(rules, i) = ngx_dosis_slice(&value);
            return NGX_CONF_OK;
        }
    }
    ngx_conf_log_error(
        NGX_LOG_EMERG, cf, 0, "dosis_issuer: unknown parameter \"%V\"", arg);
    return NGX_CONF_ERROR;
}


static char *
conf_issuer_add(ngx_dosis_main_conf_t *main, ngx_str_t name,
    dosis_jwt_issuer_t **ret_issuer, dosis_identity_rules_t **ret_rules)
{
    size_t i;
    dosis_jwt_issuer_t *known = main->issuers.elts;

    for (i = 0; i < main->issuers.nelts; i++) {
        if (dosis_slice_eq(known[i].issuer, ngx_dosis_slice(&name))) {
            return "names an issuer that is there already";
        }
    }
    *ret_issuer = ngx_array_push(&main->issuers);
    *ret_rules = ngx_array_push(&main->rules);
    if (*ret_issuer == NULL || *ret_rules == NULL) {
        return NGX_CONF_ERROR;
    }
    ngx_memzero(*ret_issuer, sizeof(**ret_issuer));
    ngx_memzero(*ret_rules, sizeof(**ret_rules));
    (*ret_issuer)->issuer = ngx_dosis_slice(&name);
    for (i = 0; i < CONF_ISSUER_RULES; i++) {
        *conf_rule(*ret_rules, i) = dosis_slice_of(conf_issuer_rules[i].value);
    }
    return NGX_CONF_OK;
}


char *
ngx_dosis_conf_issuer(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char *rc;
    ngx_str_t *args = cf->args->elts;
    ngx_uint_t i;
    dosis_jwt_issuer_t *issuer;
    dosis_identity_rules_t *rules;

    if (args[1].len == 0) {
        return "needs the name of the issuer";
    }
    rc = conf_issuer_add(conf, args[1], &issuer, &rules);
    for (i = 2; i < cf->args->nelts && rc == NGX_CONF_OK; i++) {
        rc = conf_issuer_param(cf, &args[i], issuer, rules);
    }
    if (rc != NGX_CONF_OK) {
        return rc;
    }
    if (issuer->audience.len == 0) {
        return "needs audience=";
    }
    return (issuer->keys == NULL) ? "needs keys=" : NGX_CONF_OK;
}
