/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_media.h"

#include "base/dosis_text.h"

#define QUALITY_MAX 1000 /* q in thousandths */

/* How well a range fits a kind; a better fit decides, whatever its q. */
typedef enum { FIT_NONE, FIT_ANY, FIT_TYPE, FIT_NAME } fit_t;

typedef struct {
    fit_t fit;
    unsigned quality;
} weight_t;


/* Up to the next `mark` outside quotes, which is taken off as well. */
static dosis_slice_t
take(dosis_slice_t *rest, char mark)
{
    size_t len = 0;
    bool quoted = false;
    dosis_slice_t part;

    while (len < rest->len && (quoted || rest->data[len] != mark)) {
        quoted ^= (rest->data[len] == '"');
        len++;
    }
    part = dosis_text_trim(dosis_slice(rest->data, len));
    len += (len < rest->len);
    *rest = dosis_slice(rest->data + len, rest->len - len);
    return part;
}


/* `0.25` is 250; what is no such number is 0. */
static unsigned
read_quality(dosis_slice_t text)
{
    size_t i;
    unsigned quality, unit = QUALITY_MAX;

    if (text.len == 0 || text.len > sizeof("0.123") - 1
        || (text.data[0] != '0' && text.data[0] != '1')
        || (text.len > 1 && text.data[1] != '.')) {
        return 0;
    }
    quality = (unsigned) (text.data[0] - '0') * unit;
    for (i = 2; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return 0;
        }
        unit /= 10;
        quality += (unsigned) (text.data[i] - '0') * unit;
    }
    return quality > QUALITY_MAX ? 0 : quality;
}


static fit_t
fit_of(dosis_slice_t range, const char *kind)
{
    dosis_slice_t name = dosis_slice_of(kind);
    size_t type = strcspn(kind, "/") + 1;

    if (dosis_text_ieq(range, name)) {
        return FIT_NAME;
    }
    if (range.len == type + 1 && range.data[type] == '*'
        && dosis_text_ieq(dosis_slice(range.data, type),
            dosis_slice(kind, type))) {
        return FIT_TYPE;
    }
    return dosis_slice_eq(range, DOSIS_SLICE("*/*")) ? FIT_ANY : FIT_NONE;
}


static weight_t
weigh(dosis_slice_t accept, const char *kind)
{
    fit_t fit;
    unsigned quality;
    weight_t best = { FIT_NONE, 0 };
    dosis_slice_t element, parameter;

    while (accept.len > 0) {
        element = take(&accept, ',');
        fit = fit_of(take(&element, ';'), kind);
        quality = QUALITY_MAX;
        while (element.len > 0) {
            parameter = take(&element, ';');
            if (parameter.len >= 2 && (parameter.data[0] | 0x20) == 'q'
                && parameter.data[1] == '=') {
                quality = read_quality(
                    dosis_slice(parameter.data + 2, parameter.len - 2));
            }
        }
        if (fit > best.fit || (fit == best.fit && quality > best.quality)) {
            best = (weight_t){ fit, quality };
        }
    }
    return best;
}


bool
dosis_media_prefers(dosis_slice_t accept, const char *other, const char *usual)
{
    weight_t wanted = weigh(accept, other);

    return wanted.fit == FIT_NAME && wanted.quality > 0
        && wanted.quality >= weigh(accept, usual).quality;
}
