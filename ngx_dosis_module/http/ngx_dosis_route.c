/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_route.h"

#include "domain/dosis_identity.h"
#include "handlers/ngx_dosis_handlers.h"

#define IMPORT DOSIS_SCOPE_IMPORT
#define READ (DOSIS_SCOPE_RAADPLEGING | DOSIS_SCOPE_GEBRUIKER)
#define LOKET DOSIS_SCOPE_RAADPLEGING
#define ANY (IMPORT | READ) /* what is the same for everybody */
#define NOBODY 0

#define BODY NGX_DOSIS_ROUTE_BODY
#define LIST (NGX_DOSIS_ROUTE_BODY | NGX_DOSIS_ROUTE_BATCH)
#define LARGE (NGX_DOSIS_ROUTE_BODY | NGX_DOSIS_ROUTE_LARGE)
#define LOCAL NGX_DOSIS_ROUTE_LOCAL
#define OPEN NGX_DOSIS_ROUTE_OPEN

#define DOSSIERS "/api/v1/dosis/dossiers"

static const ngx_dosis_route_t routes[] = {
    /* the most asked first */
    { "GET", DOSSIERS, READ, 0, ngx_dosis_list },
    { "POST", DOSSIERS, IMPORT, LIST, ngx_dosis_push },
    { "GET", DOSSIERS "/{}", READ, 0, ngx_dosis_detail },
    { "GET", DOSSIERS "/{}/historiek", READ, 0, ngx_dosis_history },
    { "GET", "/api/v1/dosis/overzicht", READ, 0, ngx_dosis_overview },
    { "DELETE", DOSSIERS, IMPORT, 0, ngx_dosis_delete },
    { "QUERY", DOSSIERS, READ, LARGE, ngx_dosis_search },
    { "POST", DOSSIERS "/zoek", READ, LARGE, ngx_dosis_search },
    { "GET", "/api/v1/dosis/wijzigingen", READ, 0, ngx_dosis_feed },
    { "POST", "/api/v1/dosis/namens", LOKET, BODY, ngx_dosis_namens },
    { "GET", "/api/v1/dosis/resultaten/perUploadId", IMPORT, 0,
        ngx_dosis_result },
    { "GET", "/api/v1/dosis/resultaten", IMPORT, 0, ngx_dosis_result_last },
    { "GET", "/api/v1/dosis/resultaten/fouten", IMPORT, 0,
        ngx_dosis_result_failures },
    { "GET", "/api/v2/dosis/bronnen/uris", IMPORT, 0, ngx_dosis_source_uris },
    { "GET", "/api/v1/dosis/bronnen/dossiers", IMPORT, 0,
        ngx_dosis_source_dossiers },
    { "GET", "/api/v1/dosis/instellingen/validatie", ANY, 0,
        ngx_dosis_settings_rules },
    { "GET", "/api/v1/dosis/instellingen/limieten", ANY, 0,
        ngx_dosis_settings_limits },
    { "GET", "/api/v1/dosis/codelijsten/{}", ANY, 0,
        ngx_dosis_settings_codes },
    { "GET", "/api/cl/dosis/v1/codelijsten/{}", ANY, 0,
        ngx_dosis_settings_codes },
    { "POST", "/api/v2/dosis/dossiers", IMPORT, LIST, ngx_dosis_push },
    { "POST", "/api/v2/dossiers", IMPORT, LIST, ngx_dosis_push },
    { "GET", "/api/openapi.json", NOBODY, LOCAL, ngx_dosis_openapi },
    { "GET", "/api/context.jsonld", NOBODY, LOCAL, ngx_dosis_context },
    { "GET", "/.well-known/jwks.json", NOBODY, OPEN, ngx_dosis_jwks },
    { "GET", "/health/live", NOBODY, LOCAL, ngx_dosis_health_live },
    { "GET", "/health/ready", NOBODY, LOCAL, ngx_dosis_health_ready },
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
