/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_cookie.h: the cookie that binds a click-through to the browser
 * that asked for it.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     the caller's
 * Errors     DOSIS_EIO no randomness
 *
 * Over TLS its name has __Host-: no other host can set it. Over plain HTTP,
 * which only this machine may use, a browser takes no such cookie; there it
 * goes without.
 */

#ifndef NGX_DOSIS_COOKIE_H
#define NGX_DOSIS_COOKIE_H

#include "base/dosis_buf.h"
#include "ngx_dosis_module.h"

#define NGX_DOSIS_COOKIE_MAX 23   /* 22 characters: 16 bytes in base64url */
#define NGX_DOSIS_COOKIE_LINE 160 /* of Set-Cookie */

/* What the browser sent, or empty. */
dosis_slice_t ngx_dosis_cookie_sent(const ngx_http_request_t *r, bool tls);

/* What it has, so that its other addresses stay good; else a fresh one. */
DOSIS_CHECK dosis_rc_t ngx_dosis_cookie_give(
    const ngx_http_request_t *r, bool tls, char to[NGX_DOSIS_COOKIE_MAX]);

/* The value of Set-Cookie. */
void ngx_dosis_cookie_add(dosis_buf_t *line, bool tls, const char *value);

#endif
