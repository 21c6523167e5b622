/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_ticket.h: one-time tickets of a click-through: who may go where, kept
 * under a keyed hash of the ticket's text until it is opened or has expired.
 *
 * Layer      store
 * Threads    as the crypt context, the reader or the transaction given
 * Blocking   as those
 * Memory     take copies into the arena
 * Errors     DOSIS_ENOTFOUND unknown, used, expired, or bound to another
 *            browser: one answer. Failures of the store are sticky in a
 *            transaction, the others are not
 *
 * The text is base64url of 24 bytes: expiry (seconds, 8 B) and 16 random
 * ones. The store never holds it: who has the store and its keys still has no
 * ticket.
 */

#ifndef DOSIS_STORE_DOSIS_TICKET_H
#define DOSIS_STORE_DOSIS_TICKET_H

#include "base/dosis_arena.h"
#include "store/dosis_txn.h"

#define DOSIS_TICKET_TEXT 32 /* characters */
#define DOSIS_TICKET_KEY 25
#define DOSIS_TICKET_COOKIE 16 /* bytes of its hash */

typedef struct {
    uint8_t dossier[16];
    dosis_slice_t client;     /* who asked; of a user it may be empty */
    bool loket;               /* a counter asked */
    dosis_subject_t subject;  /* who comes, with the rights held */
    dosis_slice_t doelgroep;  /* of a user; else empty */
    bool bound;               /* to a browser */
    uint8_t cookie[DOSIS_TICKET_COOKIE];
} dosis_ticket_t;

/* A fresh one that expires at that second; text with NUL behind it. */
DOSIS_CHECK dosis_rc_t dosis_ticket_text(
    int64_t expires_s, char text[DOSIS_TICKET_TEXT + 1]);

/* Under which key it is kept; false: no ticket looks like that. */
bool dosis_ticket_key(
    dosis_crypt_t *crypt, dosis_slice_t text, char key[DOSIS_TICKET_KEY]);

/* The hash of a browser's cookie. */
void dosis_ticket_cookie(dosis_crypt_t *crypt, dosis_slice_t cookie,
    uint8_t hash[DOSIS_TICKET_COOKIE]);

/*
 * Keeps it; takes away a few that have expired. DOSIS_ELIMIT: who asks has too
 * many that are not opened; DOSIS_EBUSY: all together have.
 */
DOSIS_CHECK dosis_rc_t dosis_ticket_put(dosis_txn_t *txn,
    const char key[DOSIS_TICKET_KEY], const dosis_ticket_t *ticket);

/* Is it there, for this cookie (or NULL)? Takes nothing. */
DOSIS_CHECK dosis_rc_t dosis_ticket_look(dosis_reader_t *reader,
    const char key[DOSIS_TICKET_KEY], int64_t now_ns, const uint8_t *cookie);

/*
 * Takes it: of all who try, in any process, one. DOSIS_OK counts once the
 * transaction is committed.
 */
DOSIS_CHECK dosis_rc_t dosis_ticket_take(dosis_txn_t *txn,
    const char key[DOSIS_TICKET_KEY], const uint8_t *cookie,
    dosis_arena_t *arena, dosis_ticket_t *ret_ticket);

/* Is there one that has expired? */
bool dosis_ticket_stale(dosis_reader_t *reader, int64_t now_ns);

/* Takes away such, at most a few hundred. */
void dosis_ticket_sweep(dosis_txn_t *txn);

#endif
