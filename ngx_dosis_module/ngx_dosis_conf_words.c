/* SPDX-License-Identifier: EUPL-1.2 */

#include "ngx_dosis_conf_words.h"

#include "domain/dosis_limiet.h"
#include "writer/ngx_dosis_inzage.h"

#define CONF_INZAGE_MIN_BYTES ((ssize_t) 4 << 10)
#define CONF_INZAGE_MAX_BYTES ((ssize_t) 32 << 20)


/* The value behind `name` when arg starts with it. */
bool
ngx_dosis_conf_value(
    const ngx_str_t *arg, const ngx_str_t *name, ngx_str_t *ret)
{
    if (arg->len < name->len
        || ngx_strncmp(arg->data, name->data, name->len) != 0) {
        return false;
    }
    ret->data = arg->data + name->len;
    ret->len = arg->len - name->len;
    return true;
}


static const struct {
    ngx_str_t name;
    dosis_grens_t fallback;
} conf_limits[NGX_DOSIS_LIMIT_MAX] = {
    { ngx_string("questions"), { DOSIS_VRAGEN_PER_S, DOSIS_VRAGEN_STOOT } },
    { ngx_string("deliveries"),
        { DOSIS_LEVERINGEN_PER_S, DOSIS_LEVERINGEN_STOOT } },
    { ngx_string("user"), { DOSIS_GEBRUIKER_PER_S, DOSIS_GEBRUIKER_STOOT } },
};


bool
ngx_dosis_conf_is_plain(dosis_slice_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if ((unsigned char) text.data[i] <= ' '
            || (unsigned char) text.data[i] >= 0x7f
            || strchr("\"%<>?#\\^`{|}", text.data[i]) != NULL) {
            return false;
        }
    }
    return true;
}


/* "rate=20r/s", "burst=100": the number between, or NGX_ERROR. */
static ngx_int_t
conf_limit_number(const ngx_str_t *arg, const char *name, const char *unit)
{
    ngx_int_t number;
    const size_t before = ngx_strlen(name);
    const size_t behind = ngx_strlen(unit);

    if (arg->len <= before + behind
        || ngx_strncmp(arg->data, name, before) != 0
        || ngx_strcmp(arg->data + arg->len - behind, unit) != 0) {
        return NGX_ERROR;
    }
    number = ngx_atoi(arg->data + before, arg->len - before - behind);
    return (number < 1 || number > DOSIS_GRENS_MAX) ? NGX_ERROR : number;
}


/* dosis_client_limit questions|deliveries|user rate=<n>r/s [burst=<n>] | off */
char *
ngx_dosis_conf_client_limit(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_int_t rate = 0;
    ngx_int_t burst = 0;
    ngx_str_t *args = cf->args->elts;
    ngx_uint_t what = 0;
    ngx_dosis_main_conf_t *main = conf;

    while (what < NGX_DOSIS_LIMIT_MAX
        && ngx_strcmp(args[1].data, conf_limits[what].name.data) != 0) {
        what++;
    }
    if (what == NGX_DOSIS_LIMIT_MAX) {
        return "limits \"questions\", \"deliveries\" or \"user\"";
    }
    if (main->limit_set[what]) {
        return "is duplicate";
    }
    if (ngx_strcmp(args[2].data, "off") != 0 || cf->args->nelts > 3) {
        rate = conf_limit_number(&args[2], "rate=", "r/s");
        if (cf->args->nelts > 3) {
            burst = conf_limit_number(&args[3], "burst=", "");
        }
    }
    if (rate == NGX_ERROR || burst == NGX_ERROR) {
        return "wants rate=<n>r/s and perhaps burst=<n> (1 to 1000000), or"
               " \"off\"";
    }
    main->limit[what] = (dosis_grens_t){ (uint32_t) rate, (uint32_t) burst };
    main->limit_set[what] = true;
    return NGX_CONF_OK;
}


void
ngx_dosis_conf_limit_defaults(ngx_dosis_main_conf_t *main)
{
    ngx_uint_t i;

    for (i = 0; i < NGX_DOSIS_LIMIT_MAX; i++) {
        if (!main->limit_set[i]) {
            main->limit[i] = conf_limits[i].fallback;
        }
    }
}


static ngx_conf_enum_t conf_inzage_modes[] = {
    { ngx_string("off"), NGX_DOSIS_INZAGE_OFF },
    { ngx_string("on"), NGX_DOSIS_INZAGE_ON },
    { ngx_string("strict"), NGX_DOSIS_INZAGE_STRICT },
    { ngx_null_string, 0 }
};


/* A mode, and how much a worker may keep that is not on disk. */
char *
ngx_dosis_conf_inzage(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ssize_t bytes;
    ngx_str_t value;
    ngx_str_t *args = cf->args->elts;
    ngx_conf_enum_t *mode = conf_inzage_modes;
    ngx_dosis_main_conf_t *main = conf;
    const ngx_str_t buffer = ngx_string("buffer=");

    if (main->inzage != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }
    while (mode->name.len > 0
        && (mode->name.len != args[1].len
            || ngx_strcasecmp(mode->name.data, args[1].data) != 0)) {
        mode++;
    }
    if (mode->name.len == 0) {
        return "wants \"on\", \"strict\" or \"off\"";
    }
    main->inzage = mode->value;
    if (cf->args->nelts > 2) {
        bytes = ngx_dosis_conf_value(&args[2], &buffer, &value)
            ? ngx_parse_size(&value)
            : NGX_ERROR;
        if (bytes < CONF_INZAGE_MIN_BYTES || bytes > CONF_INZAGE_MAX_BYTES) {
            return "wants buffer= from 4k to 32m";
        }
        main->inzage_buffer = (size_t) bytes;
    }
    return NGX_CONF_OK;
}
