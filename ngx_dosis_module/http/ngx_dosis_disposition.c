/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_disposition.h"

#include "base/dosis_args.h"
#include "base/dosis_text.h"
#include "http/ngx_dosis_media.h"

#define DISPOSITION DOSIS_SLICE("content-disposition")
#define DISPOSITION_UTF8 DOSIS_SLICE("utf-8''")


static dosis_slice_t
disposition_header(const ngx_http_request_t *r)
{
    ngx_uint_t i;
    const ngx_list_part_t *part;
    const ngx_table_elt_t *headers;

    for (part = &r->headers_in.headers.part; part != NULL; part = part->next) {
        headers = part->elts;
        for (i = 0; i < part->nelts; i++) {
            if (dosis_text_ieq(ngx_dosis_slice(&headers[i].key), DISPOSITION)) {
                return ngx_dosis_slice(&headers[i].value);
            }
        }
    }
    return dosis_slice(NULL, 0);
}


/* The next parameter, up to a `;` that is not quoted. */
static dosis_slice_t
disposition_next(dosis_slice_t *rest)
{
    size_t len = 0;
    bool quoted = false;
    dosis_slice_t part;

    while (len < rest->len && (quoted || rest->data[len] != ';')) {
        quoted ^= (rest->data[len] == '"');
        len++;
    }
    part = dosis_text_trim(dosis_slice(rest->data, len));
    len += (len < rest->len);
    *rest = dosis_slice(rest->data + len, rest->len - len);
    return part;
}


static dosis_slice_t
disposition_unquote(dosis_slice_t text)
{
    text = dosis_text_trim(text);
    if (text.len >= 2 && text.data[0] == '"'
        && text.data[text.len - 1] == '"') {
        text = dosis_slice(text.data + 1, text.len - 2);
    }
    return text;
}


static dosis_slice_t
disposition_decode(dosis_slice_t text, dosis_arena_t *arena)
{
    dosis_slice_t name;

    if (!ngx_dosis_media_starts(text, DISPOSITION_UTF8)) {
        return dosis_slice(NULL, 0);
    }
    text = dosis_slice(
        text.data + DISPOSITION_UTF8.len, text.len - DISPOSITION_UTF8.len);
    return (dosis_args_decode(arena, text, &name) == DOSIS_OK)
        ? name
        : dosis_slice(NULL, 0);
}


dosis_slice_t
ngx_dosis_disposition(const ngx_http_request_t *r, dosis_arena_t *arena)
{
    dosis_slice_t part;
    dosis_slice_t coded;
    dosis_slice_t name = dosis_slice(NULL, 0);
    dosis_slice_t rest = disposition_header(r);
    const dosis_slice_t plain = DOSIS_SLICE("filename=");
    const dosis_slice_t star = DOSIS_SLICE("filename*=");

    while (rest.len > 0) {
        part = disposition_next(&rest);
        if (ngx_dosis_media_starts(part, plain)) {
            name = disposition_unquote(
                dosis_slice(part.data + plain.len, part.len - plain.len));
        } else if (ngx_dosis_media_starts(part, star)) {
            coded = disposition_decode(
                dosis_slice(part.data + star.len, part.len - star.len), arena);
            return (coded.data == NULL) ? name : coded;
        }
    }
    return name;
}
