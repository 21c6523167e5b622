/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_spool.h: files that came in and wait for the engine: sealed block by
 * block, so that nothing of them is plain on disk.
 *
 *   create   a file without a name: it is gone when its process is
 *   add      seals what fills a block; the rest waits in memory
 *   finish   seals the last block, which says that it is the last
 *   keep     on disk, under its name
 *
 * Layer      store
 * Threads    one file belongs to one thread at a time
 * Blocking   add and finish write into the page cache, and push it on to the
 *            disk; keep waits for the disk; free of a large file that was not
 *            kept, and remove, wait for the file system: none of it on the
 *            event loop. create, room and open ask the file system, shortly
 * Memory     create and open give (heap), free and close take; free of a file
 *            that was not kept leaves nothing behind
 * Errors     DOSIS_EFULL no room on disk, DOSIS_EDENIED not ours, or open to
 *            others, DOSIS_EIO, DOSIS_ENOMEM; sticky from create to keep. Of
 *            reading: DOSIS_ENOTFOUND no such file, DOSIS_EFORMAT, DOSIS_EKEY
 *            damaged, cut short, or blocks in another order
 *
 * dir is always the directory of the store; the spool lies below it. Layout:
 * engine/doc/store-format.md.
 */

#ifndef DOSIS_STORE_DOSIS_SPOOL_H
#define DOSIS_STORE_DOSIS_SPOOL_H

#include <stdbool.h>

#include "crypto/dosis_crypt.h"

#define DOSIS_SPOOL_DIR "spool" /* below the directory of the store */
#define DOSIS_SPOOL_BLOCK 65536 /* plain bytes of a block, the last less */
#define DOSIS_SPOOL_ID 16       /* random; in hex the name of the file */

typedef struct dosis_spool_s dosis_spool_t; /* being written */
typedef struct dosis_spool_reader_s dosis_spool_reader_t;

/*
 * Makes the directory, with the group of the store, when it is not there; only
 * the engine does. DOSIS_EDENIED: it is there, and open to others.
 */
DOSIS_CHECK dosis_rc_t dosis_spool_prepare(const char *dir);

DOSIS_CHECK dosis_rc_t dosis_spool_create(
    const char *dir, dosis_spool_t **ret_spool);
DOSIS_CHECK dosis_rc_t dosis_spool_add(
    dosis_spool_t *spool, dosis_crypt_t *crypt, dosis_slice_t bytes);
DOSIS_CHECK dosis_rc_t dosis_spool_finish(
    dosis_spool_t *spool, dosis_crypt_t *crypt);
DOSIS_CHECK dosis_rc_t dosis_spool_keep(dosis_spool_t *spool);

/* NULL is fine. */
void dosis_spool_free(dosis_spool_t *spool);

/* Plain bytes so far; what names it. */
uint64_t dosis_spool_bytes(const dosis_spool_t *spool);
const uint8_t *dosis_spool_id(const dosis_spool_t *spool);

/*
 * Of a finished one: what its bytes come to, the same for the same bytes
 * however they came in. Tells a file that is sent again from another one.
 */
uint64_t dosis_spool_print(const dosis_spool_t *spool);

DOSIS_CHECK dosis_rc_t dosis_spool_open(const char *dir,
    const uint8_t id[DOSIS_SPOOL_ID], dosis_spool_reader_t **ret_reader);
void dosis_spool_close(dosis_spool_reader_t *reader);

/*
 * The block of that number, from 0; to: DOSIS_SPOOL_BLOCK bytes.
 * DOSIS_ENOTFOUND: the file has no such block.
 */
DOSIS_CHECK dosis_rc_t dosis_spool_read(dosis_spool_reader_t *reader,
    dosis_crypt_t *crypt, uint64_t block, void *to, size_t *ret_len);

/* No other one follows; true for certain once it was read. */
bool dosis_spool_is_last(const dosis_spool_reader_t *reader, uint64_t block);

/* Takes it away; one that is not there is fine. */
DOSIS_CHECK dosis_rc_t dosis_spool_remove(
    const char *dir, const uint8_t id[DOSIS_SPOOL_ID]);

/* Bytes that the file system of dir has left for us. */
DOSIS_CHECK dosis_rc_t dosis_spool_room(const char *dir, uint64_t *ret_bytes);

/*
 * Takes away files last written before that moment that nobody wants: left by
 * a process that was killed between keep and the commit of its record, or by
 * one on a file system that knows no files without a name.
 */
typedef bool (*dosis_spool_wanted_pt)(
    const uint8_t id[DOSIS_SPOOL_ID], void *payload);
DOSIS_CHECK dosis_rc_t dosis_spool_sweep(const char *dir, int64_t before_ns,
    dosis_spool_wanted_pt wanted, void *payload);

#endif
