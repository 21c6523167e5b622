/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_result.h: the stored result of one delivery, and the entry that finds
 * it by upload. Private.
 *
 * Layer      store
 * Threads    pure; load that of the snapshot
 * Blocking   never; load page faults
 * Memory     slices point into the bytes read; problem codes are static
 * Errors     DOSIS_EFORMAT; of load also that there is none, and DOSIS_EKEY
 */

#ifndef DOSIS_STORE_STORE_RESULT_H
#define DOSIS_STORE_STORE_RESULT_H

#include "base/dosis_err.h"
#include "base/dosis_time.h"
#include "domain/dosis_limiet.h"
#include "domain/dosis_resultaat.h"
#include "store/store_lmdb.h"
#include "store/store_record.h"

#define STORE_UPLOAD_TTL_NS  (DOSIS_UPLOAD_TTL_S * DOSIS_NS_PER_S)
#define STORE_UPLOAD_BYTES   33
#define STORE_UPLOAD_FILE_BYTES 16
#define STORE_RESULT_MAX     ((size_t) 64 << 10)

/* An entry of `upload`: (client, UploadId) blinded -> this. */
typedef struct {
    uint64_t result_seq;
    bool accepted;
    int64_t received_ns;
    uint8_t repeat[16];      /* fingerprint of the delivery */
    uint64_t oplading;       /* not 0: it is of that file, and only
                                received_ns counts besides */
} store_upload_t;

DOSIS_CHECK dosis_rc_t store_upload_read(dosis_slice_t bytes,
    store_upload_t *ret_upload);
void store_upload_write(dosis_buf_t *buf, const store_upload_t *upload);

typedef struct {
    uint8_t resultaat;
    uint8_t id[STORE_ID_BYTES];      /* zero: the key could not be read */
    int64_t processed_ns;
    uint32_t versie;
    uint8_t content[16];             /* held after it; zero: nothing held */
    uint32_t bron;
    dosis_slice_t nummer;
    dosis_slice_t upload_id;
    uint64_t oplading;               /* the file it came in, or 0 */
    dosis_err_t problems;
    dosis_err_t warnings;
} store_result_t;

DOSIS_CHECK dosis_rc_t store_result_read(dosis_slice_t bytes,
    store_result_t *ret_result);

/* By its sequence. value: STORE_RESULT_MAX, holds what the slices point to. */
DOSIS_CHECK dosis_rc_t store_result_load(const store_snap_t *snap,
    uint64_t seq, dosis_buf_t *value, store_result_t *ret_result);

/* problems, warnings apart: the door owns them. */
void store_result_write(dosis_buf_t *buf, const store_result_t *result,
    const dosis_err_t *problems, const dosis_err_t *warnings);

#endif
