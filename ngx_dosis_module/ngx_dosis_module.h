/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_module.h: the module itself, and the few things every file of it
 * needs.
 *
 * Layer      module
 * Threads    the event loop of a worker, unless a function says otherwise
 * Blocking   never
 * Memory     pools of nginx; arenas of the library for what outlives a request
 * Errors     none here
 */

#ifndef NGX_DOSIS_MODULE_H
#define NGX_DOSIS_MODULE_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "base/dosis_slice.h"

#if !(NGX_THREADS)
#error "DOSIS needs an nginx built with threads"
#endif

extern ngx_module_t ngx_dosis_module;

static inline dosis_slice_t
ngx_dosis_slice(const ngx_str_t *text)
{
    return dosis_slice(text->data, text->len);
}

static inline ngx_str_t
ngx_dosis_str(dosis_slice_t slice)
{
    return (ngx_str_t){ slice.len, (u_char *) slice.data };
}

#endif
