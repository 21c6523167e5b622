/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_answers.h: answers about opaque tokens that are still good, for all
 * workers. A token is known by its SHA-256 under a key of this process; the
 * token itself is nowhere.
 *
 * Layer      daemon
 * Threads    one
 * Blocking   never
 * Memory     open gives, close takes; an answer is wiped when it goes
 * Errors     an answer that finds no room is not kept
 */

#ifndef DOSIS_DAEMON_DOSISD_ANSWERS_H
#define DOSIS_DAEMON_DOSISD_ANSWERS_H

#include "base/dosis_rc.h"
#include "base/dosis_slice.h"

#include <stdint.h>

#define DOSISD_ANSWERS_MAX 4096                    /* a power of two */
#define DOSISD_ANSWERS_BYTES (16 * 1024 * 1024)    /* of all together */
#define DOSISD_TOKEN_HASH 32

typedef struct dosisd_answers_s dosisd_answers_t;

/* NULL: no memory, or no randomness. */
dosisd_answers_t *dosisd_answers_open(void);

/* NULL is fine. */
void dosisd_answers_close(dosisd_answers_t *answers);

void dosisd_answers_hash(const dosisd_answers_t *answers, dosis_slice_t token,
    uint8_t ret_hash[DOSISD_TOKEN_HASH]);

/* The empty slice: nothing is known. Borrowed until the next put. */
dosis_slice_t dosisd_answers_get(dosisd_answers_t *answers,
    const uint8_t hash[DOSISD_TOKEN_HASH], int64_t now_s);

/* Copied; kept until expires_s. Of four in one place the first to end goes. */
void dosisd_answers_put(dosisd_answers_t *answers,
    const uint8_t hash[DOSISD_TOKEN_HASH], dosis_slice_t answer,
    int64_t now_s, int64_t expires_s);

/* Nothing is known any more: what an issuer says may be another thing. */
void dosisd_answers_clear(dosisd_answers_t *answers);

size_t dosisd_answers_count(const dosisd_answers_t *answers);

#endif
