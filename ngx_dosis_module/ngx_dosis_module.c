/* SPDX-License-Identifier: EUPL-1.2 */

#include "ngx_dosis_module.h"

#include "http/ngx_dosis_body.h"
#include "http/ngx_dosis_filter.h"
#include "http/ngx_dosis_log.h"
#include "ngx_dosis_conf.h"
#include "ngx_dosis_worker.h"


/* Before the first key set is parsed. */
static ngx_int_t
module_before_conf(ngx_conf_t *cf)
{
    dosis_json_init();
    return NGX_OK;
}


/* Log handlers run in their own order: ours must be the first. */
static ngx_int_t
module_add_log_handler(ngx_array_t *handlers)
{
    ngx_http_handler_pt *added = ngx_array_push(handlers);
    ngx_http_handler_pt *first = handlers->elts;

    if (added == NULL) {
        return NGX_ERROR;
    }
    ngx_memmove(first + 1, first, (handlers->nelts - 1) * sizeof(*first));
    first[0] = ngx_dosis_log_request;
    return NGX_OK;
}


/* The handlers of a phase run last one first: a dynamic module is last. */
static ngx_int_t
module_after_conf(ngx_conf_t *cf)
{
    ngx_str_t name = ngx_string("request_id");
    ngx_http_handler_pt *post_read;
    ngx_dosis_main_conf_t *conf;
    ngx_http_core_main_conf_t *core;

    conf = ngx_http_conf_get_module_main_conf(cf, ngx_dosis_module);
    core = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    if (!conf->enabled) {
        return NGX_OK;
    }

    conf->request_id = ngx_http_get_variable_index(cf, &name);
    post_read =
        ngx_array_push(&core->phases[NGX_HTTP_POST_READ_PHASE].handlers);
    if (conf->request_id == NGX_ERROR || post_read == NULL) {
        return NGX_ERROR;
    }
    *post_read = ngx_dosis_log_post_read;
    ngx_dosis_body_init();
    ngx_dosis_filter_init();
    return module_add_log_handler(&core->phases[NGX_HTTP_LOG_PHASE].handlers);
}


/* Logs that were named behind the http block. */
static ngx_int_t
module_init(ngx_cycle_t *cycle)
{
    ngx_uint_t i;
    ngx_listening_t *sockets = cycle->listening.elts;
    const ngx_dosis_main_conf_t *conf;

    conf = ngx_http_cycle_get_module_main_conf(cycle, ngx_dosis_module);
    if (conf == NULL || !conf->enabled) {
        return NGX_OK;
    }
    for (i = 0; i < cycle->listening.nelts; i++) {
        if (ngx_dosis_log_guard(cycle->pool, &sockets[i].log) != NGX_OK) {
            return NGX_ERROR;
        }
    }
    return ngx_dosis_log_guard(cycle->pool, cycle->log);
}


static ngx_http_module_t module_hooks = {
    module_before_conf,
    module_after_conf,
    ngx_dosis_create_main_conf,
    ngx_dosis_init_main_conf,
    ngx_dosis_create_srv_conf,
    NULL,
    ngx_dosis_create_loc_conf,
    ngx_dosis_merge_loc_conf,
};

ngx_module_t ngx_dosis_module = {
    NGX_MODULE_V1,
    &module_hooks,
    ngx_dosis_commands,
    NGX_HTTP_MODULE,
    NULL, /* init master */
    module_init,
    ngx_dosis_worker_init,
    NULL, /* init thread */
    NULL, /* exit thread */
    ngx_dosis_worker_exit,
    NULL, /* exit master */
    NGX_MODULE_V1_PADDING,
};
