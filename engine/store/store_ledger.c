/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_ledger.h"

#define LEDGER_VERSION 1
#define LEDGER_HEADER  (1 + LEDGER_HASH_BYTES + 2)
#define LEDGER_COUNT   (1 + LEDGER_HASH_BYTES)
#define LEDGER_COUNT_MAX UINT16_MAX
#define LEDGER_LABEL   "dosis inzage v1"
#define HEAD_BYTES     (8 + LEDGER_HASH_BYTES)
#define ANCHOR_PLAIN   (HEAD_BYTES + 8)
#define ANCHOR_BYTES   (ANCHOR_PLAIN + DOSIS_SEAL_OVERHEAD)
#define PLACE_ANCHOR   211    /* no database: plain `meta` holds it sealed */
#define ANCHOR_VERSION 1


void
store_ledger_hash(uint64_t seq, dosis_slice_t plain,
    uint8_t to[LEDGER_HASH_BYTES])
{
    char bytes[sizeof(LEDGER_LABEL) - 1 + 8 + LEDGER_HASH_BYTES];
    uint8_t content[LEDGER_HASH_BYTES];

    dosis_sha256(content, plain.data, plain.len);
    memcpy(bytes, LEDGER_LABEL, sizeof(LEDGER_LABEL) - 1);
    dosis_be64(bytes + sizeof(LEDGER_LABEL) - 1, seq);
    memcpy(bytes + sizeof(bytes) - sizeof(content), content, sizeof(content));
    dosis_sha256(to, bytes, sizeof(bytes));
}


/* --- places in `meta` ----------------------------------------------------- */

static void
at_write(char to[HEAD_BYTES], const dosis_ledger_at_t *at)
{
    dosis_be64(to, at->seq);
    memcpy(to + 8, at->hash, LEDGER_HASH_BYTES);
}


static void
at_read(const char *from, dosis_ledger_at_t *at)
{
    at->seq = dosis_be64_get(from);
    memcpy(at->hash, from + 8, LEDGER_HASH_BYTES);
}


dosis_rc_t
store_ledger_head(const store_snap_t *snap, dosis_ledger_at_t *ret_at)
{
    dosis_rc_t rc;
    dosis_slice_t value;

    memset(ret_at, 0, sizeof(*ret_at));
    rc = store_get_raw(snap, DB_META, dosis_slice_of(LEDGER_META_HEAD),
        &value);
    if (rc == DOSIS_ENOTFOUND) {
        return DOSIS_OK;
    }
    if (rc == DOSIS_OK && value.len != HEAD_BYTES) {
        rc = DOSIS_EFORMAT;
    }
    if (rc == DOSIS_OK) {
        at_read(value.data, ret_at);
    }
    return rc;
}


dosis_rc_t
store_ledger_indexed(const store_snap_t *snap, uint64_t *ret_seq)
{
    dosis_rc_t rc;
    dosis_slice_t value;

    *ret_seq = 0;
    rc = store_get_raw(
        snap, DB_META, dosis_slice_of(LEDGER_META_INDEX), &value);
    if (rc == DOSIS_OK && value.len == LEDGER_INDEX_POS) {
        *ret_seq = dosis_be64_get(value.data);
        *ret_seq -= *ret_seq > 0;    /* it begins there */
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static dosis_place_t
anchor_place(const char *name)
{
    return (dosis_place_t) { PLACE_ANCHOR, ANCHOR_VERSION,
        dosis_slice_of(name) };
}


dosis_rc_t
store_ledger_anchor(const store_snap_t *snap, const char *name,
    dosis_ledger_anchor_t *ret_anchor)
{
    char plain[ANCHOR_PLAIN];
    size_t len;
    dosis_rc_t rc;
    dosis_slice_t value;

    memset(ret_anchor, 0, sizeof(*ret_anchor));
    rc = store_get_raw(snap, DB_META, dosis_slice_of(name), &value);
    if (rc == DOSIS_ENOTFOUND) {
        return DOSIS_OK;
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (value.len != ANCHOR_BYTES
        || dosis_open(snap->crypt, anchor_place(name), value, plain, &len)
               != DOSIS_OK) {
        ret_anchor->at.seq = UINT64_MAX;    /* there, but it does not hold */
        return DOSIS_OK;
    }
    at_read(plain, &ret_anchor->at);
    ret_anchor->time_ns = (int64_t) dosis_be64_get(plain + HEAD_BYTES);
    ret_anchor->holds = true;
    return DOSIS_OK;
}


void
store_ledger_put_anchor(dosis_txn_t *txn, const char *name,
    const dosis_ledger_anchor_t *anchor)
{
    char plain[ANCHOR_PLAIN], sealed[ANCHOR_BYTES];

    at_write(plain, &anchor->at);
    dosis_be64(plain + HEAD_BYTES, (uint64_t) anchor->time_ns);
    if (store_txn_ok(txn, dosis_seal(txn->snap.crypt, anchor_place(name),
            dosis_slice(plain, sizeof(plain)), sealed))) {
        store_txn_put(txn, DB_META, dosis_slice_of(name),
            dosis_slice(sealed, sizeof(sealed)));
    }
}


/* --- blocks --------------------------------------------------------------- */

dosis_rc_t
store_ledger_read(dosis_slice_t plain, store_ledger_block_t *ret_block)
{
    if (plain.len < LEDGER_HEADER || plain.data[0] != LEDGER_VERSION) {
        return DOSIS_EFORMAT;
    }
    memcpy(ret_block->before, plain.data + 1, LEDGER_HASH_BYTES);
    ret_block->count = dosis_be16_get(plain.data + LEDGER_COUNT);
    ret_block->rest = dosis_slice(plain.data + LEDGER_HEADER,
        plain.len - LEDGER_HEADER);
    return ret_block->count > 0 ? DOSIS_OK : DOSIS_EFORMAT;
}


dosis_rc_t
store_ledger_open(const store_snap_t *snap, uint64_t seq, dosis_buf_t *buf,
    store_ledger_block_t *ret_block)
{
    char key[8];
    dosis_rc_t rc;

    dosis_be64(key, seq);
    dosis_buf_reset(buf);
    rc = store_get(snap, DB_INZAGE, dosis_slice(key, sizeof(key)), buf);
    return rc == DOSIS_OK ? store_ledger_read(dosis_buf_slice(buf), ret_block)
                          : rc;
}


dosis_rc_t
store_ledger_next(store_ledger_block_t *block, dosis_slice_t *ret_inzage)
{
    dosis_wire_t wire;

    if (block->count == 0) {
        return block->rest.len == 0 ? DOSIS_ENOTFOUND : DOSIS_EFORMAT;
    }
    dosis_wire_init(&wire, block->rest);
    *ret_inzage = dosis_wire_slice(&wire);
    if (!wire.ok) {
        return DOSIS_EFORMAT;
    }
    block->count--;
    block->rest = dosis_slice(wire.pos, (size_t) (wire.end - wire.pos));
    return DOSIS_OK;
}


void
store_ledger_index_key(char to[LEDGER_INDEX_KEY],
    const uint8_t agent[STORE_AGENT_BYTES], uint64_t seq, unsigned nr)
{
    memcpy(to, agent, STORE_AGENT_BYTES);
    dosis_be64(to + STORE_AGENT_BYTES, seq);
    dosis_be16(to + STORE_AGENT_BYTES + 8, (uint16_t) nr);
}


/* --- append --------------------------------------------------------------- */

/* A block on its way. */
typedef struct {
    dosis_ledger_at_t at;    /* of the one before */
    dosis_buf_t plain;
    unsigned count;
} build_t;


static void
block_begin(build_t *build)
{
    dosis_buf_reset(&build->plain);
    build->count = 0;
    dosis_buf_add_byte(&build->plain, LEDGER_VERSION);
    dosis_buf_add(&build->plain, build->at.hash, LEDGER_HASH_BYTES);
    dosis_wire_put_u16(&build->plain, 0);
}


static void
block_end(build_t *build, dosis_txn_t *txn)
{
    if (build->count == 0 || !store_txn_ok(txn, build->plain.rc)) {
        return;
    }
    dosis_be16(build->plain.data + LEDGER_COUNT, (uint16_t) build->count);
    build->at.seq++;
    store_txn_append(txn, DB_INZAGE, build->at.seq,
        dosis_buf_slice(&build->plain));
    store_ledger_hash(build->at.seq, dosis_buf_slice(&build->plain),
        build->at.hash);
    block_begin(build);
}


static void
append_all(dosis_txn_t *txn, build_t *build, dosis_slice_t consultations)
{
    dosis_wire_t wire;
    dosis_slice_t one;

    dosis_wire_init(&wire, consultations);
    block_begin(build);
    while (wire.ok && wire.pos < wire.end && txn->rc == DOSIS_OK) {
        one = dosis_wire_slice(&wire);
        if (build->count == LEDGER_COUNT_MAX
            || (build->count > 0
                && build->plain.len + one.len > LEDGER_BLOCK_BYTES)) {
            block_end(build, txn);
        }
        dosis_wire_put_slice(&build->plain, one);
        build->count++;
    }
    if (!wire.ok) {
        (void) store_txn_ok(txn, DOSIS_EFORMAT);
    }
    block_end(build, txn);
}


void
dosis_ledger_append(dosis_txn_t *txn, dosis_slice_t consultations)
{
    char head[HEAD_BYTES];
    build_t build = { 0 };

    if (consultations.len == 0
        || !store_txn_ok(txn, store_ledger_head(&txn->snap, &build.at))) {
        return;
    }
    dosis_buf_init(&build.plain, LEDGER_PLAIN_MAX);
    append_all(txn, &build, consultations);
    at_write(head, &build.at);
    store_txn_put(txn, DB_META, dosis_slice_of(LEDGER_META_HEAD),
        dosis_slice(head, sizeof(head)));
    dosis_buf_done(&build.plain);
}
