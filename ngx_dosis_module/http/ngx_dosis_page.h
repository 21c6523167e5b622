/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_page.h: the two pages that people see: one that posts an assertion
 * on, and one that says a link does not work. Nothing on them comes from
 * elsewhere; one script and one style are named by their hashes.
 *
 * Layer      module
 * Threads    pure
 * Blocking   never
 * Memory     adds to the caller's buffer
 * Errors     those of the buffer
 */

#ifndef NGX_DOSIS_PAGE_H
#define NGX_DOSIS_PAGE_H

#include "base/dosis_buf.h"
#include "http/ngx_dosis_problem.h"

#define NGX_DOSIS_PAGE_TYPE "text/html; charset=utf-8"

/* The policy of a page that posts to that origin. */
void ngx_dosis_page_policy_post(dosis_buf_t *to, dosis_slice_t origin);

/* The policy of a page that does nothing. */
dosis_slice_t ngx_dosis_page_policy(void);

/* Posts `assertion` to that address: by itself, or by its button. */
void ngx_dosis_page_post(
    dosis_buf_t *to, dosis_slice_t address, dosis_slice_t assertion);

void ngx_dosis_page_problem(dosis_buf_t *to, ngx_dosis_problem_t problem);

#endif
