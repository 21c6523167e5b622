/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_transport.h: what is believed of the way a request came: whether
 * nobody could listen, and which client certificate came with it.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     the request's pool
 * Errors     DOSIS_EDENIED: not the certificate; DOSIS_ENOMEM
 *
 * The address of the connection counts, before real_ip. Only an address that
 * dosis_trusted_proxy names may speak for its client.
 */

#ifndef NGX_DOSIS_TRANSPORT_H
#define NGX_DOSIS_TRANSPORT_H

#include "crypto/dosis_jwt.h"
#include "http/ngx_dosis_ctx.h"
#include "ngx_dosis_conf.h"

/* TLS, or a trusted proxy that says its client used TLS. */
bool ngx_dosis_transport_is_tls(const ngx_http_request_t *r,
    const ngx_dosis_ctx_t *ctx, const ngx_dosis_loc_conf_t *conf);

/* TLS, this machine, or a trusted proxy that says its client used TLS. */
bool ngx_dosis_transport_is_private(const ngx_http_request_t *r,
    const ngx_dosis_ctx_t *ctx, const ngx_dosis_loc_conf_t *conf);

/*
 * Does the client certificate the token is bound to come with the request? Of
 * the connection, or, from a trusted proxy, in dosis_certificate_header: then
 * the connection's own is the proxy's, and is not looked at.
 */
DOSIS_CHECK dosis_rc_t ngx_dosis_transport_check(ngx_http_request_t *r,
    const ngx_dosis_ctx_t *ctx, const ngx_dosis_loc_conf_t *conf,
    const dosis_jwt_binding_t *binding);

#endif
