/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "base/dosis_wire.h"
#include "store/store_side.h"

#define BUCKET_BYTES (4 + 2 + 5 * DOSIS_RECHTEN_MAX)

/* A count that this transaction has touched. */
struct store_touched_s {
    struct store_touched_s *next;     /* in its bucket */
    char key[STORE_TELLING_KEY];
    store_tally_t tally;
};


/* --- keys ---------------------------------------------------------------- */

void
store_telling_key(char key[STORE_TELLING_KEY], const uint8_t agent[16],
    const uint8_t class_key[STORE_CLASS_KEY])
{
    memcpy(key, agent, STORE_AGENT_BYTES);
    memcpy(key + STORE_AGENT_BYTES, class_key, STORE_CLASS_KEY);
}


void
store_volg_key(char key[STORE_VOLG_KEY], const uint8_t agent[16],
    uint64_t change)
{
    memcpy(key, agent, STORE_AGENT_BYTES);
    dosis_be64(key + STORE_AGENT_BYTES, change);
}


void
store_termijn_key(char key[STORE_TERMIJN_KEY], const uint8_t agent[16],
    uint32_t deadline, const uint8_t id[STORE_ID_BYTES])
{
    memcpy(key, agent, STORE_AGENT_BYTES);
    dosis_be32(key + STORE_AGENT_BYTES, deadline);
    memcpy(key + STORE_AGENT_BYTES + 4, id, STORE_ID_BYTES);
}


uint32_t
store_deadline(int32_t day)
{
    return (uint32_t) day ^ UINT32_C(0x80000000);
}


int32_t
store_deadline_day(uint32_t deadline)
{
    return (int32_t) (deadline ^ UINT32_C(0x80000000));
}


/* --- facts --------------------------------------------------------------- */

static int
cmp_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;

    return x < y ? -1 : x > y;
}


/* In order and once each: how rights were delivered makes no other class. */
static void
class_tidy(store_class_t *class)
{
    int i;
    uint8_t n = 0;

    qsort(class->rechten, class->count, sizeof(class->rechten[0]), cmp_u32);
    for (i = 0; i < class->count; i++) {
        if (n == 0 || class->rechten[n - 1] != class->rechten[i]) {
            class->rechten[n++] = class->rechten[i];
        }
    }
    class->count = n;
}


static void
bucket_write(dosis_buf_t *buf, const store_bucket_t *bucket)
{
    int i;

    dosis_wire_put_u32(buf, bucket->bron);
    dosis_buf_add_byte(buf, (char) bucket->class.flags);
    dosis_buf_add_byte(buf, (char) bucket->class.count);
    for (i = 0; i < bucket->class.count; i++) {
        dosis_wire_put_varint(buf, bucket->class.rechten[i]);
    }
}


static void
bucket_key(dosis_crypt_t *crypt, const store_bucket_t *bucket,
    uint8_t to[STORE_CLASS_KEY])
{
    char bytes[BUCKET_BYTES];
    dosis_buf_t buf;
    dosis_slice_t part;

    dosis_buf_init_fixed(&buf, bytes, sizeof(bytes));
    bucket_write(&buf, bucket);
    part = dosis_buf_slice(&buf);
    dosis_blind(crypt, DOSIS_BLIND_CLASS, &part, 1, to);
}


void
store_facts_fill(const store_head_t *head, const store_content_t *content,
    store_facts_t *facts)
{
    uint64_t fase = content->number[FIELD_FASE];

    memset(facts, 0, sizeof(*facts));
    memcpy(facts->id, head->id, STORE_ID_BYTES);
    facts->live = head->kind == ROW_LIVE;
    facts->actie_nodig = facts->live && (head->flags & ROW_ACTIE_NODIG);
    facts->has_status = (head->flags & ROW_STATUS) != 0;
    if (facts->has_status && fase < STORE_FASEN) {
        facts->fase = (uint16_t) fase;
    }
    facts->deadline = STORE_NO_DEADLINE;
    if (store_content_has(content, FIELD_VOOR)) {
        facts->deadline =
            store_deadline((int32_t) (int64_t) content->number[FIELD_VOOR]);
    }
}


/* Phase and deadline are too short to be moved to `lang`, see STORE_ROOM. */
dosis_rc_t
store_facts_read(dosis_crypt_t *crypt, dosis_slice_t bytes,
    store_facts_t *facts)
{
    dosis_rc_t rc;
    store_row_t row;
    store_part_t part;
    store_content_t content = { 0 };

    rc = store_row_read(bytes, &row);
    if (rc == DOSIS_OK) {
        rc = store_part_read(row.part, &part);
    }
    if (rc == DOSIS_OK) {
        rc = store_content_read(row.content, &content);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    store_facts_fill(&row.head, &content, facts);
    facts->change = part.change;
    if (!facts->live) {
        return DOSIS_OK;
    }
    facts->bucket.bron = row.head.bron;
    facts->bucket.class = part.now;
    facts->bucket.class.flags = row.head.flags & ROW_CLASS_FLAGS;
    class_tidy(&facts->bucket.class);
    bucket_key(crypt, &facts->bucket, facts->key);
    return DOSIS_OK;
}


/* --- counts -------------------------------------------------------------- */

void
store_tally_count(store_tally_t *tally, const store_facts_t *facts,
    int32_t by)
{
    uint32_t n = (uint32_t) by;

    tally->rijen += n;
    if (facts->actie_nodig) {
        tally->actie_nodig += n;
    }
    if (facts->has_status) {
        tally->fase[facts->fase] += n;
    } else {
        tally->zonder_fase += n;
    }
}


static void
tally_write(dosis_buf_t *buf, const store_tally_t *tally)
{
    int i;

    bucket_write(buf, &tally->bucket);
    dosis_wire_put_varint(buf, tally->rijen);
    dosis_wire_put_varint(buf, tally->zonder_fase);
    dosis_wire_put_varint(buf, tally->actie_nodig);
    for (i = 0; i < STORE_FASEN; i++) {
        if (tally->fase[i] > 0) {
            dosis_buf_add_byte(buf, (char) i);
            dosis_wire_put_varint(buf, tally->fase[i]);
        }
    }
}


dosis_rc_t
store_tally_read(dosis_slice_t bytes, store_tally_t *tally)
{
    int i;
    uint8_t fase;
    dosis_wire_t wire;
    store_class_t *class = &tally->bucket.class;

    memset(tally, 0, sizeof(*tally));
    dosis_wire_init(&wire, bytes);
    tally->bucket.bron = dosis_wire_u32(&wire);
    class->flags = dosis_wire_u8(&wire);
    class->count = dosis_wire_u8(&wire);
    if (class->count > DOSIS_RECHTEN_MAX) {
        return DOSIS_EFORMAT;
    }
    for (i = 0; i < class->count; i++) {
        class->rechten[i] = (uint32_t) dosis_wire_varint(&wire);
    }
    tally->rijen = (uint32_t) dosis_wire_varint(&wire);
    tally->zonder_fase = (uint32_t) dosis_wire_varint(&wire);
    tally->actie_nodig = (uint32_t) dosis_wire_varint(&wire);
    while (wire.ok && wire.pos < wire.end) {
        fase = dosis_wire_u8(&wire);
        if (fase >= STORE_FASEN) {
            return DOSIS_EFORMAT;
        }
        tally->fase[fase] = (uint32_t) dosis_wire_varint(&wire);
    }
    return dosis_wire_done(&wire) ? DOSIS_OK : DOSIS_EFORMAT;
}


static unsigned
bucket_of(const uint8_t class_key[STORE_CLASS_KEY])
{
    return class_key[0] & (STORE_SIDE_BUCKETS - 1);
}


static store_touched_t *
touched_create(dosis_txn_t *txn, const char key[STORE_TELLING_KEY],
    const store_facts_t *facts)
{
    char bytes[STORE_TALLY_MAX];
    dosis_rc_t rc;
    dosis_buf_t value;
    store_touched_t *t;

    t = dosis_arena_zalloc(txn->writer->arena, sizeof(*t));
    if (t == NULL) {
        (void) store_txn_ok(txn, DOSIS_ENOMEM);
        return NULL;
    }
    memcpy(t->key, key, STORE_TELLING_KEY);
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_get(&txn->snap, DB_TELLING,
        dosis_slice(key, STORE_TELLING_KEY), &value);
    if (rc == DOSIS_ENOTFOUND) {
        t->tally.bucket = facts->bucket;
    } else {
        if (rc == DOSIS_OK) {
            rc = store_tally_read(dosis_buf_slice(&value), &t->tally);
        }
        if (!store_txn_ok(txn, rc)) {
            return NULL;
        }
    }
    t->next = txn->side[bucket_of(facts->key)];
    txn->side[bucket_of(facts->key)] = t;
    txn->pages++;
    return t;
}


/* The counts move in memory, and are put once per transaction. */
static void
count_row(dosis_txn_t *txn, const uint8_t agent[16],
    const store_facts_t *facts, int32_t by)
{
    char key[STORE_TELLING_KEY];
    store_touched_t *t = txn->side[bucket_of(facts->key)];

    store_telling_key(key, agent, facts->key);
    while (t != NULL && memcmp(t->key, key, sizeof(key)) != 0) {
        t = t->next;
    }
    if (t == NULL) {
        t = touched_create(txn, key, facts);
    }
    if (t != NULL) {
        store_tally_count(&t->tally, facts, by);
    }
}


void
store_side_flush(dosis_txn_t *txn)
{
    unsigned b;
    char bytes[STORE_TALLY_MAX];
    dosis_buf_t value;
    dosis_slice_t key;
    store_touched_t *t;

    for (b = 0; b < STORE_SIDE_BUCKETS; b++) {
        for (t = txn->side[b]; t != NULL; t = t->next) {
            key = dosis_slice(t->key, sizeof(t->key));
            dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
            tally_write(&value, &t->tally);
            if (!store_txn_ok(txn, value.rc)) {
                break;
            }
            if (t->tally.rijen > 0) {
                store_txn_put(txn, DB_TELLING, key, dosis_buf_slice(&value));
            } else {
                store_txn_del(txn, DB_TELLING, key);
            }
        }
        txn->side[b] = NULL;
    }
}


/* --- hooks --------------------------------------------------------------- */

void
store_side_add(dosis_txn_t *txn, const uint8_t agent[16], dosis_slice_t row)
{
    char key[STORE_TERMIJN_KEY];
    store_facts_t facts;

    if (!store_txn_ok(txn, store_facts_read(txn->writer->crypt, row,
            &facts))) {
        return;
    }
    store_volg_key(key, agent, facts.change);
    store_txn_put(txn, DB_VOLG, dosis_slice(key, STORE_VOLG_KEY),
        dosis_slice(facts.id, STORE_ID_BYTES));
    if (!facts.live) {
        return;
    }
    count_row(txn, agent, &facts, 1);
    if (facts.actie_nodig) {
        store_termijn_key(key, agent, facts.deadline, facts.id);
        store_txn_put(txn, DB_TERMIJN, dosis_slice(key, STORE_TERMIJN_KEY),
            dosis_slice(facts.key, STORE_CLASS_KEY));
    }
}


void
store_side_drop(dosis_txn_t *txn, const uint8_t agent[16], dosis_slice_t row)
{
    char key[STORE_TERMIJN_KEY];
    store_facts_t facts;

    if (!store_txn_ok(txn, store_facts_read(txn->writer->crypt, row,
            &facts))) {
        return;
    }
    store_volg_key(key, agent, facts.change);
    store_txn_del(txn, DB_VOLG, dosis_slice(key, STORE_VOLG_KEY));
    if (!facts.live) {
        return;
    }
    count_row(txn, agent, &facts, -1);
    if (facts.actie_nodig) {
        store_termijn_key(key, agent, facts.deadline, facts.id);
        store_txn_del(txn, DB_TERMIJN, dosis_slice(key, STORE_TERMIJN_KEY));
    }
}


/* --- an older store ------------------------------------------------------ */

bool
store_side_reached(dosis_txn_t *txn, const uint8_t agent[16],
    uint64_t *ret_order, uint8_t ret_id[STORE_ID_BYTES])
{
    char bytes[8 + STORE_ID_BYTES];
    dosis_rc_t rc;
    dosis_buf_t value;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_get(&txn->snap, DB_TELLING,
        dosis_slice(agent, STORE_AGENT_BYTES), &value);
    if (rc == DOSIS_OK && value.len != sizeof(bytes)) {
        rc = DOSIS_EFORMAT;
    }
    if (rc == DOSIS_ENOTFOUND || !store_txn_ok(txn, rc)) {
        return false;
    }
    *ret_order = dosis_be64_get(bytes);
    memcpy(ret_id, bytes + 8, STORE_ID_BYTES);
    return true;
}


void
store_side_reach(dosis_txn_t *txn, const uint8_t agent[16],
    store_position_t position)
{
    char bytes[8 + STORE_ID_BYTES];

    dosis_be64(bytes, position.order);
    memcpy(bytes + 8, position.id, STORE_ID_BYTES);
    store_txn_put(txn, DB_TELLING, dosis_slice(agent, STORE_AGENT_BYTES),
        dosis_slice(bytes, sizeof(bytes)));
}


void
store_side_complete(dosis_txn_t *txn, const uint8_t agent[16])
{
    store_txn_del(txn, DB_TELLING, dosis_slice(agent, STORE_AGENT_BYTES));
}


/* --- reading in order ---------------------------------------------------- */

/* from: a key of that database; the walk begins at the first not before. */
static dosis_rc_t
walk_open(store_side_walk_t *walk, const store_snap_t *snap, store_db_t db,
    dosis_slice_t from)
{
    dosis_rc_t rc;

    memset(walk, 0, sizeof(*walk));
    walk->snap = snap;
    walk->db = db;
    memcpy(walk->agent, from.data, STORE_AGENT_BYTES);
    rc = store_cursor_open(snap, db, &walk->cursor);
    if (rc != DOSIS_OK) {
        return rc;
    }
    walk->rc = store_cursor_seek(&walk->cursor, from);
    return walk->rc == DOSIS_ENOTFOUND ? DOSIS_OK : walk->rc;
}


/* The row under the cursor, opened; the cursor moves on. */
static dosis_rc_t
walk_take(store_side_walk_t *walk, char *key, size_t key_len,
    dosis_buf_t *value)
{
    dosis_rc_t rc = walk->rc;
    const store_cursor_t *c = &walk->cursor;

    if (rc != DOSIS_OK) {
        return rc;
    }
    if (!store_is_agents(c->key, walk->agent)) {
        return DOSIS_ENOTFOUND;
    }
    if (c->key.len != key_len) {
        return DOSIS_EFORMAT;
    }
    memcpy(key, c->key.data, key_len);
    rc = store_open_value(walk->snap, walk->db, c->key, c->value, value);
    walk->rc = rc == DOSIS_OK ? store_cursor_next(&walk->cursor) : rc;
    return rc;
}


void
store_side_close(store_side_walk_t *walk)
{
    store_cursor_close(&walk->cursor);
}


/* Behind the agent's own entry, which an older store may have. */
dosis_rc_t
store_tallies_open(const store_snap_t *snap, const uint8_t agent[16],
    store_side_walk_t *walk)
{
    char key[STORE_TELLING_KEY] = { 0 };

    memcpy(key, agent, STORE_AGENT_BYTES);
    return walk_open(walk, snap, DB_TELLING, dosis_slice(key, sizeof(key)));
}


dosis_rc_t
store_tallies_next(store_side_walk_t *walk, uint8_t ret_key[STORE_CLASS_KEY],
    store_tally_t *tally)
{
    char key[STORE_TELLING_KEY], bytes[STORE_TALLY_MAX];
    dosis_rc_t rc;
    dosis_buf_t value;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = walk_take(walk, key, sizeof(key), &value);
    if (rc != DOSIS_OK) {
        return rc;
    }
    memcpy(ret_key, key + STORE_AGENT_BYTES, STORE_CLASS_KEY);
    return store_tally_read(dosis_buf_slice(&value), tally);
}


dosis_rc_t
store_changes_open(const store_snap_t *snap, const uint8_t agent[16],
    uint64_t after, store_side_walk_t *walk)
{
    char key[STORE_VOLG_KEY];

    store_volg_key(key, agent, after + 1);
    return walk_open(walk, snap, DB_VOLG, dosis_slice(key, sizeof(key)));
}


dosis_rc_t
store_changes_next(store_side_walk_t *walk, store_change_t *change)
{
    char key[STORE_VOLG_KEY];
    dosis_rc_t rc;
    dosis_buf_t value;

    dosis_buf_init_fixed(&value, change->id, STORE_ID_BYTES);
    rc = walk_take(walk, key, sizeof(key), &value);
    if (rc != DOSIS_OK) {
        return rc;
    }
    change->seq = dosis_be64_get(key + STORE_AGENT_BYTES);
    return value.len == STORE_ID_BYTES ? DOSIS_OK : DOSIS_EFORMAT;
}


dosis_rc_t
store_termijnen_open(const store_snap_t *snap, const uint8_t agent[16],
    const store_termijn_t *after, store_side_walk_t *walk)
{
    char key[STORE_TERMIJN_KEY] = { 0 };
    dosis_rc_t rc;

    memcpy(key, agent, STORE_AGENT_BYTES);
    if (after != NULL) {
        store_termijn_key(key, agent, after->deadline, after->id);
    }
    rc = walk_open(walk, snap, DB_TERMIJN, dosis_slice(key, sizeof(key)));
    if (after != NULL && rc == DOSIS_OK && walk->rc == DOSIS_OK
        && dosis_slice_eq(walk->cursor.key, dosis_slice(key, sizeof(key)))) {
        walk->rc = store_cursor_next(&walk->cursor);
    }
    return rc;
}


dosis_rc_t
store_termijnen_next(store_side_walk_t *walk, store_termijn_t *termijn)
{
    char key[STORE_TERMIJN_KEY];
    dosis_rc_t rc;
    dosis_buf_t value;

    dosis_buf_init_fixed(&value, termijn->key, STORE_CLASS_KEY);
    rc = walk_take(walk, key, sizeof(key), &value);
    if (rc != DOSIS_OK) {
        return rc;
    }
    termijn->deadline = dosis_be32_get(key + STORE_AGENT_BYTES);
    memcpy(termijn->id, key + STORE_AGENT_BYTES + 4, STORE_ID_BYTES);
    return value.len == STORE_CLASS_KEY ? DOSIS_OK : DOSIS_EFORMAT;
}
