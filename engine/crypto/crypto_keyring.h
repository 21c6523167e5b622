/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * crypto_keyring.h: the inside of a key ring, for the context made from it.
 *
 * Layer      crypto, private to this folder
 * Threads    as dosis_keyring.h
 * Blocking   never
 * Memory     the ring owns every secret in it
 * Errors     none
 */

#ifndef DOSIS_CRYPTO_CRYPTO_KEYRING_H
#define DOSIS_CRYPTO_CRYPTO_KEYRING_H

#include "crypto/dosis_keyring.h"

struct dosis_keyring_s {
    size_t count;
    struct {
        uint32_t id;
        dosis_secret_t *secret;
    } key[DOSIS_KEYRING_MAX]; /* in the order added; the last is active */
    dosis_secret_t *shared;   /* or NULL */
};

#endif
