/* SPDX-License-Identifier: EUPL-1.2 */

#include "auth/ngx_dosis_transport.h"

#include "base/dosis_text.h"


/* By the connection itself, not by what realip made of it. */
static bool
peer_is_local(const struct sockaddr *peer)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *) peer;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *) peer;

    switch (peer->sa_family) {
    case AF_UNIX:
        return true;
    case AF_INET:
        return ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    case AF_INET6:
        return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr)
            || (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)
                && in6->sin6_addr.s6_addr[12] == IN_LOOPBACKNET);
    default:
        return false;
    }
}


static bool
peer_is_trusted(const ngx_dosis_ctx_t *ctx, const ngx_dosis_loc_conf_t *conf)
{
    return conf->trusted != NULL
        && ngx_cidr_match(ctx->peer, conf->trusted) == NGX_OK;
}


/* Its proxy may stand on this machine too, and says how it was reached. */
static bool
peer_says_plain(const ngx_dosis_ctx_t *ctx)
{
    return ctx->forwarded_proto != NULL
        && !dosis_text_ieq(ngx_dosis_slice(&ctx->forwarded_proto->value),
            DOSIS_SLICE("https"));
}


bool
ngx_dosis_transport_is_private(const ngx_http_request_t *r,
    const ngx_dosis_ctx_t *ctx, const ngx_dosis_loc_conf_t *conf)
{
    return (peer_is_local(ctx->peer) && !peer_says_plain(ctx))
        || ngx_dosis_transport_is_tls(r, ctx, conf);
}


bool
ngx_dosis_transport_is_tls(const ngx_http_request_t *r,
    const ngx_dosis_ctx_t *ctx, const ngx_dosis_loc_conf_t *conf)
{
    if (r->connection->ssl != NULL) {
        return true;
    }
    return peer_is_trusted(ctx, conf) && ctx->forwarded_proto != NULL
        && dosis_text_ieq(ngx_dosis_slice(&ctx->forwarded_proto->value),
            DOSIS_SLICE("https"));
}


/* Its value when it stands there once; two could not both be the proxy's. */
static dosis_slice_t
header_once(ngx_http_request_t *r, const ngx_str_t *name)
{
    ngx_uint_t i;
    ngx_uint_t seen = 0;
    ngx_list_part_t *part;
    ngx_table_elt_t *headers;
    dosis_slice_t value = { NULL, 0 };

    for (part = &r->headers_in.headers.part; part != NULL; part = part->next) {
        headers = part->elts;
        for (i = 0; i < part->nelts; i++) {
            if (dosis_text_ieq(ngx_dosis_slice(&headers[i].key),
                    ngx_dosis_slice(name))) {
                value = ngx_dosis_slice(&headers[i].value);
                seen++;
            }
        }
    }
    return (seen == 1) ? value : dosis_slice(NULL, 0);
}


/* DOSIS_EFORMAT: it has none. */
static dosis_rc_t
certificate_of_connection(ngx_http_request_t *r, uint8_t *to)
{
    ngx_str_t pem = ngx_null_string;

#if (NGX_SSL)
    if (r->connection->ssl != NULL
        && ngx_ssl_get_raw_certificate(r->connection, r->pool, &pem)
            != NGX_OK) {
        return DOSIS_ENOMEM;
    }
#endif
    return dosis_certificate_of_pem(ngx_dosis_slice(&pem), to);
}


dosis_rc_t
ngx_dosis_transport_check(ngx_http_request_t *r, const ngx_dosis_ctx_t *ctx,
    const ngx_dosis_loc_conf_t *conf, const dosis_jwt_binding_t *binding)
{
    dosis_rc_t rc;
    uint8_t sha256[DOSIS_CERTIFICATE_THUMBPRINT];

    if (!binding->bound) {
        return DOSIS_OK;
    }
    if (conf->certificate_header.len > 0 && peer_is_trusted(ctx, conf)) {
        rc = dosis_certificate_of_header(
            header_once(r, &conf->certificate_header), sha256);
    } else {
        rc = certificate_of_connection(r, sha256);
    }
    if (rc == DOSIS_OK
        && ngx_memcmp(sha256, binding->sha256, sizeof(sha256)) != 0) {
        rc = DOSIS_EDENIED;
    }
    return (rc == DOSIS_EFORMAT) ? DOSIS_EDENIED : rc;
}
