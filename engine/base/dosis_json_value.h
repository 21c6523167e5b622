/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_json_value.h: a parsed value back to text, as it is or with a merge
 * patch (RFC 7396).
 *
 * Layer      base
 * Threads    pure
 * Blocking   never
 * Memory     the caller's buffer
 * Errors     false: nested too deep, or a number with a fraction, which no
 *            registration has; and the buffer's own
 */

#ifndef DOSIS_BASE_DOSIS_JSON_VALUE_H
#define DOSIS_BASE_DOSIS_JSON_VALUE_H

#include "base/dosis_json.h"

#define DOSIS_JSON_VALUE_DEPTH 8

/* Without blanks; members in the order given. */
bool dosis_json_add_value(dosis_buf_t *buf, const dosis_json_t *value);

/*
 * The value after the patch: members of an object are replaced, added, or
 * taken out by null; all else is replaced whole. Names are the same when only
 * their case differs; then that of the patch is taken.
 */
bool dosis_json_add_merged(
    dosis_buf_t *buf, const dosis_json_t *value, const dosis_json_t *patch);

#endif
