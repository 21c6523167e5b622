/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_csv_kop.h: the header of a CSV delivery: which separator and encoding
 * the file has, and which member of a delivery each column is.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     self-contained
 * Errors     DOSIS_EINPUT: err says why, all problems at once, line: that of
 *            the header, field: the name of the column. DOSIS_ENOMEM
 *
 * Order and case of the columns are free. Separator ; , or tab: the one that
 * gives the most known columns; or the one that a line `sep=;` in front says,
 * as Excel understands it: the header is then line 2. Encoding UTF-8, with or
 * without a mark, or Windows-1252: what more of the text is than not. A column
 * without a name, or with an unknown one, is ignored with a warning; `Fout`,
 * which a report of refused rows adds, without.
 */

#ifndef DOSIS_DOMAIN_DOSIS_CSV_KOP_H
#define DOSIS_DOMAIN_DOSIS_CSV_KOP_H

#include "base/dosis_err.h"
#include "base/dosis_rc.h"

#define DOSIS_CSV_KOP_MAX      16384    /* bytes of the line, with its end */
#define DOSIS_CSV_KOLOMMEN_MAX 100      /* columns, unknown ones counted */
#define DOSIS_CSV_KOLOM_MAX    32       /* columns that there may be */
#define DOSIS_CSV_NAAM_MAX     79       /* bytes of a name, as UTF-8 */

/* One column that there may be. */
typedef struct {
    const char *naam;    /* as in the template */
    const char *pad;     /* its member, as dosis_veld_t has it */
} dosis_csv_kolom_t;

/* Never more than DOSIS_CSV_KOLOM_MAX. */
size_t dosis_csv_kolom_count(void);

/* index below the count; never NULL. */
const dosis_csv_kolom_t *dosis_csv_kolom(size_t index);

typedef enum {
    DOSIS_CSV_UTF8,
    DOSIS_CSV_UTF8_BOM,
    DOSIS_CSV_WINDOWS_1252
} dosis_csv_codering_t;

/* "UTF-8", ...; never NULL. */
const char *dosis_csv_codering_name(dosis_csv_codering_t codering);

typedef struct {
    dosis_csv_codering_t codering;
    char separator;
    size_t begin;        /* up to the header: a mark, a line sep= */
    size_t bytes;        /* up to the first row */
    size_t kolommen;     /* columns of the file */
    const dosis_csv_kolom_t *kolom[DOSIS_CSV_KOLOMMEN_MAX];  /* NULL: ignored */
} dosis_csv_kop_t;

/*
 * text: the beginning of the file, more than the header where there is more:
 * the encoding is judged by all of it, but for a character cut at its end.
 * On DOSIS_EINPUT *ret_kop holds what could be recognised.
 */
DOSIS_CHECK dosis_rc_t dosis_csv_kop_read(dosis_slice_t text,
    dosis_csv_kop_t *ret_kop, dosis_err_t *warnings, dosis_err_t *err);

#endif
