/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_issuer.h: the development issuer: its name, its keys, where they are.
 * Nothing of it exists on a production machine.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   never
 * Memory     static
 * Errors     none
 */

#ifndef DOSIS_CTL_CTL_ISSUER_H
#define DOSIS_CTL_CTL_ISSUER_H

#include "crypto/dosis_devkey.h"

#define CTL_ISSUER "https://issuer.dosis.localhost"
#define CTL_AUDIENCE "dosis"
#define CTL_RIGHTS "dosis_rol_3d"  /* the claim that holds rights */
#define CTL_PORTAL "dosis-portaal" /* client of a user's token */

typedef struct {
    const char *alg;
    const char *kid;
    const char *file; /* below DOSIS_HOME */
    dosis_devkey_kind_t kind;
} ctl_issuer_key_t;

#define CTL_ISSUER_KEYS 4

/* The first is the default. */
extern const ctl_issuer_key_t ctl_issuer_keys[CTL_ISSUER_KEYS];

#endif
