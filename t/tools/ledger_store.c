/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Puts consultations of some days ago into a store's access ledger, or holds
 * its index against it.
 *
 * usage: ledger_store STORE KEYFILE put DAYS COUNT
 *        ledger_store STORE KEYFILE index
 *
 * Each is about SUBJECTS organisations. index prints how many entries there
 * are, how many lack, and how many belong to no consultation.
 */

#include "domain/dosis_inzage.h"
#include "store/store_ledger.h"
#include "store/store_txn.h"
#include "t/tools/tool_store.h"

#include <time.h>

#define SUBJECTS 3
#define BATCH 500
#define DAY_NS (INT64_C(86400) * 1000000000)

static dosis_subject_t subject[SUBJECTS];


static int64_t
now_ns(void)
{
    return (int64_t) time(NULL) * 1000000000;
}


/* Organisations like no other batch has. */
static void
make_subjects(unsigned n)
{
    char kbo[16];
    unsigned i, head;

    for (i = 0; i < SUBJECTS; i++) {
        head = 2000000 + n % 1000000 * SUBJECTS + i;
        snprintf(kbo, sizeof(kbo), "%08u%02u", head, 97 - head % 97);
        if (dosis_agent_parse(
                dosis_slice_of(kbo), DOSIS_VORM, &subject[i].agent) != NULL) {
            must(DOSIS_EINPUT, kbo);
        }
    }
}


static void
add_one(dosis_buf_t *bytes, dosis_buf_t *one, int64_t time_ns)
{
    const dosis_inzage_t inzage = {
        .time_ns = time_ns,
        .deur = DOSIS_DEUR_OVERZICHT,
        .client = DOSIS_SLICE("loket"),
        .aanvraag = DOSIS_SLICE("0123456789abcdef0123456789abcdef"),
        .subject = subject,
        .subjects = SUBJECTS,
    };

    dosis_buf_reset(one);
    dosis_inzage_add(one, &inzage);
    dosis_wire_put_slice(bytes, dosis_buf_slice(one));
}


static void
put(dosis_store_t *store, int64_t days, unsigned count)
{
    unsigned i;
    dosis_buf_t bytes, one;
    dosis_txn_t *txn;
    dosis_writer_t *writer;

    dosis_buf_init(&bytes, (size_t) 8 << 20);
    dosis_buf_init(&one, DOSIS_INZAGE_MAX);
    must(dosis_writer_create(store, &writer), "writer");
    while (count > 0) {
        dosis_buf_reset(&bytes);
        make_subjects(count);
        for (i = 0; i < BATCH && count > 0; i++, count--) {
            add_one(&bytes, &one, now_ns() - days * DAY_NS);
        }
        must(dosis_txn_begin(writer, now_ns(), &txn), "begin");
        dosis_ledger_append(txn, dosis_buf_slice(&bytes));
        must(dosis_txn_commit(txn), "commit");
    }
    dosis_writer_free(writer);
    dosis_buf_done(&bytes);
    dosis_buf_done(&one);
}


/* Entries that this consultation should have; *lacking: those not there. */
static size_t
wanted_of(store_snap_t *snap, const dosis_inzage_view_t *view, uint64_t seq,
    unsigned nr, size_t *lacking)
{
    size_t i;
    char key[LEDGER_INDEX_KEY];
    uint8_t agent[STORE_AGENT_BYTES];
    dosis_slice_t value, rest = view->subject_bytes;
    dosis_agent_t one;

    for (i = 0; i < view->subjects && dosis_inzage_subject(&rest, &one); i++) {
        store_agent_blind(snap->crypt, &one, agent);
        store_ledger_index_key(key, agent, seq, nr);
        *lacking += store_get_raw(snap, DB_BETROKKEN,
                        dosis_slice(key, sizeof(key)), &value) != DOSIS_OK;
    }
    return i;
}


static size_t
wanted_of_block(store_snap_t *snap, uint64_t seq, size_t *lacking)
{
    size_t wanted = 0;
    unsigned nr = 0;
    dosis_buf_t plain;
    dosis_slice_t bytes;
    dosis_inzage_view_t view;
    store_ledger_block_t block;

    dosis_buf_init(&plain, LEDGER_PLAIN_MAX);
    must(store_ledger_open(snap, seq, &plain, &block), "block");
    while (store_ledger_next(&block, &bytes) == DOSIS_OK) {
        must(dosis_inzage_read(bytes, &view), "consultation");
        wanted += wanted_of(snap, &view, seq, nr++, lacking);
    }
    dosis_buf_done(&plain);
    return wanted;
}


static size_t
entries(const store_snap_t *snap)
{
    size_t count = 0;
    dosis_rc_t rc;
    store_cursor_t c;

    must(store_cursor_open(snap, DB_BETROKKEN, &c), "index");
    for (rc = store_cursor_seek(&c, dosis_slice(NULL, 0)); rc == DOSIS_OK;
         rc = store_cursor_next(&c)) {
        count++;
    }
    store_cursor_close(&c);
    return count;
}


static void
hold_index(dosis_store_t *store)
{
    size_t there, wanted = 0, lacking = 0;
    uint64_t seq;
    dosis_reader_t *reader;
    dosis_ledger_at_t head;
    dosis_ledger_anchor_t begin;

    must(dosis_reader_create(store, &reader), "reader");
    must(dosis_reader_begin(reader), "begin");
    must(store_ledger_head(&reader->snap, &head), "head");
    must(store_ledger_anchor(&reader->snap, LEDGER_META_BEGIN, &begin),
        "anchor");
    for (seq = begin.at.seq + 1; seq <= head.seq; seq++) {
        wanted += wanted_of_block(&reader->snap, seq, &lacking);
    }
    there = entries(&reader->snap);
    printf("entries=%zu lacking=%zu extra=%zu\n", there, lacking,
        there - (wanted - lacking));
    dosis_reader_end(reader);
    dosis_reader_free(reader);
}


int
main(int argc, char **argv)
{
    tool_t tool;

    if (argc != 4 && argc != 6) {
        fputs("usage: ledger_store STORE KEYFILE put DAYS COUNT\n"
              "       ledger_store STORE KEYFILE index\n", stderr);
        return 2;
    }
    tool_open(&tool, argv[1], argv[2]);
    if (argc == 6) {
        put(tool.store, strtol(argv[4], NULL, 10),
            (unsigned) strtoul(argv[5], NULL, 10));
    } else {
        hold_index(tool.store);
    }
    tool_close(&tool);
    return 0;
}
