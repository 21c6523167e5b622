/* SPDX-License-Identifier: EUPL-1.2 */

#include "ngx_dosis_conf.h"

#include "base/dosis_buf.h"
#include "base/dosis_file.h"
#include "domain/dosis_limiet.h"
#include "domain/dosis_url.h"
#include "http/ngx_dosis_call.h"
#include "http/ngx_dosis_limit.h"
#include "http/ngx_dosis_engine.h"
#include "http/ngx_dosis_log.h"
#include "ngx_dosis_conf_words.h"
#include "store/dosis_store.h"
#include "writer/ngx_dosis_inzage.h"
#include "writer/ngx_dosis_spool.h"

#define CONF_MAP_BYTES ((off_t) 256 << 30)
#define CONF_MAP_MAX_BYTES ((off_t) 16 << 40)
#define CONF_TOKEN_CACHE 4096
#define CONF_TOKEN_CACHE_MAX 1048576
#define CONF_LEEWAY_S 30
#define CONF_LEEWAY_MAX_S 60
#define CONF_QUEUE 4096
#define CONF_BATCH 256
#define CONF_STREAMS 1000
#define CONF_STREAMS_CLIENT 100
#define CONF_STREAMS_LIMIT 65536
#define CONF_HEARTBEAT_MS 15000
#define CONF_HEARTBEAT_MIN_MS 1000
#define CONF_CSV_RESERVE ((off_t) 256 << 20)
#define CONF_CSV_UPLOADS 8
#define CONF_LIMIT_ZONE_BYTES ((size_t) 4 << 20)
#define CONF_INZAGE_BYTES ((size_t) 4 << 20)
#define CONF_ENGINE_MS 5000
#define CONF_ENGINE_MIN_MS 100
#define CONF_ENGINE_MAX_MS 60000

static char *conf_store(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *conf_key_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *conf_token_cache(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *conf_streams(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *conf_engine(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *conf_read_pool(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *conf_dosis(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *conf_prefix(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *conf_base(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *conf_trusted_proxy(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *conf_certificate_header(
    ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

static ngx_conf_num_bounds_t conf_queue_bounds = { ngx_conf_check_num_bounds, 1,
    1048576 };
static ngx_conf_num_bounds_t conf_batch_bounds = { ngx_conf_check_num_bounds, 1,
    4096 };

static ngx_conf_num_bounds_t conf_uploads_bounds = { ngx_conf_check_num_bounds,
    1, NGX_DOSIS_SPOOL_PLACES_MAX };

#define NGX_DOSIS_CONF_ANY                                                     \
    (NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF)

ngx_command_t ngx_dosis_commands[] = {
    { ngx_string("dosis_store"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
        conf_store, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },
    { ngx_string("dosis_map_size"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
        ngx_conf_set_off_slot, NGX_HTTP_MAIN_CONF_OFFSET,
        offsetof(ngx_dosis_main_conf_t, map_bytes), NULL },
    { ngx_string("dosis_key_file"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
        conf_key_file, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },
    { ngx_string("dosis_issuer"), NGX_HTTP_MAIN_CONF | NGX_CONF_2MORE,
        ngx_dosis_conf_issuer, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },
    { ngx_string("dosis_token_cache"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
        conf_token_cache, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },
    { ngx_string("dosis_leeway"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
        ngx_conf_set_sec_slot, NGX_HTTP_MAIN_CONF_OFFSET,
        offsetof(ngx_dosis_main_conf_t, leeway_s), NULL },
    { ngx_string("dosis_queue"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
        ngx_conf_set_num_slot, NGX_HTTP_MAIN_CONF_OFFSET,
        offsetof(ngx_dosis_main_conf_t, queue_max), &conf_queue_bounds },
    { ngx_string("dosis_batch"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
        ngx_conf_set_num_slot, NGX_HTTP_MAIN_CONF_OFFSET,
        offsetof(ngx_dosis_main_conf_t, batch_max), &conf_batch_bounds },
    { ngx_string("dosis_future"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
        ngx_conf_set_sec_slot, NGX_HTTP_MAIN_CONF_OFFSET,
        offsetof(ngx_dosis_main_conf_t, future_s), NULL },
    { ngx_string("dosis_streams"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE12,
        conf_streams, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },
    { ngx_string("dosis_heartbeat"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
        ngx_conf_set_msec_slot, NGX_HTTP_MAIN_CONF_OFFSET,
        offsetof(ngx_dosis_main_conf_t, heartbeat_ms), NULL },
    { ngx_string("dosis_client_limit"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE23,
        ngx_dosis_conf_client_limit, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },
    { ngx_string("dosis_limit_zone"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
        ngx_conf_set_size_slot, NGX_HTTP_MAIN_CONF_OFFSET,
        offsetof(ngx_dosis_main_conf_t, limit_zone_bytes), NULL },
    { ngx_string("dosis_inzage"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE12,
        ngx_dosis_conf_inzage, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },
    { ngx_string("dosis_csv_reserve"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
        ngx_conf_set_off_slot, NGX_HTTP_MAIN_CONF_OFFSET,
        offsetof(ngx_dosis_main_conf_t, csv_reserve), NULL },
    { ngx_string("dosis_csv_uploads"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
        ngx_conf_set_num_slot, NGX_HTTP_MAIN_CONF_OFFSET,
        offsetof(ngx_dosis_main_conf_t, csv_uploads), &conf_uploads_bounds },
    { ngx_string("dosis_engine"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE12,
        conf_engine, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },
    { ngx_string("dosis_read_pool"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
        conf_read_pool, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },

    { ngx_string("dosis"), NGX_HTTP_LOC_CONF | NGX_CONF_FLAG, conf_dosis,
        NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },
    { ngx_string("dosis_prefix"), NGX_DOSIS_CONF_ANY | NGX_CONF_TAKE1,
        conf_prefix, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },
    { ngx_string("dosis_base"), NGX_DOSIS_CONF_ANY | NGX_CONF_TAKE1, conf_base,
        NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },
    { ngx_string("dosis_require_tls"), NGX_DOSIS_CONF_ANY | NGX_CONF_FLAG,
        ngx_conf_set_flag_slot, NGX_HTTP_LOC_CONF_OFFSET,
        offsetof(ngx_dosis_loc_conf_t, require_tls), NULL },
    { ngx_string("dosis_trusted_proxy"), NGX_DOSIS_CONF_ANY | NGX_CONF_1MORE,
        conf_trusted_proxy, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },
    { ngx_string("dosis_certificate_header"),
        NGX_DOSIS_CONF_ANY | NGX_CONF_TAKE1, conf_certificate_header,
        NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },
    { ngx_string("dosis_token_in_query"), NGX_DOSIS_CONF_ANY | NGX_CONF_FLAG,
        ngx_conf_set_flag_slot, NGX_HTTP_LOC_CONF_OFFSET,
        offsetof(ngx_dosis_loc_conf_t, token_in_query), NULL },
    { ngx_string("dosis_body_max"), NGX_DOSIS_CONF_ANY | NGX_CONF_TAKE1,
        ngx_conf_set_size_slot, NGX_HTTP_LOC_CONF_OFFSET,
        offsetof(ngx_dosis_loc_conf_t, body_max), NULL },
    { ngx_string("dosis_batch_body_max"), NGX_DOSIS_CONF_ANY | NGX_CONF_TAKE1,
        ngx_conf_set_size_slot, NGX_HTTP_LOC_CONF_OFFSET,
        offsetof(ngx_dosis_loc_conf_t, batch_body_max), NULL },
    { ngx_string("dosis_csv_max"), NGX_DOSIS_CONF_ANY | NGX_CONF_TAKE1,
        ngx_conf_set_off_slot, NGX_HTTP_LOC_CONF_OFFSET,
        offsetof(ngx_dosis_loc_conf_t, csv_max), NULL },
    ngx_null_command
};

/* A path as a C string; against: 1 the configuration's directory, 0 prefix. */
char *
ngx_dosis_conf_path(ngx_conf_t *cf, ngx_str_t *path, ngx_uint_t against)
{
    return (ngx_conf_full_name(cf->cycle, path, against) == NGX_OK)
        ? NGX_CONF_OK
        : NGX_CONF_ERROR;
}


static char *
conf_store(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t *args = cf->args->elts;
    ngx_dosis_main_conf_t *main = conf;

    if (main->store.data != NULL) {
        return "is duplicate";
    }
    main->store = args[1];
    return ngx_dosis_conf_path(cf, &main->store, 0);
}


static void
conf_free_kek(void *data)
{
    dosis_secret_free(data);
}


static char *
conf_key_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    dosis_rc_t rc;
    ngx_str_t *args = cf->args->elts;
    ngx_pool_cleanup_t *cleanup;
    ngx_dosis_main_conf_t *main = conf;

    if (main->kek != NULL) {
        return "is duplicate";
    }
    main->key_file = args[1];
    cleanup = ngx_pool_cleanup_add(cf->pool, 0);
    if (cleanup == NULL
        || ngx_dosis_conf_path(cf, &main->key_file, 1) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }
    rc = dosis_secret_load((const char *) main->key_file.data, &main->kek);
    if (rc != DOSIS_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, (rc == DOSIS_EIO) ? ngx_errno : 0,
            "dosis_key_file \"%V\" cannot be used: %s (%s); it must be 64 hex"
            " digits and a newline, mode 0640 or narrower",
            &main->key_file, dosis_rc_name(rc), dosis_rc_text(rc));
        return NGX_CONF_ERROR;
    }
    cleanup->handler = conf_free_kek;
    cleanup->data = main->kek;
    return NGX_CONF_OK;
}


static char *
conf_token_cache(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_int_t entries;
    ngx_str_t *args = cf->args->elts;
    ngx_dosis_main_conf_t *main = conf;

    if (main->token_cache != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }
    if (ngx_strcmp(args[1].data, "off") == 0) {
        main->token_cache = 0;
        return NGX_CONF_OK;
    }
    entries = ngx_atoi(args[1].data, args[1].len);
    if (entries < 1 || entries > CONF_TOKEN_CACHE_MAX) {
        return "wants a number of entries (1 to 1048576) or \"off\"";
    }
    main->token_cache = (ngx_uint_t) entries;
    return NGX_CONF_OK;
}


/* Per worker, and of one client: a number each. */
static char *
conf_streams(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_uint_t i;
    ngx_int_t number[2];
    ngx_str_t *args = cf->args->elts;
    ngx_dosis_main_conf_t *main = conf;

    if (main->streams_max != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }
    number[1] = CONF_STREAMS_CLIENT;
    for (i = 1; i < cf->args->nelts; i++) {
        number[i - 1] = ngx_atoi(args[i].data, args[i].len);
        if (number[i - 1] < 0 || number[i - 1] > CONF_STREAMS_LIMIT) {
            return "wants one or two numbers (0 to 65536)";
        }
    }
    main->streams_max = (ngx_uint_t) number[0];
    main->streams_client_max = (ngx_uint_t) number[1];
    return NGX_CONF_OK;
}


/* timeout=, of the whole question. */
static bool
conf_engine_timeout(const ngx_str_t *arg, ngx_msec_t *ret)
{
    ngx_int_t ms;
    ngx_str_t value;
    const ngx_str_t name = ngx_string("timeout=");

    if (!ngx_dosis_conf_value(arg, &name, &value)) {
        return false;
    }
    ms = ngx_parse_time(&value, 0);
    *ret = (ngx_msec_t) ms;
    return ms >= CONF_ENGINE_MIN_MS && ms <= CONF_ENGINE_MAX_MS;
}


/* On this machine, and nowhere else: what is asked goes there in plain. */
static char *
conf_engine(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_url_t url;
    ngx_str_t *args = cf->args->elts;
    ngx_msec_t timeout = CONF_ENGINE_MS;
    ngx_dosis_main_conf_t *main = conf;

    if (main->engine.upstream != NULL) {
        return "is duplicate";
    }
    if (args[1].len < sizeof("unix:/") - 1
        || ngx_strncmp(args[1].data, "unix:/", sizeof("unix:/") - 1) != 0) {
        return "wants a unix socket: unix:/path";
    }
    if (cf->args->nelts > 2 && !conf_engine_timeout(&args[2], &timeout)) {
        return "wants timeout= from 100ms to 60s";
    }
    ngx_memzero(&url, sizeof(url));
    url.url = args[1];
    url.no_resolve = 1;
    main->engine.upstream = ngx_http_upstream_add(cf, &url, 0);
    ngx_dosis_engine_init(&main->engine, timeout);
    return (main->engine.upstream == NULL) ? NGX_CONF_ERROR : NGX_CONF_OK;
}


static char *
conf_read_pool(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t *args = cf->args->elts;
    ngx_dosis_main_conf_t *main = conf;

    if (main->read_threads != NULL) {
        return "is duplicate";
    }
    main->read_threads = ngx_thread_pool_add(cf, &args[1]);
    return (main->read_threads == NULL) ? NGX_CONF_ERROR : NGX_CONF_OK;
}


static char *
conf_dosis(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t *args = cf->args->elts;
    ngx_dosis_loc_conf_t *loc = conf;
    ngx_dosis_main_conf_t *main;
    ngx_dosis_srv_conf_t *srv;
    ngx_http_core_loc_conf_t *core;
    ngx_str_t pool = ngx_string("dosis");

    if (ngx_strcasecmp(args[1].data, (u_char *) "off") == 0) {
        return NGX_CONF_OK;
    }
    if (ngx_strcasecmp(args[1].data, (u_char *) "on") != 0) {
        return "wants \"on\" or \"off\"";
    }

    main = ngx_http_conf_get_module_main_conf(cf, ngx_dosis_module);
    srv = ngx_http_conf_get_module_srv_conf(cf, ngx_dosis_module);
    core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    main->threads = ngx_thread_pool_add(cf, &pool);
    if (main->threads == NULL) {
        return NGX_CONF_ERROR;
    }
    main->enabled = srv->enabled = loc->enabled = true;
    core->handler = ngx_dosis_handler;
    return NGX_CONF_OK;
}


static char *
conf_prefix(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t *args = cf->args->elts;
    ngx_dosis_loc_conf_t *loc = conf;

    if (loc->prefix.data != NULL) {
        return "is duplicate";
    }
    loc->prefix = args[1];
    if (loc->prefix.len > 0
        && (loc->prefix.data[0] != '/'
            || loc->prefix.data[loc->prefix.len - 1] == '/')) {
        return "wants a path that starts with \"/\" and does not end with it";
    }
    if (!ngx_dosis_conf_is_plain(ngx_dosis_slice(&loc->prefix))) {
        return "wants letters, digits and signs that a path may hold";
    }
    return NGX_CONF_OK;
}


/* Tokens and addresses begin with it: nothing of a request may make it up. */
static char *
conf_base(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t *args = cf->args->elts;
    ngx_dosis_loc_conf_t *loc = conf;
    dosis_slice_t base = ngx_dosis_slice(&args[1]);

    if (loc->base.data != NULL) {
        return "is duplicate";
    }
    if (!dosis_url_valid(base) || !ngx_dosis_conf_is_plain(base)
        || base.data[base.len - 1] == '/') {
        return "must be a whole address without a slash, ? or # at its end";
    }
    loc->base = args[1];
    return NGX_CONF_OK;
}


static char *
conf_trusted_proxy(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_int_t rc;
    ngx_str_t *args = cf->args->elts;
    ngx_uint_t i;
    ngx_cidr_t *cidr;
    ngx_dosis_loc_conf_t *loc = conf;

    if (loc->trusted == NGX_CONF_UNSET_PTR) {
        loc->trusted = ngx_array_create(cf->pool, 4, sizeof(ngx_cidr_t));
        if (loc->trusted == NULL) {
            return NGX_CONF_ERROR;
        }
    }
    for (i = 1; i < cf->args->nelts; i++) {
        cidr = ngx_array_push(loc->trusted);
        if (cidr == NULL) {
            return NGX_CONF_ERROR;
        }
        if (ngx_strcmp(args[i].data, "unix:") == 0) {
            cidr->family = AF_UNIX;
            continue;
        }
        rc = ngx_ptocidr(&args[i], cidr);
        if (rc == NGX_ERROR) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                "dosis_trusted_proxy: \"%V\" is no address or network",
                &args[i]);
            return NGX_CONF_ERROR;
        }
        if (rc == NGX_DONE) {
            ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                "dosis_trusted_proxy: low address bits of %V are meaningless",
                &args[i]);
        }
    }
    return NGX_CONF_OK;
}


/* A name in the sense of RFC 9110; "off" takes an inherited one away. */
static char *
conf_certificate_header(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    size_t i;
    u_char c;
    ngx_str_t *args = cf->args->elts;
    ngx_dosis_loc_conf_t *loc = conf;

    if (loc->certificate_header.data != NULL) {
        return "is duplicate";
    }
    for (i = 0; i < args[1].len; i++) {
        c = ngx_tolower(args[1].data[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            return "wants the name of a header";
        }
    }
    loc->certificate_header = args[1];
    if (ngx_strcmp(args[1].data, "off") == 0) {
        loc->certificate_header.len = 0;
    }
    return NGX_CONF_OK;
}


void *
ngx_dosis_create_main_conf(ngx_conf_t *cf)
{
    ngx_dosis_main_conf_t *main;

    main = ngx_pcalloc(cf->pool, sizeof(*main));
    if (main == NULL
        || ngx_array_init(
               &main->issuers, cf->pool, 4, sizeof(dosis_jwt_issuer_t))
            != NGX_OK
        || ngx_array_init(
               &main->rules, cf->pool, 4, sizeof(dosis_identity_rules_t))
            != NGX_OK) {
        return NULL;
    }
    main->map_bytes = NGX_CONF_UNSET;
    main->token_cache = NGX_CONF_UNSET_UINT;
    main->leeway_s = NGX_CONF_UNSET;
    main->queue_max = NGX_CONF_UNSET_UINT;
    main->batch_max = NGX_CONF_UNSET_UINT;
    main->future_s = NGX_CONF_UNSET;
    main->streams_max = NGX_CONF_UNSET_UINT;
    main->heartbeat_ms = NGX_CONF_UNSET_MSEC;
    main->csv_reserve = NGX_CONF_UNSET;
    main->csv_uploads = NGX_CONF_UNSET_UINT;
    main->limit_zone_bytes = NGX_CONF_UNSET_SIZE;
    main->inzage = NGX_CONF_UNSET_UINT;
    main->inzage_buffer = CONF_INZAGE_BYTES;
    return main;
}


/* The zone is there though nothing is limited: a registration may. */
static ngx_int_t
conf_init_limits(ngx_conf_t *cf, ngx_dosis_main_conf_t *main)
{

    ngx_conf_init_size_value(main->limit_zone_bytes, CONF_LIMIT_ZONE_BYTES);
    ngx_dosis_conf_limit_defaults(main);
    main->limit_zone = ngx_dosis_limit_zone(cf, main->limit_zone_bytes);
    return (main->limit_zone == NULL) ? NGX_ERROR : NGX_OK;
}


char *
ngx_dosis_init_main_conf(ngx_conf_t *cf, void *conf)
{
    const char *missing = NULL;
    ngx_dosis_main_conf_t *main = conf;

    ngx_conf_init_value(main->map_bytes, CONF_MAP_BYTES);
    ngx_conf_init_uint_value(main->token_cache, CONF_TOKEN_CACHE);
    ngx_conf_init_value(main->leeway_s, CONF_LEEWAY_S);
    ngx_conf_init_uint_value(main->queue_max, CONF_QUEUE);
    ngx_conf_init_uint_value(main->batch_max, CONF_BATCH);
    ngx_conf_init_value(main->future_s, DOSIS_FUTURE_S);
    if (main->streams_max == NGX_CONF_UNSET_UINT) {
        main->streams_max = CONF_STREAMS;
        main->streams_client_max = CONF_STREAMS_CLIENT;
    }
    ngx_conf_init_msec_value(main->heartbeat_ms, CONF_HEARTBEAT_MS);
    ngx_conf_init_uint_value(main->inzage, NGX_DOSIS_INZAGE_ON);
    ngx_conf_init_value(main->csv_reserve, CONF_CSV_RESERVE);
    ngx_conf_init_uint_value(main->csv_uploads, CONF_CSV_UPLOADS);

    if (main->leeway_s > CONF_LEEWAY_MAX_S) {
        ngx_conf_log_error(
            NGX_LOG_EMERG, cf, 0, "dosis_leeway: at most 60 seconds");
        return NGX_CONF_ERROR;
    }
    if (main->heartbeat_ms < CONF_HEARTBEAT_MIN_MS) {
        ngx_conf_log_error(
            NGX_LOG_EMERG, cf, 0, "dosis_heartbeat: at least 1 second");
        return NGX_CONF_ERROR;
    }
    if (main->map_bytes < (off_t) DOSIS_STORE_MAP_MIN
        || main->map_bytes > CONF_MAP_MAX_BYTES) {
        ngx_conf_log_error(
            NGX_LOG_EMERG, cf, 0, "dosis_map_size: from 4m to 16384g");
        return NGX_CONF_ERROR;
    }
    if (!main->enabled) {
        return NGX_CONF_OK;
    }
    if (main->store.data == NULL) {
        missing = "dosis_store";
    } else if (main->kek == NULL) {
        missing = "dosis_key_file";
    }
    if (missing != NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
            "\"dosis on\" needs %s in the http block", missing);
        return NGX_CONF_ERROR;
    }
    if (conf_init_limits(cf, main) != NGX_OK) {
        return NGX_CONF_ERROR;
    }
    if (main->read_threads == NULL) {
        main->read_threads = ngx_thread_pool_add(cf, NULL); /* `default` */
    }
    return (main->read_threads == NULL) ? NGX_CONF_ERROR : NGX_CONF_OK;
}


void *
ngx_dosis_create_srv_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_dosis_srv_conf_t));
}


void *
ngx_dosis_create_loc_conf(ngx_conf_t *cf)
{
    ngx_dosis_loc_conf_t *loc;

    loc = ngx_pcalloc(cf->pool, sizeof(*loc));
    if (loc == NULL) {
        return NULL;
    }
    loc->require_tls = NGX_CONF_UNSET;
    loc->trusted = NGX_CONF_UNSET_PTR;
    loc->token_in_query = NGX_CONF_UNSET;
    loc->body_max = NGX_CONF_UNSET_SIZE;
    loc->batch_body_max = NGX_CONF_UNSET_SIZE;
    loc->csv_max = NGX_CONF_UNSET;
    return loc;
}


/*
 * The ceilings of a body are ours, and it never reaches a file of nginx: that
 * would be plain text on a disk (http/ngx_dosis_body.c).
 */
static char *
conf_check_body(ngx_conf_t *cf, const ngx_dosis_loc_conf_t *loc,
    ngx_http_core_loc_conf_t *core)
{
    core->client_max_body_size = 0;
    if (loc->body_max == 0) {
        ngx_conf_log_error(
            NGX_LOG_EMERG, cf, 0, "dosis_body_max must be at least one byte");
        return NGX_CONF_ERROR;
    }
    if (loc->batch_body_max < loc->body_max) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
            "location \"%V\": dosis_batch_body_max (%uz) must be at least"
            " dosis_body_max (%uz)",
            &core->name, loc->batch_body_max, loc->body_max);
        return NGX_CONF_ERROR;
    }
    return NGX_CONF_OK;
}


char *
ngx_dosis_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_dosis_loc_conf_t *prev = parent;
    ngx_dosis_loc_conf_t *loc = child;
    const ngx_dosis_main_conf_t *main;
    ngx_http_core_loc_conf_t *core;

    ngx_conf_merge_str_value(loc->prefix, prev->prefix, "");
    ngx_conf_merge_str_value(loc->base, prev->base, "");
    ngx_conf_merge_value(loc->require_tls, prev->require_tls, 1);
    ngx_conf_merge_ptr_value(loc->trusted, prev->trusted, NULL);
    ngx_conf_merge_str_value(
        loc->certificate_header, prev->certificate_header, "");
    ngx_conf_merge_value(loc->token_in_query, prev->token_in_query, 0);
    ngx_conf_merge_size_value(loc->body_max, prev->body_max, DOSIS_BODY_MAX);
    ngx_conf_merge_size_value(
        loc->batch_body_max, prev->batch_body_max, DOSIS_BATCH_BODY_MAX);
    ngx_conf_merge_off_value(
        loc->csv_max, prev->csv_max, (off_t) DOSIS_CSV_BYTES_MAX);

    main = ngx_http_conf_get_module_main_conf(cf, ngx_dosis_module);
    core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    if (main->enabled
        && ngx_dosis_log_guard(cf->pool, core->error_log) != NGX_OK) {
        return NGX_CONF_ERROR;
    }
    return loc->enabled ? conf_check_body(cf, loc, core) : NGX_CONF_OK;
}
