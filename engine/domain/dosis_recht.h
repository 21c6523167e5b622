/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_recht.h: one right: `recht`, `recht-context`, with or without an
 * organisation behind a colon (1D, 2D, 3D; domain.md 5.8).
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     the caller's
 * Errors     false when the text is empty, too long or not UTF-8
 */

#ifndef DOSIS_DOMAIN_DOSIS_RECHT_H
#define DOSIS_DOMAIN_DOSIS_RECHT_H

#include "base/dosis_arena.h"

/*
 * The form that is compared: trimmed, no blanks around hyphens; otherwise as
 * sent (case counts). Copied into the arena.
 */
bool dosis_recht_normalise(dosis_slice_t text, dosis_arena_t *arena,
    dosis_slice_t *ret_recht);

/*
 * A right as a token or counter holds it. The part before the first colon is
 * the right; the part behind it, when there is one, is a list of
 * organisations apart by commas, of which one must name the subject
 * (compared as dosis_agent_parse normalises, form only).
 * false: it does not count for this subject.
 */
bool dosis_recht_held(dosis_slice_t text, dosis_slice_t subject_id,
    dosis_arena_t *arena, dosis_slice_t *ret_recht);

/* Does it say for which organisations: is there a colon? */
bool dosis_recht_names(dosis_slice_t text);

#endif
