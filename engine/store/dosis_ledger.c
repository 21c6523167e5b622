/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_time.h"
#include "store/store_anker.h"

#define IDLE_NS   (INT64_C(60) * 1000000000)    /* then it is looked again */

/* One step: a transaction, and how much of it is done. */
typedef struct {
    dosis_txn_t *txn;
    dosis_ledger_work_t *work;
    dosis_buf_t plain;
    dosis_ledger_at_t head;
    uint64_t next;          /* what the index lacks begins here */
    unsigned next_nr;
    unsigned done;          /* index entries put or removed */
} step_t;


/* --- the index by subject ------------------------------------------------- */

static dosis_rc_t
index_position(step_t *step)
{
    dosis_rc_t rc;
    dosis_slice_t value;
    store_cursor_t c;

    rc = store_get_raw(&step->txn->snap, DB_META,
        dosis_slice_of(LEDGER_META_INDEX), &value);
    if (rc == DOSIS_OK && value.len == LEDGER_INDEX_POS) {
        step->next = dosis_be64_get(value.data);
        step->next_nr = dosis_be16_get(value.data + 8);
        return DOSIS_OK;
    }
    if (rc != DOSIS_ENOTFOUND) {
        return rc == DOSIS_OK ? DOSIS_EFORMAT : rc;
    }
    step->next = 1;
    rc = store_cursor_open(&step->txn->snap, DB_INZAGE, &c);
    if (rc == DOSIS_OK
        && store_cursor_seek(&c, dosis_slice(NULL, 0)) == DOSIS_OK) {
        step->next = dosis_be64_get(c.key.data);
    }
    store_cursor_close(&c);
    return rc;
}


static void
put_position(step_t *step)
{
    char value[LEDGER_INDEX_POS];

    dosis_be64(value, step->next);
    dosis_be16(value + 8, (uint16_t) step->next_nr);
    store_txn_put(step->txn, DB_META, dosis_slice_of(LEDGER_META_INDEX),
        dosis_slice(value, sizeof(value)));
}


/* Every subject of one consultation; what one did oneself is not indexed. */
static void
index_one(step_t *step, const dosis_inzage_view_t *view, uint64_t seq,
    unsigned nr, bool put)
{
    size_t i;
    char key[LEDGER_INDEX_KEY];
    uint8_t agent[STORE_AGENT_BYTES];
    dosis_slice_t rest = view->subject_bytes;
    dosis_agent_t subject;

    if (view->flags & DOSIS_INZAGE_EIGEN) {
        return;
    }
    for (i = 0; i < view->subjects && dosis_inzage_subject(&rest, &subject);
         i++) {
        store_agent_blind(step->txn->snap.crypt, &subject, agent);
        store_ledger_index_key(key, agent, seq, nr);
        if (put) {
            store_txn_put(step->txn, DB_BETROKKEN,
                dosis_slice(key, sizeof(key)), dosis_slice(NULL, 0));
        } else {
            store_txn_del(step->txn, DB_BETROKKEN,
                dosis_slice(key, sizeof(key)));
        }
        step->done++;
    }
}


/*
 * From *nr on, which becomes the next. DOSIS_ENOTFOUND: the block is at its
 * end; DOSIS_OK: enough is done, and it may have more.
 */
static dosis_rc_t
index_block(step_t *step, uint64_t seq, unsigned *nr, bool put,
    int64_t *ret_newest)
{
    unsigned at = 0;
    dosis_rc_t rc;
    dosis_slice_t bytes;
    dosis_inzage_view_t view;
    store_ledger_block_t block;

    rc = store_ledger_open(&step->txn->snap, seq, &step->plain, &block);
    while (rc == DOSIS_OK
           && (!put || step->done < DOSIS_LEDGER_CHUNK)) {
        rc = store_ledger_next(&block, &bytes);
        if (rc == DOSIS_OK) {
            rc = dosis_inzage_read(bytes, &view);
        }
        if (rc == DOSIS_OK && at++ >= *nr) {
            index_one(step, &view, seq, at - 1, put);
            *nr = at;
            step->work->indexed += put;
        }
        if (rc == DOSIS_OK && view.time_ns > *ret_newest) {
            *ret_newest = view.time_ns;
        }
    }
    return rc;
}


/*
 * A block that does not open is passed over: `verify` names it, and the rest
 * must not wait for it.
 */
static dosis_rc_t
index_some(step_t *step)
{
    int64_t newest = 0;
    uint64_t blocks = 0;
    dosis_rc_t rc;

    while (step->next <= step->head.seq && step->done < DOSIS_LEDGER_CHUNK
           && blocks++ < DOSIS_LEDGER_CHUNK) {
        rc = index_block(step, step->next, &step->next_nr, true, &newest);
        if (rc == DOSIS_OK) {
            break;                /* this block has more */
        }
        if (rc != DOSIS_ENOTFOUND && rc != DOSIS_EFORMAT && rc != DOSIS_EKEY) {
            return rc;
        }
        step->next++;
        step->next_nr = 0;
    }
    if (blocks > 0) {
        put_position(step);
    }
    step->work->more = blocks > 0;
    return DOSIS_OK;
}


/* --- what is too old ------------------------------------------------------ */

/* The oldest block, taken out; *anchor tells what it was. */
static dosis_rc_t
remove_block(step_t *step, uint64_t seq, dosis_ledger_anchor_t *anchor)
{
    char key[8];
    unsigned nr = 0;
    int64_t newest = 0;
    dosis_rc_t rc;

    dosis_be64(key, seq);
    rc = index_block(step, seq, &nr, false, &newest);
    if (rc != DOSIS_ENOTFOUND) {
        return rc == DOSIS_OK ? DOSIS_EFORMAT : rc;
    }
    anchor->at.seq = seq;
    store_ledger_hash(seq, dosis_buf_slice(&step->plain), anchor->at.hash);
    store_txn_del(step->txn, DB_INZAGE, dosis_slice(key, sizeof(key)));
    step->work->removed++;
    return step->txn->rc;
}


/* Of the newest consultation of a block, which must be there and whole. */
static dosis_rc_t
newest_of(step_t *step, uint64_t seq, int64_t *ret_newest)
{
    dosis_rc_t rc;
    dosis_slice_t bytes;
    dosis_inzage_view_t view;
    store_ledger_block_t block;

    *ret_newest = INT64_MIN;
    rc = store_ledger_open(&step->txn->snap, seq, &step->plain, &block);
    if (rc != DOSIS_OK) {
        return rc;
    }
    while (rc == DOSIS_OK) {
        rc = store_ledger_next(&block, &bytes);
        if (rc == DOSIS_OK) {
            rc = dosis_inzage_read(bytes, &view);
        }
        if (rc == DOSIS_OK && view.time_ns > *ret_newest) {
            *ret_newest = view.time_ns;
        }
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* A damaged one stays, and with it all behind it: somebody must look first. */
static dosis_rc_t
remove_some(step_t *step, int64_t now_ns)
{
    uint64_t seq;
    int64_t newest, before_ns = now_ns - step->work->keep_ns;
    dosis_rc_t rc;
    dosis_ledger_anchor_t begin;

    rc = store_ledger_anchor(&step->txn->snap, LEDGER_META_BEGIN, &begin);
    if (rc != DOSIS_OK || begin.at.seq == UINT64_MAX) {
        return rc;
    }
    for (seq = begin.at.seq + 1;
         seq < step->next && step->done < DOSIS_LEDGER_CHUNK; seq++) {
        rc = newest_of(step, seq, &newest);
        if (rc != DOSIS_OK || newest >= before_ns) {
            break;
        }
        rc = remove_block(step, seq, &begin);
        if (rc != DOSIS_OK) {
            return rc;
        }
        step->work->more = true;
    }
    if (step->work->more) {
        begin.time_ns = now_ns;
        store_ledger_put_anchor(step->txn, LEDGER_META_BEGIN, &begin);
    }
    return step->txn->rc;
}


/* --- the anchor of the head ----------------------------------------------- */

/* Something was added or has ended since the newest one, an hour ago or so. */
static bool
is_due(const step_t *step, const dosis_ledger_anchor_t *held,
    const dosis_ledger_anchor_t *begin, int64_t now_ns)
{
    if (held->at.seq == UINT64_MAX || begin->at.seq == UINT64_MAX) {
        return false;    /* damaged: somebody must look first */
    }
    return now_ns - held->time_ns >= step->work->anchor_ns
           && (held->at.seq < step->head.seq
               || begin->time_ns > held->time_ns);
}


static dosis_rc_t
anchor_head(step_t *step, int64_t now_ns)
{
    dosis_rc_t rc;
    dosis_anker_t anker;
    dosis_ledger_anchor_t held, begin;
    dosis_ledger_work_t *work = step->work;

    rc = store_ledger_anchor(&step->txn->snap, LEDGER_META_SIGNED, &held);
    if (rc == DOSIS_OK) {
        rc = store_ledger_anchor(&step->txn->snap, LEDGER_META_BEGIN, &begin);
    }
    if (rc != DOSIS_OK || !is_due(step, &held, &begin, now_ns)) {
        return rc;
    }
    work->anchor = (dosis_ledger_anchor_t) { step->head, now_ns, true };
    work->anchored = true;
    store_ledger_put_anchor(step->txn, LEDGER_META_SIGNED, &work->anchor);
    anker = (dosis_anker_t) { step->head, begin.at, now_ns / DOSIS_NS_PER_S };
    store_anker_put(step->txn, &anker, work->keep_ns);
    return step->txn->rc;
}


/* --- a step --------------------------------------------------------------- */

static dosis_rc_t
step_do(step_t *step, int64_t now_ns)
{
    dosis_rc_t rc = store_ledger_head(&step->txn->snap, &step->head);

    if (rc == DOSIS_OK && step->head.seq > 0) {
        rc = index_position(step);
    }
    if (rc != DOSIS_OK || step->head.seq == 0) {
        return rc;
    }
    rc = index_some(step);
    if (rc == DOSIS_OK && !step->work->more && step->work->keep_ns > 0) {
        rc = remove_some(step, now_ns);
    }
    if (rc == DOSIS_OK && !step->work->more) {
        rc = anchor_head(step, now_ns);
    }
    return rc;
}


static bool
is_idle(const dosis_writer_t *writer, int64_t now_ns,
    const dosis_ledger_work_t *work)
{
    return !work->more && now_ns - work->idle_ns < IDLE_NS
           && now_ns >= work->idle_ns
           && dosis_store_last_txn(writer->store) == work->idle_txn;
}


dosis_rc_t
dosis_ledger_step(dosis_writer_t *writer, int64_t now_ns,
    dosis_ledger_work_t *work)
{
    dosis_rc_t rc;
    dosis_ledger_work_t before = *work;
    step_t step = { .work = work };

    work->anchored = false;
    if (is_idle(writer, now_ns, work)) {
        return DOSIS_OK;
    }
    work->more = false;
    rc = dosis_txn_begin(writer, now_ns, &step.txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_buf_init(&step.plain, LEDGER_PLAIN_MAX);
    rc = step_do(&step, now_ns);
    dosis_buf_done(&step.plain);
    if (rc != DOSIS_OK || (!work->more && !work->anchored)) {
        dosis_txn_abort(step.txn);
    } else {
        rc = dosis_txn_commit(step.txn);
    }
    if (rc != DOSIS_OK) {
        *work = before;
        work->anchored = false;
    } else if (!work->more) {
        work->idle_txn = dosis_store_last_txn(writer->store);
        work->idle_ns = now_ns;
    }
    return rc;
}
