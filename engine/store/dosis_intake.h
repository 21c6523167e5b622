/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_intake.h: from what a client sent to a delivery that can be stored:
 * the one way in, whatever the door.
 *
 *   peek at the source, may this client deliver for it?
 *   check every rule, with the source's own settings
 *   make an UploadId when there is none
 *   blind and fingerprint
 *
 * Layer      store
 * Threads    the thread of the reader
 * Blocking   page faults
 * Memory     the arena; the JSON may be freed after the call
 * Errors     DOSIS_OK: to be delivered; d->refused says that it is to be kept
 *            as a refusal. DOSIS_EINPUT: refused, and nothing to keep it by.
 *            In both d->problems names all. DOSIS_EDENIED: a source that this
 *            client may not deliver for, or that nobody knows: one answer.
 *            DOSIS_EPAUSED: it may, but not now, and nothing is kept of it.
 *            DOSIS_EBUSY: there are no reference data yet. DOSIS_ENOMEM
 */

#ifndef DOSIS_STORE_DOSIS_INTAKE_H
#define DOSIS_STORE_DOSIS_INTAKE_H

#include "base/dosis_json.h"
#include "store/dosis_deliver.h"

typedef struct {
    dosis_reader_t *reader;    /* between begin and end */
    dosis_slice_t client;      /* registered; lives as long as the arena */
    dosis_arena_t *arena;
    int64_t now_ns;
    int64_t future_ns;         /* how far ahead a WijzigingsDatum may lie */
    uint64_t oplading;         /* the file it stands in, or 0 */
    dosis_slice_t upload_id;   /* of its line in that file, for one that names
                                  none; nobody can ask for it by that */
    uint32_t problems_max;     /* of one delivery, kept; 0: all there are */
} dosis_intake_t;

/* The source, when this client may deliver for it, else NULL. */
const dosis_bron_t *dosis_intake_bron(
    const dosis_intake_t *intake, dosis_slice_t bron);

/*
 * May deliveries of that source come in now? DOSIS_EPAUSED: no; problems and
 * retry_s of the delivery tell why and until when.
 */
DOSIS_CHECK dosis_rc_t dosis_intake_open(const dosis_intake_t *intake,
    const dosis_bron_t *bron, dosis_delivery_t *delivery);

/* ret_delivery is overwritten; preconditions are the door's to add. */
DOSIS_CHECK dosis_rc_t dosis_intake_json(const dosis_intake_t *intake,
    const dosis_json_t *root, dosis_delivery_t *ret_delivery);

#endif
