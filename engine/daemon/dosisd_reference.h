/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_reference.h: the reference data as files: code lists, sources,
 * clients, issuers, products; read and judged as one set, before any of it is
 * written.
 *
 *   DIR/codelijsten/<Naam>.json   one code list each (dosis_codelijst.h)
 *   DIR/bronnen.json              array of sources (dosis_registratie.h)
 *   DIR/clients.json              array of clients (dosis_registratie.h)
 *   DIR/uitgevers.json            array of issuers (dosis_uitgever.h); may be
 *                                 absent
 *   DIR/producten.json            array of {"Id", "Naam"}; may be absent
 *
 * Layer      daemon
 * Threads    one
 * Blocking   reads files
 * Memory     in place; read and done. done accepts a zeroed set
 * Errors     each problem is one log line and one row in `report`
 */

#ifndef DOSIS_DAEMON_DOSISD_REFERENCE_H
#define DOSIS_DAEMON_DOSISD_REFERENCE_H

#include "base/dosis_arena.h"
#include "store/dosis_txn.h"

#define DOSISD_REFERENCE_FILE_MAX (16 * 1024 * 1024)
#define DOSISD_REFERENCE_BYTES_MAX (256 * 1024 * 1024)
#define DOSISD_REFERENCE_REPORT_MAX 65536

typedef struct dosisd_item_s dosisd_item_t;

struct dosisd_item_s {
    dosis_ref_kind_t kind;
    dosis_slice_t json; /* of this one registration */
    const char *file;   /* below DIR */
    unsigned number;    /* in its file, from 1; 0 = the file itself */
    dosisd_item_t *next;
};

typedef struct {
    dosis_arena_t *arena;
    dosisd_item_t *first; /* lists, sources, clients, issuers, products */
    dosisd_item_t *last;
    uint64_t count;
    uint64_t problems;
    dosis_buf_t report; /* the problems as JSON objects, by commas */
} dosisd_reference_t;

/* DOSIS_EINPUT when there is any problem. done takes the set in any case. */
DOSIS_CHECK dosis_rc_t dosisd_reference_read(
    const char *dir, dosisd_reference_t *set);

void dosisd_reference_done(dosisd_reference_t *set);

/* Logs and reports what is wrong with an item; item->file must be set. */
void dosisd_reference_refuse(
    dosisd_reference_t *set, const dosisd_item_t *item, const dosis_err_t *err);

#endif
