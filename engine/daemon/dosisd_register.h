/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_register.h: sources, clients, issuers and pauses, asked for and
 * changed one by one over the socket. What is answered for is on disk, and
 * holds for the next request in every worker.
 *
 *   GET              all of that kind, by number, in pages:
 *                    {"Registraties": [{"Nummer": 1, "Registratie": {...}}],
 *                     "Volgende": 1|null}; na= the number to go on after
 *   GET    ?name     one: {"Nummer": 1, "Registratie": {...}}
 *   POST             adds the object, or each of an array, or nothing
 *   PUT    ?name     puts the object in place of what is held; a pause also
 *                    where none is
 *   PATCH  ?name     merges the object into what is held (RFC 7396)
 *   DELETE ?name     removes it
 *
 * A refusal is {"status": N, "problems": [{"item", "field", "code",
 * "message"}], "more": N} with all problems; more are those beyond a ceiling.
 *
 * Layer      daemon
 * Threads    one
 * Blocking   waits for other writers and the disk
 * Memory     the caller's buffer
 * Errors     the HTTP status: 404, 409 exists or in use, 422 refused,
 *            507 full, 503 the store could not be written
 */

#ifndef DOSIS_DAEMON_DOSISD_REGISTER_H
#define DOSIS_DAEMON_DOSISD_REGISTER_H

#include "daemon/dosisd.h"

#define DOSISD_REGISTER_BODY_MAX (1024 * 1024)
#define DOSISD_REGISTER_ITEMS_MAX 500 /* in one POST */
#define DOSISD_REGISTER_PAGE 200      /* in one answer */
#define DOSISD_REGISTER_PAGE_BYTES 262144

typedef struct {
    dosis_ref_kind_t kind; /* DOSIS_REF_BRON, _CLIENT, _UITGEVER, _PAUZE */
    const char *method;
    const char *name;  /* whom it is about, or NULL */
    const char *after; /* of GET: a number, or NULL */
    dosis_slice_t body;
} dosisd_register_call_t;

/* "bron", "client" or "pauze". */
const char *dosisd_register_word(dosis_ref_kind_t kind);

/* Returns the HTTP status; 0: no such method. */
unsigned dosisd_register(
    dosisd_t *dosisd, const dosisd_register_call_t *call, dosis_buf_t *answer);

#endif
