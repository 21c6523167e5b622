/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_media.h"

#include "base/dosis_text.h"


dosis_slice_t
ngx_dosis_media_type(dosis_slice_t value)
{
    const char *end = memchr(value.data, ';', value.len);

    if (end != NULL) {
        value.len = (size_t) (end - value.data);
    }
    return dosis_text_trim(value);
}


bool
ngx_dosis_media_starts(dosis_slice_t text, dosis_slice_t start)
{
    return text.len >= start.len
        && dosis_text_ieq(dosis_slice(text.data, start.len), start);
}


dosis_slice_t
ngx_dosis_media_charset(dosis_slice_t value)
{
    size_t i;
    dosis_slice_t rest;
    const dosis_slice_t name = DOSIS_SLICE("charset=");

    for (i = 0; i + name.len <= value.len; i++) {
        rest = dosis_slice(value.data + i, value.len - i);
        if (!ngx_dosis_media_starts(rest, name)) {
            continue;
        }
        rest = ngx_dosis_media_type(
            dosis_slice(rest.data + name.len, rest.len - name.len));
        if (rest.len >= 2 && rest.data[0] == '"'
            && rest.data[rest.len - 1] == '"') {
            rest = dosis_slice(rest.data + 1, rest.len - 2);
        }
        return rest;
    }
    return dosis_slice(NULL, 0);
}
