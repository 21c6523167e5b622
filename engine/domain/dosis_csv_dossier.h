/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_csv_dossier.h: from the bytes of a CSV file, as they come, to
 * deliveries as the JSON door takes them. Rows of one dossier stand together
 * and are one delivery.
 *
 * Layer      domain
 * Threads    a reader belongs to one thread
 * Blocking   never
 * Memory     create gives (heap), free takes; bounded, whatever the file is.
 *            What on_dossier gets is valid until it returns
 * Errors     DOSIS_EINPUT: no file that can be read, err says why; what came
 *            before was given. DOSIS_ENOMEM; what on_dossier returns
 *
 * What cannot be a row is refused alone, with its line: too many cells, a row
 * that is too long, bytes that are no text, a quote where none may stand. The
 * rows after it are read again.
 */

#ifndef DOSIS_DOMAIN_DOSIS_CSV_DOSSIER_H
#define DOSIS_DOMAIN_DOSIS_CSV_DOSSIER_H

#include "base/dosis_json.h"
#include "base/dosis_buf.h"
#include "domain/dosis_csv_kop.h"
#include "domain/dosis_dossier.h"

#define DOSIS_CSV_RIJ_MAX    65536    /* bytes of one row, as UTF-8 */
#define DOSIS_CSV_RIJEN_MAX  DOSIS_AGENTEN_MAX    /* rows of one dossier */

typedef struct {
    uint64_t lijn;           /* where it begins; the header is line 1 */
    dosis_slice_t tekst;     /* UTF-8, as it stood there, without line end */
} dosis_csv_rij_t;

typedef struct {
    const dosis_csv_rij_t *rij;
    size_t rijen;
    dosis_json_t *json;      /* lent; NULL: no delivery can be made of it */
    const dosis_err_t *problems;    /* then; field: column, line */
    dosis_slice_t bron;      /* as far as they could be read, stripped */
    dosis_slice_t nummer;
    bool has_upload_id;      /* its cell says one */
    bool again;              /* its key came before, with another in between */
    uint64_t einde;          /* bytes of the text up to behind its last row */
    uint64_t lijn_na;        /* the line that begins there */
} dosis_csv_dossier_t;

typedef dosis_rc_t (*dosis_csv_dossier_pt)(
    const dosis_csv_dossier_t *dossier, void *payload);

typedef struct dosis_csv_lezer_s dosis_csv_lezer_t;

/*
 * Of a file from its first byte: kop is that of its beginning
 * (dosis_csv_kop_read). To go on in the middle: bytes and lijn of einde and
 * lijn_na of the last delivery that counts; else 0 and 0.
 */
DOSIS_CHECK dosis_rc_t dosis_csv_lezer_create(const dosis_csv_kop_t *kop,
    uint64_t bytes, uint64_t lijn, dosis_csv_lezer_t **ret_lezer);
void dosis_csv_lezer_free(dosis_csv_lezer_t *lezer);

/*
 * The next bytes of the file, in its own encoding: from the first (the header
 * is passed over), or from `bytes`. last: the file ends with them.
 */
DOSIS_CHECK dosis_rc_t dosis_csv_lezer_add(dosis_csv_lezer_t *lezer,
    dosis_slice_t bytes, bool last, dosis_csv_dossier_pt on_dossier,
    void *payload, dosis_err_t *err);

/*
 * Problems that the rules found in json name members of it: each gets the
 * column and the line of the row instead.
 */
void dosis_csv_dossier_place(const dosis_csv_dossier_t *dossier,
    const dosis_csv_kop_t *kop, dosis_err_t *err);

/* UUIDv5 of (file, line): the UploadId of a row that has none. */
void dosis_csv_upload_id(
    const uint8_t bestand[16], uint64_t lijn, char text[37]);

/* Adds the template: all columns, ';' between, and one row as an example. */
void dosis_csv_sjabloon(dosis_buf_t *body);

#endif
