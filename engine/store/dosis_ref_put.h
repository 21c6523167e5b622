/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_ref_put.h: registrations one by one: as they were put, from a file,
 * removed. dosis_ref_put() itself stands in dosis_txn.h.
 *
 * Layer      store
 * Threads    as the reader or the transaction given
 * Blocking   page faults only; a transaction holds the write lock
 * Memory     texts are copied into the caller's buffer
 * Errors     DOSIS_ENOTFOUND no such registration; failures of the store are
 *            sticky in a transaction, problems of the input are not
 *
 * A file against the store: what a file said last is remembered with its
 * registration. The file's entry counts only when the entry itself has
 * changed, so what was changed in the store stays until then.
 */

#ifndef DOSIS_STORE_DOSIS_REF_PUT_H
#define DOSIS_STORE_DOSIS_REF_PUT_H

#include "store/dosis_txn.h"

#define DOSIS_REF_TEXT_MAX ((size_t) 1 << 20) /* bytes of one registration */

/* false: no more. The text is borrowed for the call. */
typedef bool (*dosis_ref_each_pt)(
    void *payload, uint32_t nummer, dosis_slice_t json);

/* Those of that kind with a number above after, in order of number. */
DOSIS_CHECK dosis_rc_t dosis_ref_each(dosis_reader_t *reader,
    dosis_ref_kind_t kind, uint32_t after, dosis_ref_each_pt each,
    void *payload);

/* The text of one source or client, as it was put, added to the buffer. */
DOSIS_CHECK dosis_rc_t dosis_ref_find(dosis_txn_t *txn, dosis_ref_kind_t kind,
    dosis_slice_t name, uint32_t *ret_nummer, dosis_buf_t *json);
DOSIS_CHECK dosis_rc_t dosis_ref_read(dosis_reader_t *reader,
    dosis_ref_kind_t kind, dosis_slice_t name, uint32_t *ret_nummer,
    dosis_buf_t *json);

/*
 * As dosis_ref_put, for what stands in a file: writes nothing when the file
 * said the same the last time. A source or client only.
 */
DOSIS_CHECK dosis_rc_t dosis_ref_put_file(dosis_txn_t *txn,
    dosis_ref_kind_t kind, dosis_slice_t json, dosis_err_t *err);

/*
 * Removes a client, an issuer, a key set, or a source that has no dossier,
 * withdrawn ones included (else DOSIS_ECONFLICT with the reason in err: switch
 * it off). Its number stays its own; results of its refused deliveries keep its
 * name.
 */
DOSIS_CHECK dosis_rc_t dosis_ref_remove(dosis_txn_t *txn, dosis_ref_kind_t kind,
    dosis_slice_t name, dosis_err_t *err);

#endif
