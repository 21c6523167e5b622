/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_issuer.h: how an issuer is asked about an opaque token: the request
 * that follows from its registration.
 *
 * Layer      daemon
 * Threads    one
 * Blocking   reads one small file: the secret or the private key
 * Memory     the caller's
 * Errors     DOSIS_ENOTFOUND, DOSIS_EDENIED the file is not there or not for
 *            our eyes alone (0640 at most), DOSIS_EKEY it is no private key,
 *            DOSIS_EFORMAT it is empty, DOSIS_ELIMIT
 */

#ifndef DOSIS_DAEMON_DOSISD_ISSUER_H
#define DOSIS_DAEMON_DOSISD_ISSUER_H

#include "base/dosis_buf.h"
#include "crypto/dosis_jwt.h"

#define DOSISD_ISSUER_FORM_MAX 32768

typedef struct {
    dosis_jwt_issuer_t issuer;
    uint32_t number;      /* of its registration */
    const char *address;  /* of its introspection; NULL: discovery tells */
    dosis_slice_t client; /* our name there */
    bool assertion;       /* private_key_jwt; else a secret */
    const char *file;     /* that holds the one or the other */
    const char *kid;      /* of that private key, or NULL */
    dosis_slice_t audience; /* of an assertion; empty: the address */
    const char *ca_file;  /* or NULL */
    int64_t wait_ms;      /* for its answer */
    dosis_slice_t prefix; /* of its tokens; empty: any */
    int64_t max_s;        /* an answer is remembered, at most */
    int64_t negative_s;   /* the same when it says no */
} dosisd_issuer_t;

/*
 * The body of the question, a form; and the value of Authorization, empty when
 * who asks stands in the form. Both hold secrets: wipe them.
 */
DOSIS_CHECK dosis_rc_t dosisd_issuer_form(const dosisd_issuer_t *issuer,
    dosis_slice_t token, int64_t now_s, dosis_buf_t *form,
    dosis_buf_t *authorization);

#endif
