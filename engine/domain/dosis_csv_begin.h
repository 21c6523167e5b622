/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_csv_begin.h: whether what comes in is a file of deliveries, judged by
 * its first bytes: each door asks it before it accepts one.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     64 KiB of its own for a packed file, given back
 * Errors     DOSIS_EINPUT: it is not, err says why, all problems at once;
 *            DOSIS_ENOMEM
 */

#ifndef DOSIS_DOMAIN_DOSIS_CSV_BEGIN_H
#define DOSIS_DOMAIN_DOSIS_CSV_BEGIN_H

#include "domain/dosis_csv_kop.h"

/* So much of the beginning, as it was sent, is to be judged. */
#define DOSIS_CSV_BEGIN_MAX 65536

/*
 * start: the first DOSIS_CSV_BEGIN_MAX bytes, or all there are: then whole.
 * *ret_gzip: it is packed, whatever was said of it. warnings: of its header;
 * when it is refused, unknown columns are problems too: one may be another
 * that is missing, misspelled.
 */
DOSIS_CHECK dosis_rc_t dosis_csv_begin(dosis_slice_t start, bool whole,
    bool *ret_gzip, dosis_err_t *warnings, dosis_err_t *err);

#endif
