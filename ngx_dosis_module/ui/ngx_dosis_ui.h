/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_ui.h: documents compiled into the module. Their sources lie in
 * this folder; scripts/documents puts them together when nginx is configured.
 *
 * Layer      module
 * Threads    read-only
 * Blocking   never
 * Memory     static
 * Errors     none
 */

#ifndef NGX_DOSIS_UI_H
#define NGX_DOSIS_UI_H

#include "base/dosis_slice.h"

typedef struct {
    dosis_slice_t text;
    const char *etag; /* of its content, with quotes */
} ngx_dosis_ui_t;

extern const ngx_dosis_ui_t ngx_dosis_ui_openapi;
extern const ngx_dosis_ui_t ngx_dosis_ui_context;

#endif
