/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_route.h"

#include "domain/dosis_identity.h"
#include "handlers/ngx_dosis_handlers.h"

#define IMPORT DOSIS_SCOPE_IMPORT
#define READ (DOSIS_SCOPE_RAADPLEGING | DOSIS_SCOPE_GEBRUIKER)
#define LOKET DOSIS_SCOPE_RAADPLEGING
#define BEHEER DOSIS_SCOPE_BEHEER
#define ANY (IMPORT | READ | BEHEER) /* what is the same for everybody */
#define NOBODY 0

#define BODY NGX_DOSIS_ROUTE_BODY
#define DELIVERY NGX_DOSIS_ROUTE_DELIVERY
#define LIST                                                                   \
    (NGX_DOSIS_ROUTE_BODY | NGX_DOSIS_ROUTE_BATCH | NGX_DOSIS_ROUTE_UPLOAD     \
        | DELIVERY)
#define LARGE (NGX_DOSIS_ROUTE_BODY | NGX_DOSIS_ROUTE_LARGE)
#define LOCAL NGX_DOSIS_ROUTE_LOCAL
#define OPEN NGX_DOSIS_ROUTE_OPEN
#define DOOR (OPEN | NGX_DOSIS_ROUTE_PAGE)
#define KEYS (OPEN | NGX_DOSIS_ROUTE_ALWAYS)

/* What the access ledger notes. A row without this column does not compile. */
#define GEEN DOSIS_DEUR_GEEN
#define LIJST DOSIS_DEUR_LIJST
#define ZOEK DOSIS_DEUR_ZOEK
#define DETAIL DOSIS_DEUR_DETAIL
#define HISTORIEK DOSIS_DEUR_HISTORIEK
#define OVERZICHT DOSIS_DEUR_OVERZICHT
#define WIJZIGINGEN DOSIS_DEUR_WIJZIGINGEN
#define DOORVERWIJZING DOSIS_DEUR_DOORVERWIJZING
#define UITLEG DOSIS_DEUR_UITLEG
#define BRON DOSIS_DEUR_BRON
#define INZAGEN DOSIS_DEUR_INZAGEN

#define DOSSIERS "/api/v1/dosis/dossiers"
#define UPLOADS "/api/v1/dosis/uploads"

static const ngx_dosis_route_t routes[] = {
    /* the most asked first */
    { "GET", DOSSIERS, READ, 0, LIJST, ngx_dosis_list },
    { "POST", DOSSIERS, IMPORT, LIST, GEEN, ngx_dosis_push },
    { "GET", DOSSIERS "/{}", READ, 0, DETAIL, ngx_dosis_detail },
    { "GET", DOSSIERS "/{}/historiek", READ, 0, HISTORIEK, ngx_dosis_history },
    { "GET", "/api/v1/dosis/overzicht", READ, 0, OVERZICHT,
        ngx_dosis_overview },
    { "DELETE", DOSSIERS, IMPORT, DELIVERY, GEEN, ngx_dosis_delete },
    { "QUERY", DOSSIERS, READ, LARGE, ZOEK, ngx_dosis_search },
    { "POST", DOSSIERS "/zoek", READ, LARGE, ZOEK, ngx_dosis_search },
    { "GET", "/api/v1/dosis/wijzigingen", READ, 0, WIJZIGINGEN,
        ngx_dosis_feed },
    { "GET", "/api/v1/dosis/inzages", READ, 0, INZAGEN, ngx_dosis_inzagen },
    { "POST", "/api/v1/dosis/namens", LOKET, BODY, GEEN, ngx_dosis_namens },
    { "POST", "/api/v1/dosis/uitleg", IMPORT | BEHEER, BODY, UITLEG,
        ngx_dosis_uitleg },
    { "GET", "/api/v1/dosis/resultaten/perUploadId", IMPORT, 0, GEEN,
        ngx_dosis_result },
    { "GET", "/api/v1/dosis/resultaten", IMPORT, 0, GEEN,
        ngx_dosis_result_last },
    { "GET", "/api/v1/dosis/resultaten/fouten", IMPORT, 0, GEEN,
        ngx_dosis_result_failures },
    { "GET", UPLOADS, IMPORT, 0, GEEN, ngx_dosis_uploads },
    { "GET", UPLOADS "/{}", IMPORT, 0, GEEN, ngx_dosis_upload_get },
    { "GET", UPLOADS "/{}/fouten", IMPORT, 0, GEEN, ngx_dosis_upload_fouten },
    { "GET", UPLOADS "/{}/waarschuwingen", IMPORT, 0, GEEN,
        ngx_dosis_upload_waarschuwingen },
    { "DELETE", UPLOADS "/{}", IMPORT, 0, GEEN, ngx_dosis_upload_cancel },
    { "GET", "/api/v1/dosis/sjabloon.csv", ANY, 0, GEEN, ngx_dosis_sjabloon },
    { "GET", "/api/v2/dosis/bronnen/uris", IMPORT, 0, GEEN,
        ngx_dosis_source_uris },
    { "GET", "/api/v1/dosis/bronnen/dossiers", IMPORT, 0, BRON,
        ngx_dosis_source_dossiers },
    { "GET", "/api/v1/dosis/instellingen/validatie", ANY, 0, GEEN,
        ngx_dosis_settings_rules },
    { "GET", "/api/v1/dosis/instellingen/limieten", ANY, 0, GEEN,
        ngx_dosis_settings_limits },
    { "GET", "/api/v1/dosis/codelijsten/{}", ANY, 0, GEEN,
        ngx_dosis_settings_codes },
    { "GET", "/api/cl/dosis/v1/codelijsten/{}", ANY, 0, GEEN,
        ngx_dosis_settings_codes },
    { "POST", "/api/v2/dosis/dossiers", IMPORT, LIST, GEEN, ngx_dosis_push },
    { "POST", "/api/v2/dossiers", IMPORT, LIST, GEEN, ngx_dosis_push },
    { "GET", "/api/openapi.json", NOBODY, LOCAL, GEEN, ngx_dosis_openapi },
    { "GET", "/api/context.jsonld", NOBODY, LOCAL, GEEN, ngx_dosis_context },
    { "POST", DOSSIERS "/{}/doorverwijzing", READ, 0, DOORVERWIJZING,
        ngx_dosis_doorverwijzing },
    { "GET", "/door/{}", NOBODY, DOOR, GEEN, ngx_dosis_door },
    { "GET", "/.well-known/jwks.json", NOBODY, KEYS, GEEN, ngx_dosis_jwks },
    { "GET", "/api/v1/dosis/beheer/toestand", BEHEER, 0, GEEN,
        ngx_dosis_beheer_toestand },
    { "GET", "/api/v1/dosis/beheer/uploads", BEHEER, 0, GEEN,
        ngx_dosis_beheer_uploads },
    { "GET", "/api/v1/dosis/beheer/uploads/{}", BEHEER, 0, GEEN,
        ngx_dosis_beheer_upload },
    { "DELETE", "/api/v1/dosis/beheer/uploads/{}", BEHEER, 0, GEEN,
        ngx_dosis_beheer_upload_cancel },
    { "GET", "/api/v1/dosis/beheer/bronnen", BEHEER, 0, GEEN,
        ngx_dosis_beheer_bronnen },
    { "GET", "/api/v1/dosis/beheer/clienten", BEHEER, 0, GEEN,
        ngx_dosis_beheer_clienten },
    { "GET", "/health/live", NOBODY, LOCAL, GEEN, ngx_dosis_health_live },
    { "GET", "/health/ready", NOBODY, LOCAL, GEEN, ngx_dosis_health_ready },
};

#define ROUTES (sizeof(routes) / sizeof(routes[0]))
#define ROUTE_ALLOW_MAX 64
#define ROUTE_SEGMENT "{}"


/* A literal path wins from one with a segment: see route_path_is_literal. */
static bool
route_path_matches(
    const char *pattern, dosis_slice_t path, dosis_slice_t *ret_segment)
{
    size_t before;
    size_t after;
    const char *hole = strstr(pattern, ROUTE_SEGMENT);

    *ret_segment = dosis_slice(NULL, 0);
    if (hole == NULL) {
        return dosis_slice_eq(path, dosis_slice_of(pattern));
    }
    before = (size_t) (hole - pattern);
    hole += sizeof(ROUTE_SEGMENT) - 1;
    after = strlen(hole);
    if (path.len <= before + after || memcmp(pattern, path.data, before) != 0
        || memcmp(hole, path.data + path.len - after, after) != 0) {
        return false;
    }
    path = dosis_slice(path.data + before, path.len - before - after);
    if (memchr(path.data, '/', path.len) != NULL) {
        return false;
    }
    *ret_segment = path;
    return true;
}


static bool
route_path_is_literal(dosis_slice_t path)
{
    size_t i;
    dosis_slice_t segment;

    for (i = 0; i < ROUTES; i++) {
        if (route_path_matches(routes[i].path, path, &segment)
            && segment.data == NULL) {
            return true;
        }
    }
    return false;
}


static bool
route_method_matches(const char *method, dosis_slice_t asked)
{
    return dosis_slice_eq(asked, dosis_slice_of(method))
        || (strcmp(method, "GET") == 0
            && dosis_slice_eq(asked, DOSIS_SLICE("HEAD")));
}


ngx_dosis_route_match_t
ngx_dosis_route_find(
    dosis_slice_t method, dosis_slice_t path, ngx_dosis_route_result_t *ret)
{
    size_t i;
    bool known = false;
    bool literal;
    dosis_slice_t segment;

    *ret = (ngx_dosis_route_result_t){ 0 };
    literal = route_path_is_literal(path);

    for (i = 0; i < ROUTES; i++) {
        if (!route_path_matches(routes[i].path, path, &segment)
            || (literal && segment.data != NULL)) {
            continue;
        }
        known = true;
        ret->query |= (strcmp(routes[i].method, "QUERY") == 0);
        if (route_method_matches(routes[i].method, method)) {
            ret->route = &routes[i];
            ret->segment = segment;
            return NGX_DOSIS_ROUTE_FOUND;
        }
    }
    if (!known) {
        return NGX_DOSIS_ROUTE_NO_PATH;
    }
    return dosis_slice_eq(method, DOSIS_SLICE("OPTIONS"))
        ? NGX_DOSIS_ROUTE_OPTIONS
        : NGX_DOSIS_ROUTE_NO_METHOD;
}


ngx_str_t
ngx_dosis_route_allow(ngx_pool_t *pool, dosis_slice_t path)
{
    size_t i;
    bool literal;
    u_char *p;
    u_char *end;
    ngx_str_t allow = { 0, NULL };
    dosis_slice_t segment;

    allow.data = ngx_pnalloc(pool, ROUTE_ALLOW_MAX);
    if (allow.data == NULL) {
        return allow;
    }
    p = allow.data;
    end = p + ROUTE_ALLOW_MAX;
    literal = route_path_is_literal(path);

    for (i = 0; i < ROUTES; i++) {
        if (!route_path_matches(routes[i].path, path, &segment)
            || (literal && segment.data != NULL)) {
            continue;
        }
        p = ngx_slprintf(p, end, "%s, ", routes[i].method);
        if (strcmp(routes[i].method, "GET") == 0) {
            p = ngx_slprintf(p, end, "HEAD, ");
        }
    }
    p = ngx_slprintf(p, end, "OPTIONS");
    allow.len = p - allow.data;
    return allow;
}
