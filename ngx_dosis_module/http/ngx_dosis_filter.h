/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_filter.h: nginx's own errors get the body of ours, and every
 * answer of such a server gets its X-Request-Id.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     the request's pool
 * Errors     the answer goes out as nginx made it when there is no memory
 */

#ifndef NGX_DOSIS_FILTER_H
#define NGX_DOSIS_FILTER_H

#include "ngx_dosis_module.h"

/* Puts the header and the body filter in front of all others. */
void ngx_dosis_filter_init(void);

#endif
