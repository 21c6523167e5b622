/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_oplading.h: the record of a delivered file, what stands beside it, its
 * refused rows and its warnings, as they are kept. Private.
 *
 * Layer      store
 * Threads    as the snapshot
 * Blocking   page faults
 * Memory     slices read point into the bytes read
 * Errors     DOSIS_ENOTFOUND no such file; DOSIS_EFORMAT, DOSIS_EKEY damage;
 *            puts are sticky in the transaction
 */

#ifndef DOSIS_STORE_STORE_OPLADING_H
#define DOSIS_STORE_STORE_OPLADING_H

#include "store/dosis_oplading.h"
#include "store/store_txn.h"

#define STORE_OPLADING_MAX 4096      /* bytes of a record */
#define STORE_OPLADING_KEY 25        /* the longest key */
#define STORE_OWNER_BYTES  16
#define STORE_FOUT_MAX     500       /* bytes of its text; cut */

/* First byte of a key in `oplading`; then what is said. */
enum {
    OPLADING_OF = 'c',         /* owner 16, number -> empty */
    OPLADING_ENDED = 'e',      /* moment i64, number -> empty */
    OPLADING_KOP = 'k',        /* number -> header of the file */
    OPLADING_RECORD = 'r',     /* number -> record */
    OPLADING_WAITS = 'w'       /* number -> store_wachtend_t */
};

/* Behind the number in a key of `afkeuring`; a count before what it counts. */
enum {
    AFKEURING_TELLING = 0,     /* -> store_afgekeurd_t */
    AFKEURING_RIJ = 1,         /* line u64 -> text, problems */
    AFKEURING_ONTBREEKT = 2,   /* count u64 -> number of a dossier */
    AFKEURING_GEWAARSCHUWD = 3,    /* -> store_gewaarschuwd_t */
    AFKEURING_WAARSCHUWING = 4     /* line u64 -> number, problems */
};

#define STORE_AFKEURING_KEY   17
#define STORE_AFKEURING_VALUE ((size_t) 256 << 10)

/* --- the record ----------------------------------------------------------- */

void store_oplading_write(dosis_buf_t *buf, const dosis_oplading_t *oplading);

/* nummer is left 0: it stands in the key. */
DOSIS_CHECK dosis_rc_t store_oplading_read(
    dosis_slice_t bytes, dosis_oplading_t *ret_oplading);

/* value: STORE_OPLADING_MAX, holds what the slices point to. */
DOSIS_CHECK dosis_rc_t store_oplading_load(const store_snap_t *snap,
    uint64_t nummer, dosis_buf_t *value, dosis_oplading_t *ret_oplading);

/* By client and UploadId. */
DOSIS_CHECK dosis_rc_t store_oplading_find(const store_snap_t *snap,
    const dosis_slice_t client_upload[2], dosis_buf_t *value,
    dosis_oplading_t *ret_oplading);

/* Texts into the arena. */
DOSIS_CHECK dosis_rc_t store_oplading_keep(
    dosis_oplading_t *oplading, dosis_arena_t *arena);

bool store_oplading_has_ended(const dosis_oplading_t *oplading);

/* --- keys ----------------------------------------------------------------- */

/* kind, number. */
dosis_slice_t store_oplading_key(
    char key[STORE_OPLADING_KEY], char kind, uint64_t nummer);

/* kind, owner, number. */
dosis_slice_t store_oplading_key_of(char key[STORE_OPLADING_KEY],
    const uint8_t owner[STORE_OWNER_BYTES], uint64_t nummer);

/* kind, moment, number. */
dosis_slice_t store_oplading_key_ended(
    char key[STORE_OPLADING_KEY], const dosis_oplading_t *oplading);

void store_oplading_owner(dosis_crypt_t *crypt, dosis_slice_t client,
    uint8_t ret_owner[STORE_OWNER_BYTES]);

dosis_slice_t store_afkeuring_key(char key[STORE_AFKEURING_KEY],
    uint64_t nummer, char kind, uint64_t at);

/* Is that key of the same file and the same kind as this one? */
bool store_afkeuring_is(
    dosis_slice_t key, const char of[STORE_AFKEURING_KEY]);

/* Is there such an entry? Failures are sticky in the transaction. */
bool store_afkeuring_is_kept(dosis_txn_t *txn, dosis_slice_t key);

/* --- beside it ------------------------------------------------------------ */

#define STORE_WACHTEND_BYTES 40

/* Of one that waits or runs. */
typedef struct {
    uint8_t owner[STORE_OWNER_BYTES];
    uint64_t bytes;
    uint8_t spool[DOSIS_SPOOL_ID];
} store_wachtend_t;

void store_wachtend_write(dosis_buf_t *buf, const store_wachtend_t *wachtend);
DOSIS_CHECK dosis_rc_t store_wachtend_read(
    dosis_slice_t bytes, store_wachtend_t *ret_wachtend);

/* What is kept of the refused rows of a file. */
typedef struct {
    uint64_t rijen;
    uint64_t bytes;            /* of their texts */
    uint64_t ontbrekend;
} store_afgekeurd_t;

/* None: all 0. */
DOSIS_CHECK dosis_rc_t store_afgekeurd_get(const store_snap_t *snap,
    uint64_t nummer, store_afgekeurd_t *ret_afgekeurd);

/* And of its warnings. */
typedef struct {
    uint64_t dossiers;
    uint64_t bytes;
} store_gewaarschuwd_t;

DOSIS_CHECK dosis_rc_t store_gewaarschuwd_get(const store_snap_t *snap,
    uint64_t nummer, store_gewaarschuwd_t *ret_gewaarschuwd);

/* A refused row, or a warning; tekst points into the bytes. */
DOSIS_CHECK dosis_rc_t store_afkeuring_read(
    dosis_slice_t bytes, dosis_slice_t *ret_tekst, dosis_err_t *ret_problems);

#endif
