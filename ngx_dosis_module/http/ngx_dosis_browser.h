/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_browser.h: what a request tells of the browser that sent it.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     borrows the request
 * Errors     false, or empty
 */

#ifndef NGX_DOSIS_BROWSER_H
#define NGX_DOSIS_BROWSER_H

#include "base/dosis_slice.h"
#include "ngx_dosis_module.h"

/*
 * A script in a browser asks: it sends Sec-Fetch-Site or Origin, which no
 * script can leave out or invent. A back end sends neither.
 */
bool ngx_dosis_browser_asks(ngx_http_request_t *r);

/* It fetches what nobody has clicked yet. */
bool ngx_dosis_browser_prefetches(ngx_http_request_t *r);

/* The first cookie of that name, or empty. */
dosis_slice_t ngx_dosis_browser_cookie(
    const ngx_http_request_t *r, dosis_slice_t name);

#endif
