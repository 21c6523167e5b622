/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_csv_dossier.h: from the bytes of a CSV file, as they come, to
 * deliveries as the JSON door takes them. Rows of one dossier stand together
 * and are one delivery.
 *
 * Layer      domain
 * Threads    a reader belongs to one thread
 * Blocking   never
 * Memory     create gives (heap), free takes; bounded, whatever the file is:
 *            1.5 MiB, and the rows of one dossier, 50 of 64 KiB at most. What
 *            on_dossier gets is valid until it returns
 * Errors     DOSIS_ENOMEM; what on_dossier returns. What is wrong with a row
 *            is told with it
 *
 * What cannot be a row is refused alone, with its line: too many cells (empty
 * ones at the end, as Excel writes them, are none) or too few, a row that is
 * too long, bytes that are no text, a NUL, a quote where none may stand. The
 * rows after it are read again (dosis_csv.h says from where). When its key is
 * that of its neighbours, or it has none and the rows around it are of one
 * dossier, the whole dossier is refused: a delivery without one of its agents
 * would take the dossier from them. The key of such a row is read when nothing
 * but UploadId stands before it in the header: then no cell too many can have
 * moved it.
 *
 * An empty cell is absent; a row of which all cells are empty is no row. What
 * the cells of one dossier say of the dossier must be the same where they are
 * not empty. A member is text, but for these:
 *
 *   list       Toegangsrechten, ProductId: separated by |
 *   yes or no  true false ja nee waar onwaar 1 0, case-free, is true or false;
 *              another text stays one, for the rule to refuse
 *   moment     as the JSON door has it (ISO 8601), or as Excel writes it in
 *              Belgium: d/m/yyyy, also with h:mm or h:mm:ss behind a blank
 *
 * Encoding: that of the header. A row that is no UTF-8 in a file that began
 * as UTF-8, without a mark, is read as Windows-1252, with a warning once.
 */

#ifndef DOSIS_DOMAIN_DOSIS_CSV_DOSSIER_H
#define DOSIS_DOMAIN_DOSIS_CSV_DOSSIER_H

#include "base/dosis_json.h"
#include "base/dosis_buf.h"
#include "domain/dosis_csv_kop.h"
#include "domain/dosis_dossier.h"

#define DOSIS_CSV_RIJ_MAX    65536    /* bytes of one row in the file */
#define DOSIS_CSV_RIJ_TOON   1000     /* told of one that is longer */
#define DOSIS_CSV_RIJEN_MAX  DOSIS_AGENTEN_MAX    /* rows of one dossier */

typedef struct {
    uint64_t lijn;           /* where it begins; the header is line 1 */
    dosis_slice_t tekst;     /* UTF-8, as it stood there, without line end */
} dosis_csv_rij_t;

typedef struct {
    const dosis_csv_rij_t *rij;
    size_t rijen;
    uint64_t rijen_meer;     /* of a dossier with more than RIJEN_MAX: the
                                others, that are not in rij; it is refused */
    const dosis_json_t *json;       /* lent; NULL: no delivery can be made */
    const dosis_err_t *problems;    /* never NULL; any: it is refused, also
                                       when there is json, whose own problems
                                       may be told with them; field: column */
    const dosis_err_t *warnings;    /* never NULL; the same */
    dosis_slice_t bron;      /* as far as they could be read, stripped; both */
    dosis_slice_t nummer;    /*   or none */
    bool has_upload_id;      /* its cell says one */
    bool again;              /* its key came before, with another in between:
                                sure when true; one of the last hundred
                                thousand or so is seen. It is in warnings */
    uint64_t einde;          /* bytes of the text up to behind its last row */
    uint64_t lijn_na;        /* the line that begins there */
    const uint8_t *van;      /* of each kolom: which rij has its cell */
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

/* NULL is fine. */
void dosis_csv_lezer_free(dosis_csv_lezer_t *lezer);

/*
 * The next bytes of the file, in its own encoding: from the first (the header
 * is passed over), or from `bytes`. last: the file ends with them. Where it is
 * cut in pieces makes no difference.
 */
DOSIS_CHECK dosis_rc_t dosis_csv_lezer_add(dosis_csv_lezer_t *lezer,
    dosis_slice_t bytes, bool last, dosis_csv_dossier_pt on_dossier,
    void *payload);

/*
 * Problems that the rules found in json name members of it: each gets the
 * column and the line of the row instead.
 */
void dosis_csv_dossier_place(const dosis_csv_dossier_t *dossier,
    const dosis_csv_kop_t *kop, dosis_err_t *err);

/*
 * Adds the template: all columns, ';' between, and one row as an example; with
 * a mark, so that Excel knows its encoding.
 */
void dosis_csv_sjabloon(dosis_buf_t *body);

#endif
