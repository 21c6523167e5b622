/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_gzip.h: unpacks gzip (RFC 1952), piece by piece; the only user of the
 * library for it.
 *
 * Layer      base
 * Threads    one reader belongs to one thread
 * Blocking   never
 * Memory     create gives (heap), free takes; constant
 * Errors     DOSIS_EFORMAT no gzip, damaged, or more behind its end than
 *            another member; DOSIS_ENOMEM
 */

#ifndef DOSIS_BASE_DOSIS_GZIP_H
#define DOSIS_BASE_DOSIS_GZIP_H

#include <stdbool.h>

#include "base/dosis_rc.h"
#include "base/dosis_slice.h"

typedef struct dosis_gzip_s dosis_gzip_t;

DOSIS_CHECK dosis_rc_t dosis_gzip_create(dosis_gzip_t **ret_gzip);
void dosis_gzip_free(dosis_gzip_t *gzip);

/*
 * Unpacks from the front of *packed, and moves it on; to: size bytes, of
 * which *ret_len are filled. All of *packed is used, or all of size is: when
 * *ret_len is size there may be more, also when nothing of *packed is left.
 */
DOSIS_CHECK dosis_rc_t dosis_gzip_add(dosis_gzip_t *gzip,
    dosis_slice_t *packed, void *to, size_t size, size_t *ret_len);

/* Did the last member end? A file that is cut short did not. */
bool dosis_gzip_ended(const dosis_gzip_t *gzip);

#endif
