/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_limit.h"

#include "base/dosis_time.h"
#include "crypto/dosis_secret.h"
#include "domain/dosis_grens_tafel.h"
#include "http/ngx_dosis_ctx.h"
#include "ngx_dosis_worker.h"

#define LIMIT_ZONE "dosis_limit"
#define LIMIT_ZONE_MIN ((size_t) 64 << 10)
#define LIMIT_HEADER_MAX 64

static const ngx_str_t limit_names[NGX_DOSIS_LIMIT_MAX] = {
    [NGX_DOSIS_LIMIT_VRAGEN] = ngx_string("\"vragen\""),
    [NGX_DOSIS_LIMIT_LEVERINGEN] = ngx_string("\"leveringen\""),
    [NGX_DOSIS_LIMIT_GEBRUIKER] = ngx_string("\"gebruiker\""),
};


/* --- the zone ------------------------------------------------------------ */

/* NGINX keeps the memory of a zone of the same name and size. */
static ngx_int_t
limit_on_zone(ngx_shm_zone_t *zone, void *before)
{
    size_t bytes;
    void *memory = NULL;
    uint8_t key[DOSIS_SIPHASH_KEY];
    ngx_slab_pool_t *pool = (ngx_slab_pool_t *) zone->shm.addr;

    if (before != NULL) {
        zone->data = before;
        return NGX_OK;
    }
    if (zone->shm.exists) {
        zone->data = pool->data;
        return NGX_OK;
    }
    pool->log_nomem = 0;
    for (bytes = zone->shm.size; memory == NULL && bytes > ngx_pagesize;
         bytes -= ngx_pagesize) {
        memory = ngx_slab_alloc(pool, bytes);
    }
    if (memory == NULL || dosis_random(key, sizeof(key)) != DOSIS_OK) {
        return NGX_ERROR;
    }
    bytes += ngx_pagesize; /* what the last round asked for */
    zone->data = dosis_grens_tafel_init(memory, bytes, key);
    pool->data = zone->data;
    return NGX_OK;
}


ngx_shm_zone_t *
ngx_dosis_limit_zone(ngx_conf_t *cf, size_t bytes)
{
    ngx_shm_zone_t *zone;
    ngx_str_t name = ngx_string(LIMIT_ZONE);

    if (bytes < LIMIT_ZONE_MIN) {
        ngx_conf_log_error(
            NGX_LOG_EMERG, cf, 0, "dosis_limit_zone: at least 64k");
        return NULL;
    }
    zone = ngx_shared_memory_add(cf, &name, bytes, &ngx_dosis_module);
    if (zone != NULL) {
        zone->init = limit_on_zone;
    }
    return zone;
}


static dosis_grens_tafel_t *
limit_table(void)
{
    return ngx_dosis_worker()->conf->limit_zone->data;
}


/* Milliseconds since the machine started: nobody sets it back. */
static int64_t
limit_now_ns(void)
{
    return (int64_t) ngx_current_msec * DOSIS_NS_PER_MS;
}


/* --- whose, and how much ------------------------------------------------- */

dosis_grens_t
ngx_dosis_limit_of(const dosis_client_t *client, ngx_dosis_limit_what_t what)
{
    const dosis_grens_t *own = NULL;

    if (client != NULL && what == NGX_DOSIS_LIMIT_VRAGEN) {
        own = &client->vragen;
    } else if (client != NULL && what == NGX_DOSIS_LIMIT_LEVERINGEN) {
        own = &client->leveringen;
    }
    return (own != NULL && own->per_s > 0)
        ? *own
        : ngx_dosis_worker()->conf->limit[what];
}


/* Asked with a right of users, it is the user who asks. */
static bool
limit_is_user(const ngx_dosis_call_t *call)
{
    const dosis_identity_t *who = call->identity;

    return who->has_subject
        && (who->scopes & call->route->scopes & DOSIS_SCOPE_GEBRUIKER);
}


static ngx_dosis_limit_what_t
limit_what(const ngx_dosis_call_t *call)
{
    if (call->route->flags & NGX_DOSIS_ROUTE_DELIVERY) {
        return NGX_DOSIS_LIMIT_LEVERINGEN;
    }
    return limit_is_user(call) ? NGX_DOSIS_LIMIT_GEBRUIKER
                               : NGX_DOSIS_LIMIT_VRAGEN;
}


ngx_dosis_limit_owner_t
ngx_dosis_limit_owner(const ngx_dosis_call_t *call)
{
    const ngx_dosis_limit_what_t what = limit_what(call);
    ngx_dosis_limit_owner_t owner = { 0,
        ngx_dosis_limit_of(call->client, what) };
    dosis_slice_t name = call->identity->client;

    if (owner.grens.per_s == 0) {
        return owner;
    }
    if (what == NGX_DOSIS_LIMIT_GEBRUIKER) {
        name = dosis_agent_id(&call->identity->subject.agent);
    }
    owner.wie = dosis_grens_tafel_wie(limit_table(), what, name);
    return owner;
}


/* --- the answer ---------------------------------------------------------- */

/* The digits of a number, without what a format costs. */
static u_char *
limit_add_number(u_char *p, uint32_t number)
{
    u_char digits[NGX_INT32_LEN];
    u_char *d = digits + sizeof(digits);

    do {
        *--d = (u_char) ('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return ngx_cpymem(p, d, digits + sizeof(digits) - d);
}


static u_char *
limit_add_part(u_char *p, const ngx_str_t *name, char what, uint32_t number)
{
    if (name != NULL) {
        p = ngx_cpymem(p, name->data, name->len);
    }
    *p++ = ';';
    *p++ = (u_char) what;
    *p++ = '=';
    return limit_add_number(p, number);
}


/* RateLimit-Policy: "vragen";q=4000;w=2 and RateLimit: "vragen";r=3999;t=1 */
static ngx_int_t
limit_add_headers(ngx_http_request_t *r, ngx_dosis_limit_what_t what,
    const dosis_grens_t *grens, const dosis_grens_stand_t *stand)
{
    ngx_str_t policy;
    ngx_str_t state;
    const ngx_str_t *name = &limit_names[what];
    u_char *p = ngx_pnalloc(r->pool, 2 * LIMIT_HEADER_MAX);

    if (p == NULL) {
        return NGX_ERROR;
    }
    policy.data = p;
    p = limit_add_part(p, name, 'q', dosis_grens_stoot(grens));
    p = limit_add_part(p, NULL, 'w', dosis_grens_venster(grens));
    policy.len = p - policy.data;
    state.data = p;
    p = limit_add_part(p, name, 'r', stand->left);
    p = limit_add_part(p, NULL, 't', stand->full_s);
    state.len = p - state.data;
    return (ngx_dosis_reply_header(r, "RateLimit-Policy", policy) == NULL
               || ngx_dosis_reply_header(r, "RateLimit", state) == NULL)
        ? NGX_ERROR
        : NGX_OK;
}


/* Who is far from his limit need not read of it at every answer. */
static bool
limit_is_told(const dosis_grens_t *grens, const dosis_grens_stand_t *stand)
{
    return stand->left < (dosis_grens_stoot(grens) + 1) / 2;
}


/* Who asks as a source drops what gets a 4xx: it is told to come back. */
static ngx_dosis_problem_t
limit_problem(const ngx_dosis_call_t *call)
{
    return (call->identity->scopes & call->route->scopes & DOSIS_SCOPE_IMPORT)
        ? NGX_DOSIS_TE_VEEL_LEVERINGEN
        : NGX_DOSIS_TE_VEEL_AANVRAGEN;
}


bool
ngx_dosis_limit_judge(ngx_dosis_call_t *call)
{
    dosis_grens_stand_t stand;
    ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(call->r);
    ngx_dosis_limit_owner_t owner;

    if (ctx->counted || call->identity == NULL) {
        return true;
    }
    ctx->counted = true;
    owner = ngx_dosis_limit_owner(call);
    if (owner.wie == 0
        || !dosis_grens_tafel_take(limit_table(), owner.wie, limit_now_ns(),
            &owner.grens, &stand)) {
        return true;
    }
    if (limit_is_told(&owner.grens, &stand)
        && limit_add_headers(
               call->r, limit_what(call), &owner.grens, &stand)
            != NGX_OK) {
        (void) ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
        return false;
    }
    if (stand.held) {
        (void) ngx_dosis_refuse(call, limit_problem(call));
        call->reply.retry_s = stand.retry_s;
    }
    return !stand.held;
}


void
ngx_dosis_limit_owe(const ngx_dosis_limit_owner_t *owner, ngx_uint_t more)
{
    if (owner->wie != 0 && more > 0) {
        dosis_grens_tafel_owe(limit_table(), owner->wie, limit_now_ns(),
            &owner->grens, (uint32_t) more);
    }
}
