/* SPDX-License-Identifier: EUPL-1.2 */
/* The access ledger: whatever is done to its chain is found, and named. */

#include <string.h>

#include "store/dosis_ledger_read.h"
#include "store/store_ledger.h"
#include "t/lib/store_fixture.h"
#include "t/lib/tap.h"

#define DAY_NS (INT64_C(86400) * DOSIS_NS_PER_S)
#define ROUND 40 /* consultations of one append: some blocks */

static dosis_shown_t shown;
static dosis_buf_t bytes;
static dosis_buf_t one;
static dosis_ledger_check_t check;


/* --- making -------------------------------------------------------------- */

static void
add_one(const dosis_subject_t *about, size_t subjects, int64_t now_ns,
    unsigned flags)
{
    dosis_inzage_t inzage = {
        .time_ns = now_ns,
        .deur = DOSIS_DEUR_OVERZICHT,
        .flags = flags,
        .client = DOSIS_SLICE("loket"),
        .aanvraag = DOSIS_SLICE("0123456789abcdef0123456789abcdef"),
        .subject = about,
        .subjects = subjects,
        .shown = &shown,
    };

    dosis_buf_reset(&one);
    dosis_inzage_add(&one, &inzage);
    dosis_wire_put_slice(&bytes, dosis_buf_slice(&one));
}


static void
subject(unsigned n, dosis_subject_t *to)
{
    char kbo[11];

    memset(to, 0, sizeof(*to));
    fixture_kbo(n, kbo);
    (void) dosis_agent_parse(dosis_slice_of(kbo), DOSIS_VORM, &to->agent);
}


/* Consultations of that subject, in one transaction. */
static void
look(fixture_t *f, unsigned about, unsigned count, int64_t now_ns)
{
    unsigned i;
    dosis_txn_t *txn;
    dosis_subject_t who;

    subject(about, &who);
    dosis_buf_reset(&bytes);
    shown.count = 4;
    for (i = 0; i < count; i++) {
        add_one(&who, 1, now_ns, 0);
    }
    fixture_must(dosis_txn_begin(f->writer, now_ns, &txn), "begin");
    dosis_ledger_append(txn, dosis_buf_slice(&bytes));
    fixture_must(dosis_txn_commit(txn), "commit");
}


static void
work(fixture_t *f, int64_t now_ns, dosis_ledger_work_t *work)
{
    do {
        fixture_must(dosis_ledger_step(f->writer, now_ns, work), "step");
    } while (work->more);
}


static uint64_t
index_entries(fixture_t *f)
{
    uint64_t count = 0;
    dosis_rc_t rc;
    store_cursor_t c;

    fixture_must(dosis_reader_begin(f->reader), "begin");
    fixture_must(store_cursor_open(&f->reader->snap, DB_BETROKKEN, &c), "c");
    for (rc = store_cursor_seek(&c, dosis_slice(NULL, 0)); rc == DOSIS_OK;
         rc = store_cursor_next(&c)) {
        count++;
    }
    store_cursor_close(&c);
    dosis_reader_end(f->reader);
    return count;
}


/* --- damage: what somebody may do who has the keys ------------------------ */

typedef void (*damage_pt)(dosis_txn_t *txn);


static void
open_block(dosis_txn_t *txn, uint64_t seq, dosis_buf_t *plain)
{
    store_ledger_block_t block;

    dosis_buf_init(plain, LEDGER_PLAIN_MAX);
    fixture_must(store_ledger_open(&txn->snap, seq, plain, &block), "block");
}


static void
put_raw(dosis_txn_t *txn, uint64_t seq, dosis_slice_t value)
{
    char key[8];

    dosis_be64(key, seq);
    fixture_must(store_lmdb_put(&txn->snap, DB_INZAGE,
                     dosis_slice(key, sizeof(key)), value), "put");
}


static void
put_block(dosis_txn_t *txn, uint64_t seq, dosis_slice_t plain)
{
    char key[8];
    static char sealed[LEDGER_PLAIN_MAX + DOSIS_SEAL_OVERHEAD];
    const dosis_place_t place = { DB_INZAGE, 1, dosis_slice(key, 8) };

    dosis_be64(key, seq);
    fixture_must(dosis_seal(txn->snap.crypt, place, plain, sealed), "seal");
    put_raw(txn, seq, dosis_slice(sealed, plain.len + DOSIS_SEAL_OVERHEAD));
}


static void
remove_one(dosis_txn_t *txn)
{
    char key[8];

    dosis_be64(key, 3);
    store_txn_del(txn, DB_INZAGE, dosis_slice(key, sizeof(key)));
}


static void
remove_first(dosis_txn_t *txn)
{
    char key[8];

    dosis_be64(key, 1);
    store_txn_del(txn, DB_INZAGE, dosis_slice(key, sizeof(key)));
}


static void
cut_off(dosis_txn_t *txn)
{
    char key[8];
    dosis_ledger_at_t head;

    fixture_must(store_ledger_head(&txn->snap, &head), "head");
    dosis_be64(key, head.seq);
    store_txn_del(txn, DB_INZAGE, dosis_slice(key, sizeof(key)));
}


/* As cut_off, and the head says so too: only an anchor knows better. */
static void
cut_off_with_head(dosis_txn_t *txn)
{
    char value[8 + LEDGER_HASH_BYTES];
    dosis_buf_t plain;
    dosis_ledger_at_t head;

    cut_off(txn);
    fixture_must(store_ledger_head(&txn->snap, &head), "head");
    open_block(txn, head.seq - 1, &plain);
    dosis_be64(value, head.seq - 1);
    store_ledger_hash(head.seq - 1, dosis_buf_slice(&plain),
        (uint8_t *) value + 8);
    store_txn_put(txn, DB_META, DOSIS_SLICE(LEDGER_META_HEAD),
        dosis_slice(value, sizeof(value)));
    dosis_buf_done(&plain);
}


static void
swap_two(dosis_txn_t *txn)
{
    char key[8];
    static char first[8192], second[8192];
    dosis_slice_t a, b;

    dosis_be64(key, 2);
    fixture_must(store_get_raw(&txn->snap, DB_INZAGE, dosis_slice(key, 8), &a),
        "a");
    memcpy(first, a.data, a.len);
    a.data = first;
    dosis_be64(key, 4);
    fixture_must(store_get_raw(&txn->snap, DB_INZAGE, dosis_slice(key, 8), &b),
        "b");
    memcpy(second, b.data, b.len);
    b.data = second;
    put_raw(txn, 2, b);
    put_raw(txn, 4, a);
}


static void
flip_bit(dosis_txn_t *txn)
{
    char key[8];
    static char copy[8192];
    dosis_slice_t value;

    dosis_be64(key, 3);
    fixture_must(
        store_get_raw(&txn->snap, DB_INZAGE, dosis_slice(key, 8), &value),
        "value");
    memcpy(copy, value.data, value.len);
    copy[value.len / 2] ^= 1;
    put_raw(txn, 3, dosis_slice(copy, value.len));
}


/* Another door in block 3, sealed anew with the key of the store. */
static void
write_anew(dosis_txn_t *txn)
{
    dosis_buf_t plain;

    open_block(txn, 3, &plain);
    plain.data[1 + LEDGER_HASH_BYTES + 2 + 2 + 9] = DOSIS_DEUR_LIJST;
    put_block(txn, 3, dosis_buf_slice(&plain));
    dosis_buf_done(&plain);
}


static void
forge_anchor(dosis_txn_t *txn)
{
    static const char nothing[128];

    store_txn_put(txn, DB_META, DOSIS_SLICE(LEDGER_META_SIGNED),
        dosis_slice(nothing, 92));
}

static const struct {
    damage_pt damage;
    dosis_ledger_fault_t fault;
    uint64_t seq; /* 0: not asked */
    const char *fact;
} damages[] = {
    { remove_one, DOSIS_LEDGER_GONE, 3, "a block removed: found, by number" },
    { remove_first, DOSIS_LEDGER_GONE, 1, "the first one removed" },
    { cut_off, DOSIS_LEDGER_CUT, 0, "the last one cut off" },
    { cut_off_with_head, DOSIS_LEDGER_REWRITTEN, 0,
        "cut off together with the head: the anchor tells" },
    { swap_two, DOSIS_LEDGER_ALTERED, 2, "two blocks exchanged" },
    { flip_bit, DOSIS_LEDGER_ALTERED, 3, "a bit changed" },
    { write_anew, DOSIS_LEDGER_UNLINKED, 4,
        "a block written anew with the key: the next one does not follow" },
    { forge_anchor, DOSIS_LEDGER_ANCHOR, 0, "an anchor that is none" },
};


static void
test_damage(size_t i)
{
    fixture_t f;
    dosis_txn_t *txn;
    dosis_ledger_work_t todo = { .anchor_ns = 0 };

    fixture_begin(&f);
    look(&f, 1, ROUND, FIXTURE_NOW);
    work(&f, FIXTURE_NOW, &todo);
    fixture_must(dosis_ledger_check(f.store, NULL, 0, &check), "check");
    CHECK(check.fault == DOSIS_LEDGER_WHOLE && check.blocks >= 4,
        "whole before");
    fixture_must(dosis_txn_begin(f.writer, FIXTURE_NOW, &txn), "begin");
    damages[i].damage(txn);
    fixture_must(dosis_txn_commit(txn), "commit");
    fixture_must(dosis_ledger_check(f.store, NULL, 0, &check), "check");
    CHECK(check.fault == damages[i].fault
            && (damages[i].seq == 0 || damages[i].seq == check.seq),
        damages[i].fact);
    fixture_end(&f);
}


/* --- the chain ------------------------------------------------------------ */

static void
test_chain(void)
{
    fixture_t f;
    dosis_ledger_at_t known[2], head;

    fixture_begin(&f);
    fixture_must(dosis_ledger_check(f.store, NULL, 0, &check), "check");
    CHECK(check.fault == DOSIS_LEDGER_WHOLE && check.blocks == 0,
        "nothing yet: whole");
    look(&f, 1, 1, FIXTURE_NOW);
    fixture_must(dosis_ledger_head(f.store, &known[0]), "head");
    look(&f, 2, ROUND, FIXTURE_NOW);
    fixture_must(dosis_ledger_head(f.store, &known[1]), "head");
    look(&f, 3, 1, FIXTURE_NOW);
    fixture_must(dosis_ledger_check(f.store, known, 2, &check), "check");
    CHECK(check.fault == DOSIS_LEDGER_WHOLE
            && check.consultations == ROUND + 2 && check.blocks >= 4,
        "three appends: one chain, on which earlier ends lie");
    known[0].hash[5] ^= 1;
    fixture_must(dosis_ledger_check(f.store, known, 2, &check), "check");
    CHECK(check.fault == DOSIS_LEDGER_REWRITTEN && check.seq == known[0].seq,
        "an end kept elsewhere that is not on it: found");
    fixture_close(&f);
    fixture_open(&f);
    fixture_must(dosis_ledger_head(f.store, &head), "head");
    look(&f, 1, 1, FIXTURE_NOW);
    known[0] = head;
    known[0].seq += 5;
    fixture_must(dosis_ledger_check(f.store, known, 1, &check), "check");
    CHECK(check.fault == DOSIS_LEDGER_REWRITTEN,
        "an end kept elsewhere beyond its end: cut off");
    fixture_end(&f);
}


/* --- index and end -------------------------------------------------------- */

static void
test_index(void)
{
    fixture_t f;
    dosis_txn_t *txn;
    dosis_subject_t many[400];
    size_t i;
    dosis_ledger_work_t todo = { .anchor_ns = DAY_NS };

    fixture_begin(&f);
    look(&f, 1, ROUND, FIXTURE_NOW);
    work(&f, FIXTURE_NOW, &todo);
    CHECK(index_entries(&f) == ROUND && todo.indexed == ROUND,
        "one entry for each consultation");
    dosis_buf_reset(&bytes);
    for (i = 0; i < 400; i++) {
        subject((unsigned) i + 1, &many[i]);
    }
    add_one(many, 400, FIXTURE_NOW, 0);
    add_one(many, 2, FIXTURE_NOW, DOSIS_INZAGE_EIGEN);
    add_one(many, 2, FIXTURE_NOW, 0);
    fixture_must(dosis_txn_begin(f.writer, FIXTURE_NOW, &txn), "begin");
    dosis_ledger_append(txn, dosis_buf_slice(&bytes));
    fixture_must(dosis_txn_commit(txn), "commit");
    fixture_must(dosis_ledger_step(f.writer, FIXTURE_NOW, &todo), "step");
    CHECK(todo.more && index_entries(&f) == ROUND + 400,
        "a step ends when it has done enough");
    work(&f, FIXTURE_NOW, &todo);
    CHECK(index_entries(&f) == ROUND + 402,
        "the next goes on there; what one did oneself is left out");
    todo = (dosis_ledger_work_t){ .anchor_ns = DAY_NS };
    work(&f, FIXTURE_NOW, &todo);
    CHECK(todo.indexed == 0 && index_entries(&f) == ROUND + 402,
        "begun anew there is nothing left to do");
    fixture_end(&f);
}


static void
test_end(void)
{
    uint64_t blocks;
    fixture_t f;
    dosis_ledger_work_t todo = { .keep_ns = 10 * DAY_NS };

    fixture_begin(&f);
    look(&f, 1, 2000, FIXTURE_NOW);
    work(&f, FIXTURE_NOW, &todo);
    fixture_must(dosis_ledger_check(f.store, NULL, 0, &check), "check");
    blocks = check.blocks;
    look(&f, 2, ROUND, FIXTURE_NOW + 5 * DAY_NS);
    work(&f, FIXTURE_NOW + 9 * DAY_NS, &todo);
    CHECK(todo.removed == 0, "what is not too old stays");
    work(&f, FIXTURE_NOW + 11 * DAY_NS, &todo);
    fixture_must(dosis_ledger_check(f.store, NULL, 0, &check), "check");
    CHECK(todo.removed == blocks && check.begin.at.seq == blocks
            && check.consultations == ROUND,
        "what is too old ends, in chunks");
    CHECK(check.fault == DOSIS_LEDGER_WHOLE && check.begin.holds,
        "the anchor tells where the chain begins now");
    CHECK(index_entries(&f) == ROUND, "its index has ended with it");
    work(&f, FIXTURE_NOW + 99 * DAY_NS, &todo);
    fixture_must(dosis_ledger_check(f.store, NULL, 0, &check), "check");
    CHECK(check.fault == DOSIS_LEDGER_WHOLE && check.blocks == 0
            && index_entries(&f) == 0,
        "when all has ended the anchor is left");
    look(&f, 1, 1, FIXTURE_NOW + 99 * DAY_NS);
    fixture_must(dosis_ledger_check(f.store, NULL, 0, &check), "check");
    CHECK(check.fault == DOSIS_LEDGER_WHOLE && check.blocks == 1,
        "and the next one follows it");
    fixture_end(&f);
}


int
main(void)
{
    size_t i;

    dosis_buf_init(&bytes, (size_t) 8 << 20);
    dosis_buf_init(&one, DOSIS_INZAGE_MAX);
    test_chain();
    for (i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
        test_damage(i);
    }
    test_index();
    test_end();
    dosis_buf_done(&bytes);
    dosis_buf_done(&one);
    return tap_done();
}
