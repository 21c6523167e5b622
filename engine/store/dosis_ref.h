/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_ref.h: reference data as one snapshot sees them: sources, clients,
 * code lists, products, issuers with their keys, pauses.
 *
 * Layer      store
 * Threads    belongs to the reader or writer it came from
 * Blocking   never (reloaded inside begin when meta/referentie has moved)
 * Memory     borrowed; valid until the next begin of that reader or writer
 * Errors     NULL or 0 when unknown
 */

#ifndef DOSIS_STORE_DOSIS_REF_H
#define DOSIS_STORE_DOSIS_REF_H

#include "domain/dosis_codelijst.h"
#include "domain/dosis_pauze.h"
#include "domain/dosis_registratie.h"
#include "domain/dosis_uitgever.h"

typedef struct dosis_ref_s dosis_ref_t;

/* Rises with each change of the reference data. */
uint64_t dosis_ref_version(const dosis_ref_t *ref);

const dosis_bron_t *dosis_ref_bron(const dosis_ref_t *ref, dosis_slice_t bron);
const dosis_bron_t *dosis_ref_bron_nummer(const dosis_ref_t *ref,
    uint32_t nummer);
const dosis_client_t *dosis_ref_client(const dosis_ref_t *ref,
    dosis_slice_t client);

/* The one whose name comes next after that text, by bytes; NULL: none does. */
const dosis_bron_t *dosis_ref_bron_after(const dosis_ref_t *ref,
    dosis_slice_t bron);
const dosis_client_t *dosis_ref_client_after(const dosis_ref_t *ref,
    dosis_slice_t client);

/* The issuers, by iss, at most DOSIS_UITGEVERS_MAX; NULL from there on. */
const dosis_uitgever_t *dosis_ref_uitgever_at(const dosis_ref_t *ref, size_t i);

/* What the engine published of its keys (dosis_keyset.h), or empty. */
dosis_slice_t dosis_ref_sleutels(const dosis_ref_t *ref, dosis_slice_t iss);

/*
 * May that client deliver for that source, now? NULL, unknown, or switched
 * off: no.
 */
bool dosis_ref_delivers(const dosis_ref_t *ref, dosis_slice_t client,
    const dosis_bron_t *bron);

/* The pause of the whole register that is in force then, or NULL. */
const dosis_pauze_t *dosis_ref_pauze(const dosis_ref_t *ref, int64_t now_ns);

/*
 * What keeps deliveries of that source out then: its own pause, or that of
 * the register; NULL: nothing does.
 */
const dosis_pauze_t *dosis_ref_pauze_bron(const dosis_ref_t *ref,
    dosis_slice_t bron, int64_t now_ns);

/* How many sources have a pause of their own that is in force then. */
size_t dosis_ref_pauzes(const dosis_ref_t *ref, int64_t now_ns);

/* Never NULL; the members may be NULL in a store without reference data. */
const dosis_codelijsten_t *dosis_ref_lijsten(const dosis_ref_t *ref);

/* By its name, in any case. */
const dosis_codelijst_t *dosis_ref_lijst(const dosis_ref_t *ref,
    dosis_slice_t naam);

/* An IPDC product as JSON, Id and Naam; the empty slice when unknown. */
dosis_slice_t dosis_ref_product(const dosis_ref_t *ref, dosis_slice_t id);

/* true when code lists are there: nothing can be delivered before. */
bool dosis_ref_ready(const dosis_ref_t *ref);

#endif
