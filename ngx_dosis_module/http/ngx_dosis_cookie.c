/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_cookie.h"

#include "base/dosis_text.h"
#include "crypto/dosis_secret.h"
#include "domain/dosis_limiet.h"
#include "http/ngx_dosis_browser.h"

#define COOKIE_BYTES 16
#define COOKIE_NAME "dosis-door"
#define COOKIE_NAME_TLS "__Host-" COOKIE_NAME


dosis_slice_t
ngx_dosis_cookie_sent(const ngx_http_request_t *r, bool tls)
{
    return ngx_dosis_browser_cookie(r,
        tls ? DOSIS_SLICE(COOKIE_NAME_TLS) : DOSIS_SLICE(COOKIE_NAME));
}


static bool
cookie_is_ours(dosis_slice_t value)
{
    char bytes[COOKIE_BYTES];
    dosis_buf_t out;

    dosis_buf_init_fixed(&out, bytes, sizeof(bytes));
    return value.len == NGX_DOSIS_COOKIE_MAX - 1
        && dosis_base64url_decode(&out, value) == DOSIS_OK
        && out.len == sizeof(bytes);
}


dosis_rc_t
ngx_dosis_cookie_give(
    const ngx_http_request_t *r, bool tls, char to[NGX_DOSIS_COOKIE_MAX])
{
    uint8_t random[COOKIE_BYTES];
    dosis_slice_t sent = ngx_dosis_cookie_sent(r, tls);
    dosis_buf_t out;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&out, to, NGX_DOSIS_COOKIE_MAX - 1);
    to[NGX_DOSIS_COOKIE_MAX - 1] = '\0';
    if (cookie_is_ours(sent)) {
        dosis_buf_add_slice(&out, sent);
        return out.rc;
    }
    rc = dosis_random(random, sizeof(random));
    if (rc == DOSIS_OK) {
        dosis_base64url_encode(&out, dosis_slice(random, sizeof(random)));
        rc = out.rc;
    }
    return rc;
}


void
ngx_dosis_cookie_add(dosis_buf_t *line, bool tls, const char *value)
{
    dosis_buf_addf(line, "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
        tls ? COOKIE_NAME_TLS : COOKIE_NAME, value, DOSIS_TICKET_TTL_S,
        tls ? "; Secure" : "");
}
