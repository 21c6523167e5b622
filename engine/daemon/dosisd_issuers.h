/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_issuers.h: the issuers that are asked about opaque tokens, as they are
 * registered now, with the keys that were published for them.
 *
 * Layer      daemon
 * Threads    one
 * Blocking   page faults of the store; parses key sets when they changed
 * Memory     open gives, close takes; what is shown is valid until the next
 *            look
 * Errors     a store that cannot be read shows what it showed before
 */

#ifndef DOSIS_DAEMON_DOSISD_ISSUERS_H
#define DOSIS_DAEMON_DOSISD_ISSUERS_H

#include "daemon/dosisd_issuer.h"
#include "domain/dosis_uitgever.h"
#include "store/dosis_read.h"

typedef struct dosisd_issuers_s dosisd_issuers_t;

/* reader: borrowed, and not in use at any look. NULL: no memory. */
dosisd_issuers_t *dosisd_issuers_open(dosis_reader_t *reader);

/* NULL is fine. */
void dosisd_issuers_close(dosisd_issuers_t *issuers);

/* Shows what holds now; another number: it may be another thing. */
uint64_t dosisd_issuers_look(dosisd_issuers_t *issuers, int64_t now_s);

/* In the order of their names; NULL: no more. */
const dosisd_issuer_t *dosisd_issuers_at(
    const dosisd_issuers_t *issuers, size_t place);

#endif
