/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_browser.h"

#include "base/dosis_text.h"

#define BROWSER_PREFETCH DOSIS_SLICE("prefetch")


/* The first header of that name, in lower case; data is NULL: none. */
static dosis_slice_t
browser_header(ngx_http_request_t *r, dosis_slice_t name)
{
    ngx_uint_t i;
    ngx_list_part_t *part;
    ngx_table_elt_t *headers;

    for (part = &r->headers_in.headers.part; part != NULL; part = part->next) {
        headers = part->elts;
        for (i = 0; i < part->nelts; i++) {
            if (dosis_text_ieq(ngx_dosis_slice(&headers[i].key), name)) {
                return ngx_dosis_slice(&headers[i].value);
            }
        }
    }
    return dosis_slice(NULL, 0);
}


bool
ngx_dosis_browser_asks(ngx_http_request_t *r)
{
    return browser_header(r, DOSIS_SLICE("sec-fetch-site")).data != NULL
        || browser_header(r, DOSIS_SLICE("origin")).data != NULL;
}


/* `prefetch`, or `prefetch;prerender` and the like. */
static bool
browser_says_prefetch(ngx_http_request_t *r, dosis_slice_t name)
{
    dosis_slice_t value = browser_header(r, name);

    if (value.len > BROWSER_PREFETCH.len) {
        value.len = BROWSER_PREFETCH.len;
    }
    return dosis_text_ieq(value, BROWSER_PREFETCH);
}


bool
ngx_dosis_browser_prefetches(ngx_http_request_t *r)
{
    return browser_says_prefetch(r, DOSIS_SLICE("sec-purpose"))
        || browser_says_prefetch(r, DOSIS_SLICE("purpose"))
        || browser_says_prefetch(r, DOSIS_SLICE("x-purpose"))
        || browser_says_prefetch(r, DOSIS_SLICE("x-moz"));
}


/* name=value; name=value */
static dosis_slice_t
browser_cookie_in(dosis_slice_t line, dosis_slice_t name)
{
    size_t len;
    dosis_slice_t pair;
    const char *end;

    while (line.len > 0) {
        end = memchr(line.data, ';', line.len);
        len = (end == NULL) ? line.len : (size_t) (end - line.data);
        pair = dosis_text_trim(dosis_slice(line.data, len));
        if (pair.len > name.len && pair.data[name.len] == '='
            && memcmp(pair.data, name.data, name.len) == 0) {
            return dosis_slice(
                pair.data + name.len + 1, pair.len - name.len - 1);
        }
        len += (end != NULL);
        line = dosis_slice(line.data + len, line.len - len);
    }
    return dosis_slice(NULL, 0);
}


dosis_slice_t
ngx_dosis_browser_cookie(const ngx_http_request_t *r, dosis_slice_t name)
{
    ngx_uint_t i;
    dosis_slice_t value = { NULL, 0 };
    ngx_table_elt_t **cookies = r->headers_in.cookies.elts;

    for (i = 0; i < r->headers_in.cookies.nelts && value.data == NULL; i++) {
        value = browser_cookie_in(ngx_dosis_slice(&cookies[i]->value), name);
    }
    return value;
}
