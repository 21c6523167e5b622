/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_deliver.h: one delivery at the door: a status or a withdrawal,
 * judged, stamped, stored with its result.
 *
 * Layer      store
 * Threads    prepare on the thread of the reader, deliver on the thread of
 *            the transaction; the delivery is handed over in between
 * Blocking   prepare never; deliver touches pages of the store
 * Memory     a delivery borrows all it points to; its owner keeps that alive
 *            until the transaction has ended
 * Errors     deliver sets d->rc: DOSIS_OK (look at resultaat), DOSIS_ECONFLICT
 *            the UploadId was used for other content, DOSIS_EPRECOND If-Match
 *            or If-None-Match does not hold, DOSIS_EINPUT a refused delivery
 *            was stored as such; or the sticky failure of the transaction.
 *            When commit fails, every delivery in it failed with that code.
 */

#ifndef DOSIS_STORE_DOSIS_DELIVER_H
#define DOSIS_STORE_DOSIS_DELIVER_H

#include "domain/dosis_dossier.h"
#include "domain/dosis_resultaat.h"
#include "store/dosis_txn.h"

typedef struct {
    /* set by the door; zero the rest */
    bool withdraw;                /* only bron, nummer, wijziging count */
    bool refused;                 /* problems is not empty */
    dosis_slice_t client;
    dosis_dossier_t dossier;      /* upload_id is set, given or generated */
    const dosis_err_t *problems;  /* never NULL */
    const dosis_err_t *warnings;  /* never NULL; for a repeat deliver sets
                                     those of the first time */
    dosis_slice_t if_match;       /* raw header value, or empty */
    bool if_none_match_any;       /* If-None-Match: * */
    int64_t before_ns;            /* unless 0: what is held must be of before,
                                     by its date and its receipt */
    uint64_t oplading;            /* the file it came in, or 0 */
    bool unasked;                 /* its UploadId was made of file and line:
                                     it is no key to the result */

    uint32_t retry_s;             /* of DOSIS_EPAUSED: to come back after */

    /* set by prepare */
    dosis_arena_t *arena;
    uint8_t id[16];
    uint8_t content[16];          /* fingerprint of the canonical content */
    uint8_t upload_key[16];
    uint8_t repeat[16];           /* fingerprint: is it the same delivery? */
    uint8_t (*agents)[16];        /* blinded, in the order of agenten */

    /* set by deliver and by a trial */
    dosis_rc_t rc;
    dosis_resultaat_t resultaat;
    dosis_resultaat_t expected;   /* of a trial */
    uint64_t versie;
    uint64_t replaces;            /* refused result of that UploadId, or 0 */
    bool repeated;                /* answered from the stored result */
    char etag[64];                /* of what is held now; "" when nothing */
} dosis_delivery_t;

/*
 * A copy in the delivery's arena, with room for what is in it and no more
 * (dosis_err_copy), or dosis_err_none when that is nothing; NULL when memory is
 * out.
 */
const dosis_err_t *dosis_delivery_keep(
    const dosis_delivery_t *delivery, const dosis_err_t *err);

/*
 * Blinds and fingerprints, so that nothing but reading, deciding and sealing
 * is left for under the write lock. arena: holds what delivery points to.
 * The reader must be between begin and end.
 */
DOSIS_CHECK dosis_rc_t dosis_delivery_prepare(dosis_reader_t *reader,
    dosis_delivery_t *delivery, dosis_arena_t *arena);

/*
 * For who delivers many: those whose first agents have keys in ascending order
 * cost least. Of the text alone, whatever the rules say of it; zeros when it
 * names nobody.
 */
void dosis_delivery_order(
    dosis_reader_t *reader, dosis_slice_t agent, uint8_t ret_order[16]);

void dosis_deliver(dosis_txn_t *txn, dosis_delivery_t *delivery);

/*
 * A trial: judges a prepared delivery against the reader's snapshot and writes
 * nothing. Sets what deliver sets, with the verdict that it would have come to
 * in expected; resultaat is DOSIS_PROEF. The reader must be between begin and
 * end.
 */
void dosis_deliver_trial(
    dosis_reader_t *reader, int64_t now_ns, dosis_delivery_t *delivery);

#endif
