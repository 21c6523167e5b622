/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_conf_words.h: directives with words of their own: issuers, what a
 * client may ask in time, and the access ledger.
 *
 * Layer      module
 * Threads    while the configuration is read
 * Blocking   never
 * Memory     the configuration's
 * Errors     a text for the error log of nginx, as for any directive
 */

#ifndef NGX_DOSIS_CONF_WORDS_H
#define NGX_DOSIS_CONF_WORDS_H

#include "ngx_dosis_conf.h"

/* What stands behind name in arg: "keys=" of "keys=file". */
bool ngx_dosis_conf_value(
    const ngx_str_t *arg, const ngx_str_t *name, ngx_str_t *ret);

/* May stand as it is in JSON, in links and in addresses. */
bool ngx_dosis_conf_is_plain(dosis_slice_t text);

/* A path as a C string; against: 1 the configuration's directory, 0 prefix. */
char *ngx_dosis_conf_path(ngx_conf_t *cf, ngx_str_t *path, ngx_uint_t against);

/* dosis_issuer */
char *ngx_dosis_conf_issuer(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* dosis_client_limit */
char *ngx_dosis_conf_client_limit(
    ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* What no dosis_client_limit says. */
void ngx_dosis_conf_limit_defaults(ngx_dosis_main_conf_t *main);

/* dosis_inzage */
char *ngx_dosis_conf_inzage(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

#endif
