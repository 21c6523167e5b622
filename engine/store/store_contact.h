/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_contact.h: whom to ask about a dossier. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults
 * Memory     adds to the buffer given; nothing is kept
 * Errors     DOSIS_EFORMAT, DOSIS_EKEY: damaged bytes; the buffer is sticky
 */

#ifndef DOSIS_STORE_STORE_CONTACT_H
#define DOSIS_STORE_STORE_CONTACT_H

#include "store/store_page.h"

/*
 * Its fields, as they are kept: JSON-escaped, until the next one is read.
 * DOSIS_ENOTFOUND: there is none.
 */
DOSIS_CHECK dosis_rc_t store_contact_read(dosis_reader_t *reader,
    const store_content_t *content, dosis_slice_t field[DOSIS_CONTACT_FIELDS]);

/* `,"DossierBeheerder":{...}`; nothing when there is none. */
DOSIS_CHECK dosis_rc_t store_contact_add(dosis_reader_t *reader,
    const store_content_t *content, dosis_buf_t *out);

#endif
