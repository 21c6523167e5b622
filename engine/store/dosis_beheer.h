/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_beheer.h: what an operator is shown of the register: how it is, which
 * sources and clients are registered. No dossier, no person, no secret.
 *
 * Layer      store
 * Threads    one reader, one thread; between its begin and end
 * Blocking   bronnen, clienten: page faults only. toestand asks the file system
 *            and reads a directory: never on the event loop
 * Memory     adds to the buffer given
 * Errors     DOSIS_EFORMAT, DOSIS_EKEY a damaged value; DOSIS_EIO
 */

#ifndef DOSIS_STORE_DOSIS_BEHEER_H
#define DOSIS_STORE_DOSIS_BEHEER_H

#include "store/dosis_read.h"

#define DOSIS_BEHEER_BYTES ((size_t) 1 << 20) /* a page ends beyond them */

typedef struct {
    dosis_slice_t after; /* the name of the last row shown, or empty */
    uint32_t limit;      /* 1 .. DOSIS_PAGE_ROWS_MAX */
    int64_t now_ns;
} dosis_beheer_page_t;

/*
 * Adds {"Bronnen":[{"Bron","Naam","Actief","LaatstGehoord","Pauze"}],
 * "Volgende"}, by name. Pauze is what keeps its deliveries out now.
 */
DOSIS_CHECK dosis_rc_t dosis_beheer_bronnen(dosis_reader_t *reader,
    const dosis_beheer_page_t *page, dosis_buf_t *body);

/*
 * Adds {"Clienten":[{"Client","Naam","Actief","Soort","Bronnen"}],
 * "Volgende"}, by name.
 */
DOSIS_CHECK dosis_rc_t dosis_beheer_clienten(dosis_reader_t *reader,
    const dosis_beheer_page_t *page, dosis_buf_t *body);

/* About which store is asked, by whom. */
typedef struct {
    const char *dir;      /* of the store */
    dosis_slice_t versie; /* of the program */
    int64_t now_ns;
} dosis_beheer_plaats_t;

/*
 * Adds {"Versie","Opslag":{"Bytes","VrijeBytes"},"Motor":{"LaatstGehoord"},
 * "Uploads":{"Wachtend","Bezig"},"Spool":{"Bytes","VrijeBytes"},"Pauze"}.
 */
DOSIS_CHECK dosis_rc_t dosis_beheer_toestand(dosis_reader_t *reader,
    const dosis_beheer_plaats_t *plaats, dosis_buf_t *body);

#endif
