/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_namens.h: a question in a sealed handle: about whom a counter
 * asks, with which rights. It carries the question, never the decision, and
 * nothing of it is stored.
 *
 * Layer      store
 * Threads    one at a time
 * Blocking   never
 * Memory     open copies into the arena
 * Errors     DOSIS_EFORMAT the handle is none of ours, or of another client;
 *            DOSIS_EEXPIRED; DOSIS_ELIMIT it would be too large; DOSIS_ENOMEM
 *
 * base64url of the sealed bytes: version 1 B | expiry 8 B (seconds) | number
 * of rights | rights, each once | number of agents | per agent: identification,
 * number of its rights, their places in the list | user | purpose | assurance;
 * every text with its length in front, every number a varint. Sealed at place
 * (201, 2, client), so that the handle of one client opens for no other.
 */

#ifndef DOSIS_STORE_DOSIS_NAMENS_H
#define DOSIS_STORE_DOSIS_NAMENS_H

#include "base/dosis_arena.h"
#include "crypto/dosis_crypt.h"
#include "domain/dosis_access.h"
#include "domain/dosis_limiet.h"

#define DOSIS_NAMENS_TEXT_MAX 200 /* bytes: user, purpose, ... */

typedef struct {
    int64_t expires_s;
    dosis_subject_t *subject; /* rights as held; vertrouwelijk is not kept */
    size_t subjects;
    dosis_slice_t gebruiker;
    dosis_slice_t doel;
    dosis_slice_t zekerheid;
} dosis_namens_t;

#define DOSIS_NAMENS_PLACE 201 /* no database: never stored */
#define DOSIS_NAMENS_VERSION 2

/* Who seals or opens it, when, and where what is read goes. */
typedef struct {
    dosis_crypt_t *crypt;
    dosis_slice_t client; /* who sends it */
    int64_t now_s;        /* seconds since 1970; of open */
    dosis_arena_t *arena;
} dosis_namens_door_t;

/* Adds the handle. */
DOSIS_CHECK dosis_rc_t dosis_namens_seal(const dosis_namens_door_t *door,
    const dosis_namens_t *namens, dosis_buf_t *out);

/* handle: the value of the header. */
DOSIS_CHECK dosis_rc_t dosis_namens_open(const dosis_namens_door_t *door,
    dosis_slice_t handle, dosis_namens_t *ret);

#endif
