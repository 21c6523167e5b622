/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/dosis_ledger_read.h"
#include "store/store_anker.h"

#define SNAPSHOT_BLOCKS 5000

static const char *const fault_text[] = {
    [DOSIS_LEDGER_WHOLE] = "the ledger is whole",
    [DOSIS_LEDGER_GONE] = "a block is not there: removed",
    [DOSIS_LEDGER_ALTERED] =
        "a block does not open in its place: altered or moved",
    [DOSIS_LEDGER_UNLINKED] =
        "a block does not follow the one before: one of both was replaced",
    [DOSIS_LEDGER_CUT] = "the ledger does not end where its head says: blocks"
        " were cut off or put behind it",
    [DOSIS_LEDGER_REWRITTEN] =
        "a block is not the one of the anchor: cut off, or written anew",
    [DOSIS_LEDGER_ANCHOR] = "an anchor of the store does not hold",
    [DOSIS_LEDGER_SIGNATURE] =
        "the signed anchor of the store is not signed with a key of it",
};

/* A walk along the chain. */
typedef struct {
    dosis_reader_t *reader;
    const dosis_ledger_at_t *known;
    size_t known_count;
    dosis_ledger_check_t *check;
    dosis_ledger_at_t at;         /* the last block that was whole */
    dosis_buf_t plain;
    bool ended;
} chain_t;


const char *
dosis_ledger_fault_text(dosis_ledger_fault_t fault)
{
    return fault_text[fault];
}


static void
found(chain_t *chain, dosis_ledger_fault_t fault, uint64_t seq)
{
    if (chain->check->fault == DOSIS_LEDGER_WHOLE) {
        chain->check->fault = fault;
        chain->check->seq = seq;
    }
    chain->ended = true;
}


/* Is the place at which the chain stands what an anchor says it is? */
static void
hold_against(chain_t *chain, const dosis_ledger_at_t *anchor)
{
    if (anchor->seq == chain->at.seq
        && memcmp(anchor->hash, chain->at.hash, LEDGER_HASH_BYTES) != 0) {
        found(chain, DOSIS_LEDGER_REWRITTEN, anchor->seq);
    }
}


static void
hold_against_all(chain_t *chain)
{
    size_t i;

    hold_against(chain, &chain->check->anchor.at);
    hold_against(chain, &chain->check->anker.kop);
    for (i = 0; i < chain->known_count; i++) {
        hold_against(chain, &chain->known[i]);
    }
}


/* The signed one: the store itself must hold what it says of its end. */
static dosis_rc_t
look_at_signed(chain_t *chain)
{
    dosis_rc_t rc;

    rc = store_anker_get(&chain->reader->snap, &chain->check->anker);
    if (rc == DOSIS_EDENIED || rc == DOSIS_EFORMAT || rc == DOSIS_EKEY) {
        found(chain, DOSIS_LEDGER_SIGNATURE, 0);
        return DOSIS_OK;
    }
    return rc;
}


/* Old blocks may have ended meanwhile: then the chain begins behind them. */
static dosis_rc_t
begin_behind_what_ended(chain_t *chain)
{
    dosis_rc_t rc;
    dosis_ledger_check_t *check = chain->check;
    const store_snap_t *snap = &chain->reader->snap;

    rc = store_ledger_anchor(snap, LEDGER_META_BEGIN, &check->begin);
    if (rc == DOSIS_OK) {
        rc = store_ledger_anchor(snap, LEDGER_META_SIGNED, &check->anchor);
    }
    if (rc == DOSIS_OK) {
        rc = store_ledger_head(snap, &check->head);
    }
    if (rc == DOSIS_OK) {
        rc = look_at_signed(chain);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    if ((check->begin.at.seq != 0 && !check->begin.holds)
        || (check->anchor.at.seq != 0 && !check->anchor.holds)) {
        found(chain, DOSIS_LEDGER_ANCHOR, 0);
    } else if (check->begin.at.seq > chain->at.seq) {
        chain->at = check->begin.at;
        hold_against_all(chain);
    }
    return DOSIS_OK;
}


static dosis_rc_t
count_block(chain_t *chain, store_ledger_block_t *block)
{
    dosis_rc_t rc;
    dosis_slice_t bytes;
    dosis_inzage_view_t view;

    do {
        rc = store_ledger_next(block, &bytes);
        if (rc == DOSIS_OK) {
            rc = dosis_inzage_read(bytes, &view);
            chain->check->consultations += rc == DOSIS_OK;
        }
    } while (rc == DOSIS_OK);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* One block more; DOSIS_EIO, DOSIS_ENOMEM: it could not be looked at. */
static dosis_rc_t
follow(chain_t *chain, const store_cursor_t *c)
{
    uint64_t seq = chain->at.seq + 1;
    dosis_rc_t rc = DOSIS_EFORMAT;
    store_ledger_block_t block;

    if (c->key.len == 8 && dosis_be64_get(c->key.data) > seq) {
        found(chain, DOSIS_LEDGER_GONE, seq);
        return DOSIS_OK;
    }
    dosis_buf_reset(&chain->plain);
    if (c->key.len == 8) {
        rc = store_open_value(&chain->reader->snap, DB_INZAGE, c->key,
            c->value, &chain->plain);
    }
    if (rc == DOSIS_OK) {
        rc = store_ledger_read(dosis_buf_slice(&chain->plain), &block);
    }
    if (rc == DOSIS_OK
        && memcmp(block.before, chain->at.hash, LEDGER_HASH_BYTES) != 0) {
        found(chain, DOSIS_LEDGER_UNLINKED, seq);
        return DOSIS_OK;
    }
    if (rc == DOSIS_OK) {
        rc = count_block(chain, &block);
    }
    if (rc == DOSIS_EFORMAT || rc == DOSIS_EKEY || rc == DOSIS_ELIMIT) {
        found(chain, DOSIS_LEDGER_ALTERED, seq);
        return DOSIS_OK;
    }
    if (rc == DOSIS_OK) {
        chain->check->blocks++;
        chain->at.seq = seq;
        store_ledger_hash(seq, dosis_buf_slice(&chain->plain),
            chain->at.hash);
        hold_against_all(chain);
    }
    return rc;
}


/* The head of the same snapshot, and every anchor, must have been met. */
static void
end_at_head(chain_t *chain)
{
    size_t i;
    uint64_t last = chain->at.seq;
    const dosis_ledger_check_t *check = chain->check;

    if (check->head.seq != last
        || memcmp(check->head.hash, chain->at.hash, LEDGER_HASH_BYTES) != 0) {
        found(chain, DOSIS_LEDGER_CUT, last + 1);
    }
    if (check->anchor.at.seq > last) {
        found(chain, DOSIS_LEDGER_REWRITTEN, check->anchor.at.seq);
    }
    if (check->anker.kop.seq > last) {
        found(chain, DOSIS_LEDGER_REWRITTEN, check->anker.kop.seq);
    }
    for (i = 0; i < chain->known_count; i++) {
        if (chain->known[i].seq > last) {
            found(chain, DOSIS_LEDGER_REWRITTEN, chain->known[i].seq);
        }
    }
    chain->ended = true;
}


static dosis_rc_t
walk_snapshot(chain_t *chain)
{
    char key[8];
    unsigned n = 0;
    dosis_rc_t rc;
    store_cursor_t c = { 0 };

    rc = begin_behind_what_ended(chain);
    if (rc == DOSIS_OK) {
        rc = store_cursor_open(&chain->reader->snap, DB_INZAGE, &c);
    }
    dosis_be64(key, chain->at.seq + 1);
    if (rc == DOSIS_OK) {
        rc = store_cursor_seek(&c, dosis_slice(key, sizeof(key)));
    }
    while (rc == DOSIS_OK && !chain->ended && n++ < SNAPSHOT_BLOCKS) {
        rc = follow(chain, &c);
        if (rc == DOSIS_OK) {
            rc = store_cursor_next(&c);
        }
    }
    store_cursor_close(&c);
    if (rc == DOSIS_ENOTFOUND && !chain->ended) {
        end_at_head(chain);
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


dosis_rc_t
dosis_ledger_check(dosis_store_t *store, const dosis_ledger_at_t *known,
    size_t count, dosis_ledger_check_t *ret_check)
{
    dosis_rc_t rc;
    chain_t chain = { .known = known, .known_count = count,
        .check = ret_check };

    memset(ret_check, 0, sizeof(*ret_check));
    rc = dosis_reader_create(store, &chain.reader);
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_buf_init(&chain.plain, LEDGER_PLAIN_MAX);
    while (rc == DOSIS_OK && !chain.ended) {
        rc = dosis_reader_begin(chain.reader);
        if (rc == DOSIS_OK) {
            rc = walk_snapshot(&chain);
            dosis_reader_end(chain.reader);
        }
    }
    dosis_buf_done(&chain.plain);
    dosis_reader_free(chain.reader);
    return rc;
}


dosis_rc_t
dosis_ledger_head(dosis_store_t *store, dosis_ledger_at_t *ret_at)
{
    dosis_rc_t rc;
    dosis_reader_t *reader;

    rc = dosis_reader_create(store, &reader);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = dosis_reader_begin(reader);
    if (rc == DOSIS_OK) {
        rc = store_ledger_head(&reader->snap, ret_at);
        dosis_reader_end(reader);
    }
    dosis_reader_free(reader);
    return rc;
}


/* --- export --------------------------------------------------------------- */

/* A walk along what it says. */
typedef struct {
    dosis_reader_t *reader;
    const dosis_ledger_range_t *range;
    dosis_ledger_pt each;
    void *payload;
    dosis_buf_t plain;
    uint64_t next;
    bool ended;
} tell_t;


static bool
is_about(const dosis_inzage_view_t *view, const dosis_agent_t *agent)
{
    size_t i;
    dosis_slice_t rest = view->subject_bytes;
    dosis_agent_t one;

    for (i = 0; i < view->subjects && dosis_inzage_subject(&rest, &one); i++) {
        if (one.soort == agent->soort
            && dosis_slice_eq(dosis_agent_id(&one), dosis_agent_id(agent))) {
            return true;
        }
    }
    return false;
}


static bool
is_wanted(const dosis_ledger_range_t *range, const dosis_inzage_view_t *view)
{
    return view->time_ns >= range->van_ns && view->time_ns < range->tot_ns
           && (range->onderwerp == NULL || is_about(view, range->onderwerp));
}


static dosis_rc_t
tell_block(tell_t *tell, uint64_t seq)
{
    unsigned nr = 0;
    dosis_rc_t rc;
    dosis_slice_t bytes;
    dosis_inzage_view_t view;
    store_ledger_block_t block;

    rc = store_ledger_read(dosis_buf_slice(&tell->plain), &block);
    while (rc == DOSIS_OK && !tell->ended) {
        rc = store_ledger_next(&block, &bytes);
        if (rc == DOSIS_OK) {
            rc = dosis_inzage_read(bytes, &view);
        }
        if (rc == DOSIS_OK && is_wanted(tell->range, &view)) {
            tell->ended = !tell->each(&view, seq, nr, tell->payload);
        }
        nr++;
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static dosis_rc_t
tell_snapshot(tell_t *tell)
{
    char key[8];
    unsigned n = 0;
    dosis_rc_t rc;
    store_cursor_t c = { 0 };

    rc = store_cursor_open(&tell->reader->snap, DB_INZAGE, &c);
    dosis_be64(key, tell->next);
    if (rc == DOSIS_OK) {
        rc = store_cursor_seek(&c, dosis_slice(key, sizeof(key)));
    }
    while (rc == DOSIS_OK && !tell->ended && n++ < SNAPSHOT_BLOCKS) {
        dosis_buf_reset(&tell->plain);
        rc = store_open_value(&tell->reader->snap, DB_INZAGE, c.key, c.value,
            &tell->plain);
        if (rc == DOSIS_OK) {
            tell->next = dosis_be64_get(c.key.data);
            rc = tell_block(tell, tell->next++);
        }
        if (rc == DOSIS_OK) {
            rc = store_cursor_next(&c);
        }
    }
    store_cursor_close(&c);
    tell->ended |= rc == DOSIS_ENOTFOUND;
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


dosis_rc_t
dosis_ledger_each(dosis_store_t *store, const dosis_ledger_range_t *range,
    dosis_ledger_pt each, void *payload)
{
    dosis_rc_t rc;
    tell_t tell = { .range = range, .each = each, .payload = payload,
        .next = 1 };

    rc = dosis_reader_create(store, &tell.reader);
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_buf_init(&tell.plain, LEDGER_PLAIN_MAX);
    while (rc == DOSIS_OK && !tell.ended) {
        rc = dosis_reader_begin(tell.reader);
        if (rc == DOSIS_OK) {
            rc = tell_snapshot(&tell);
            dosis_reader_end(tell.reader);
        }
    }
    dosis_buf_done(&tell.plain);
    dosis_reader_free(tell.reader);
    return rc;
}
