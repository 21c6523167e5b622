/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_verify.h: what "whole" means of an entry, a database at a time. Private
 * to dosis_verify.
 *
 * Layer      store
 * Threads    as the reader
 * Blocking   page faults
 * Memory     the buffers of the verification, each up to its ceiling
 * Errors     what is wrong, in English; NULL: nothing
 */

#ifndef DOSIS_STORE_STORE_VERIFY_H
#define DOSIS_STORE_STORE_VERIFY_H

#include "store/dosis_verify.h"
#include "store/store_apply.h"

typedef struct {
    dosis_reader_t *reader;
    dosis_verify_pt on_finding;
    void *payload;
    dosis_verify_t *report;
    dosis_buf_t value;                   /* the entry under judgement */
    dosis_buf_t other;                   /* what it is held against */
    dosis_buf_t copy;                    /* the first copy of a dossier */
    uint64_t log_seq;                    /* last seen: the log has no gaps */
    bool log_gap;                        /* before the entry last seen */
    bool again;                          /* a second look: count nothing */
    uint32_t failures_of;                /* the source last counted */
} store_verify_t;

/* --- entries; key and v->value are of one and the same snapshot ---------- */

const char *store_verify_page(store_verify_t *v, dosis_slice_t key);
const char *store_verify_plaats(store_verify_t *v, dosis_slice_t key);
const char *store_verify_sleutel(store_verify_t *v, dosis_slice_t key);
const char *store_verify_lang(store_verify_t *v, dosis_slice_t key);
const char *store_verify_history(store_verify_t *v, dosis_slice_t key);
const char *store_verify_log(store_verify_t *v, dosis_slice_t key);
const char *store_verify_result(store_verify_t *v, dosis_slice_t key);
const char *store_verify_upload(store_verify_t *v, dosis_slice_t key);
const char *store_verify_refusal(store_verify_t *v, dosis_slice_t key);
const char *store_verify_last(store_verify_t *v, dosis_slice_t key);
const char *store_verify_betrokken(store_verify_t *v, dosis_slice_t key);

/* --- to look with -------------------------------------------------------- */

const store_snap_t *store_verify_snap(const store_verify_t *v);

/* Nothing on a second look. */
void store_verify_count(const store_verify_t *v, uint64_t *counter, uint64_t n);

/* The value under key in db, opened into buf. */
bool store_verify_fetch(
    store_verify_t *v, store_db_t db, dosis_slice_t key, dosis_buf_t *buf);

bool store_verify_held(
    store_verify_t *v, const uint8_t id[16], store_held_t *held);

/* Of the head page: PAGE_GROOT, PAGE_ZIJ. */
uint8_t store_verify_flags(store_verify_t *v, dosis_slice_t key);

/* Its newest history entry is there, and speaks of the same dossier. */
bool store_verify_history_is_of(
    store_verify_t *v, uint64_t seq, const uint8_t id[16]);

#endif
