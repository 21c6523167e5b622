/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_door.h: where a dossier is opened at its source: the address that
 * gives a one-time address, never the one delivered. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   never
 * Memory     adds to the buffer given; nothing is kept
 * Errors     the buffer is sticky
 */

#ifndef DOSIS_STORE_STORE_DOOR_H
#define DOSIS_STORE_STORE_DOOR_H

#include "store/store_view.h"

/*
 * `,"Doorverwijzing":"..."` when its source may open the address delivered.
 * door: in front of the path, as question->door. id_at: where in out the id
 * of this dossier stands.
 */
void store_door_add(const store_view_t *view, dosis_slice_t door,
    size_t id_at, dosis_buf_t *out);

#endif
