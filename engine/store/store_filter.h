/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_filter.h: a filter held against rows, before anything is rendered.
 * Private.
 *
 * Layer      store
 * Threads    pure
 * Blocking   never
 * Memory     the caller's
 * Errors     DOSIS_EFORMAT: an agent in the content that does not read
 *
 * filter may be NULL everywhere: all rows are wanted.
 */

#ifndef DOSIS_STORE_STORE_FILTER_H
#define DOSIS_STORE_STORE_FILTER_H

#include "domain/dosis_agent.h"
#include "store/dosis_filter.h"
#include "store/store_record.h"

/* Orders of a list, both ends included. */
typedef struct {
    uint64_t first;
    uint64_t last;
} store_range_t;

#define STORE_RANGES_MAX 2

/* Where rows that can match stand, ascending: dossiers, then references. */
unsigned store_filter_ranges(const dosis_filter_t *filter,
    store_range_t range[STORE_RANGES_MAX]);

/* What the head alone can tell. */
bool store_filter_head(const dosis_filter_t *filter, const store_head_t *head);

/* All but rol. */
bool store_filter_content(const dosis_filter_t *filter,
    const store_content_t *content);

/* Has that agent one of the wanted roles there? */
DOSIS_CHECK dosis_rc_t store_filter_rol(const dosis_filter_t *filter,
    const store_content_t *content, const dosis_agent_t *agent,
    bool *ret_has);

/* The entry of one agent in the content, or DOSIS_ENOTFOUND. */
DOSIS_CHECK dosis_rc_t store_content_agent(const store_content_t *content,
    const dosis_agent_t *agent, store_agent_t *ret_agent);

#endif
