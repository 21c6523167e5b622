/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/dosis_oplading.h"

#include "base/dosis_time.h"
#include "base/dosis_wire.h"
#include "store/store_failure.h"
#include "store/store_oplading.h"
#include "store/store_result.h"

#define META_NUMMER "opladingen"

static const dosis_slice_t nothing;

/* Of those that wait or run. */
typedef struct {
    uint64_t all;
    uint64_t of_client;
    uint64_t bytes;            /* of the client's */
} tally_t;


const char *
dosis_toestand_name(dosis_toestand_t toestand)
{
    static const char *const names[] = {
        [DOSIS_OPLADING_WACHTEND] = "Wachtend",
        [DOSIS_OPLADING_BEZIG] = "Bezig",
        [DOSIS_OPLADING_KLAAR] = "Klaar",
        [DOSIS_OPLADING_MISLUKT] = "Mislukt",
        [DOSIS_OPLADING_GEANNULEERD] = "Geannuleerd",
    };
    size_t index = (size_t) toestand;

    return index > 0 && index < sizeof(names) / sizeof(names[0])
        ? names[index]
        : "Onbekend";
}


/* Its texts in the arena. */
static dosis_rc_t
find(const store_snap_t *snap, const dosis_slice_t client_upload[2],
    dosis_arena_t *arena, dosis_oplading_t *o)
{
    char bytes[STORE_OPLADING_MAX];
    dosis_buf_t value;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_oplading_find(snap, client_upload, &value, o);
    return rc == DOSIS_OK ? store_oplading_keep(o, arena) : rc;
}


static dosis_rc_t
find_nummer(const store_snap_t *snap, uint64_t nummer, dosis_arena_t *arena,
    dosis_oplading_t *o)
{
    char bytes[STORE_OPLADING_MAX];
    dosis_buf_t value;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_oplading_load(snap, nummer, &value, o);
    return rc == DOSIS_OK ? store_oplading_keep(o, arena) : rc;
}


/* --- those that wait ----------------------------------------------------- */

typedef void (*wachtend_pt)(const store_wachtend_t *wachtend, void *payload);


static dosis_rc_t
read_wachtend(const store_snap_t *snap, const store_cursor_t *c,
    store_wachtend_t *ret)
{
    char bytes[STORE_WACHTEND_BYTES];
    dosis_buf_t value;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_open_value(snap, DB_OPLADING, c->key, c->value, &value);
    return rc == DOSIS_OK ? store_wachtend_read(dosis_buf_slice(&value), ret)
                          : rc;
}


/* As many as there can be. */
static dosis_rc_t
each_wachtend(const store_snap_t *snap, wachtend_pt on_wachtend, void *payload)
{
    char kind = OPLADING_WAITS;
    unsigned n;
    dosis_rc_t rc;
    store_cursor_t c;
    store_wachtend_t wachtend;

    rc = store_cursor_open(snap, DB_OPLADING, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_cursor_seek(&c, dosis_slice(&kind, 1));
    for (n = 0; rc == DOSIS_OK && n < DOSIS_OPLADINGEN_MAX
         && c.key.data[0] == kind;
         n++) {
        rc = read_wachtend(snap, &c, &wachtend);
        if (rc == DOSIS_OK) {
            on_wachtend(&wachtend, payload);
            rc = store_cursor_next(&c);
        }
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


typedef struct {
    uint8_t owner[STORE_OWNER_BYTES];
    tally_t tally;
} counting_t;


static void
count_wachtend(const store_wachtend_t *wachtend, void *payload)
{
    counting_t *counting = payload;

    counting->tally.all++;
    if (memcmp(counting->owner, wachtend->owner, STORE_OWNER_BYTES) == 0) {
        counting->tally.of_client++;
        counting->tally.bytes += wachtend->bytes;
    }
}


static dosis_rc_t
admit(const store_snap_t *snap, const uint8_t owner[STORE_OWNER_BYTES],
    uint64_t bytes)
{
    dosis_rc_t rc;
    counting_t counting = { .tally = { 0 } };

    memcpy(counting.owner, owner, STORE_OWNER_BYTES);
    rc = each_wachtend(snap, count_wachtend, &counting);
    if (rc != DOSIS_OK) {
        return rc;
    }
    return counting.tally.all >= DOSIS_OPLADINGEN_MAX
            || counting.tally.of_client >= DOSIS_OPLADINGEN_CLIENT
            || bytes > DOSIS_OPLADINGEN_BYTES
            || counting.tally.bytes > DOSIS_OPLADINGEN_BYTES - bytes
        ? DOSIS_ELIMIT
        : DOSIS_OK;
}


dosis_rc_t
dosis_oplading_admit(
    dosis_reader_t *reader, dosis_slice_t client, uint64_t bytes)
{
    uint8_t owner[STORE_OWNER_BYTES];

    store_oplading_owner(reader->crypt, client, owner);
    return admit(&reader->snap, owner, bytes);
}


typedef struct {
    uint8_t (*id)[DOSIS_SPOOL_ID];
    size_t count;
} spools_t;


static void
add_spool(const store_wachtend_t *wachtend, void *payload)
{
    spools_t *spools = payload;

    memcpy(spools->id[spools->count++], wachtend->spool, DOSIS_SPOOL_ID);
}


dosis_rc_t
dosis_oplading_spools(dosis_reader_t *reader,
    uint8_t ret_id[DOSIS_OPLADINGEN_MAX][DOSIS_SPOOL_ID], size_t *ret_count)
{
    dosis_rc_t rc;
    spools_t spools = { .id = ret_id };

    rc = each_wachtend(&reader->snap, add_spool, &spools);
    *ret_count = spools.count;
    return rc;
}


/* The first number that waits, from that one on. */
static dosis_rc_t
find_wachtend(const store_snap_t *snap, uint64_t from, uint64_t *ret_nummer)
{
    char key[STORE_OPLADING_KEY];
    dosis_rc_t rc;
    store_cursor_t c;

    rc = store_cursor_open(snap, DB_OPLADING, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_cursor_seek(&c, store_oplading_key(key, OPLADING_WAITS, from));
    if (rc == DOSIS_OK
        && (c.key.len != 9 || c.key.data[0] != OPLADING_WAITS)) {
        rc = DOSIS_ENOTFOUND;
    }
    if (rc == DOSIS_OK) {
        *ret_nummer = dosis_be64_get(c.key.data + 1);
    }
    store_cursor_close(&c);
    return rc;
}


dosis_rc_t
dosis_oplading_next(dosis_reader_t *reader, uint64_t after,
    dosis_arena_t *arena, dosis_oplading_t *ret_oplading)
{
    uint64_t nummer;
    dosis_rc_t rc;

    rc = find_wachtend(&reader->snap, after + 1, &nummer);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = find_nummer(&reader->snap, nummer, arena, ret_oplading);
    return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
}


/* --- puts ---------------------------------------------------------------- */

static void
put_record(dosis_txn_t *txn, const dosis_oplading_t *o)
{
    char key[STORE_OPLADING_KEY], bytes[STORE_OPLADING_MAX];
    dosis_buf_t value;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    store_oplading_write(&value, o);
    if (store_txn_ok(txn, value.rc)) {
        store_txn_put(txn, DB_OPLADING,
            store_oplading_key(key, OPLADING_RECORD, o->nummer),
            dosis_buf_slice(&value));
    }
}


/* It waits no more; from klaar on it is kept for a while. */
static void
put_ended(dosis_txn_t *txn, const dosis_oplading_t *o)
{
    char key[STORE_OPLADING_KEY];

    store_txn_del(txn, DB_OPLADING,
        store_oplading_key(key, OPLADING_WAITS, o->nummer));
    store_txn_put(
        txn, DB_OPLADING, store_oplading_key_ended(key, o), nothing);
    put_record(txn, o);
}


static void
put_wachtend(dosis_txn_t *txn, const dosis_oplading_t *o,
    const uint8_t owner[STORE_OWNER_BYTES])
{
    char key[STORE_OPLADING_KEY], bytes[STORE_WACHTEND_BYTES];
    dosis_buf_t value;
    store_wachtend_t wachtend = { .bytes = o->bytes };

    memcpy(wachtend.owner, owner, STORE_OWNER_BYTES);
    memcpy(wachtend.spool, o->spool, DOSIS_SPOOL_ID);
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    store_wachtend_write(&value, &wachtend);
    store_txn_put(txn, DB_OPLADING,
        store_oplading_key(key, OPLADING_WAITS, o->nummer),
        dosis_buf_slice(&value));
    store_txn_put(txn, DB_OPLADING,
        store_oplading_key_of(key, owner, o->nummer), nothing);
}


static void
put_upload(dosis_txn_t *txn, const dosis_oplading_t *o,
    const uint8_t key[DOSIS_BLIND_BYTES])
{
    char bytes[STORE_UPLOAD_BYTES];
    dosis_buf_t value;
    store_upload_t upload = {
        .oplading = o->nummer,
        .received_ns = o->ontvangen_ns,
    };

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    store_upload_write(&value, &upload);
    store_txn_put(txn, DB_UPLOAD, dosis_slice(key, DOSIS_BLIND_BYTES),
        dosis_buf_slice(&value));
}


static bool
is_same(const dosis_oplading_t *a, const dosis_oplading_t *b)
{
    return a->bytes == b->bytes && a->print == b->print && a->gzip == b->gzip
        && a->proef == b->proef && a->volledig == b->volledig
        && a->intrekken == b->intrekken
        && a->peildatum_ns == b->peildatum_ns
        && dosis_slice_eq(a->bron, b->bron);
}


/* What there is already under its UploadId. */
typedef struct {
    uint8_t key[DOSIS_BLIND_BYTES];
    uint64_t replaces;         /* refused delivery that gives it up, or 0 */
    bool again;
} judged_t;


static dosis_rc_t
judge_held(
    dosis_txn_t *txn, uint64_t nummer, dosis_oplading_t *o, judged_t *judged)
{
    char bytes[STORE_OPLADING_MAX];
    dosis_buf_t value;
    dosis_oplading_t held;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_oplading_load(&txn->snap, nummer, &value, &held);
    if (!store_txn_ok(txn, rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc)) {
        return txn->rc;
    }
    if (held.toestand == DOSIS_OPLADING_MISLUKT) {
        return DOSIS_OK;
    }
    if (!is_same(&held, o)) {
        return DOSIS_ECONFLICT;
    }
    o->nummer = nummer;
    o->toestand = held.toestand;
    o->ontvangen_ns = held.ontvangen_ns;
    judged->again = true;
    return DOSIS_OK;
}


/*
 * Is the UploadId of another delivery, or of this file already? A refused
 * delivery gives it up, as it does for one that is mended, and so does a file
 * that could not be read.
 */
static dosis_rc_t
judge_upload(dosis_txn_t *txn, dosis_oplading_t *o, judged_t *judged)
{
    const dosis_slice_t parts[] = { o->client, o->upload_id };
    char bytes[STORE_UPLOAD_BYTES];
    dosis_buf_t value;
    store_upload_t upload = { .accepted = false };
    dosis_rc_t rc;

    dosis_blind(txn->snap.crypt, DOSIS_BLIND_UPLOAD, parts, 2, judged->key);
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_get(&txn->snap, DB_UPLOAD,
        dosis_slice(judged->key, sizeof(judged->key)), &value);
    if (rc == DOSIS_ENOTFOUND) {
        return DOSIS_OK;
    }
    if (rc == DOSIS_OK) {
        rc = store_upload_read(dosis_buf_slice(&value), &upload);
    }
    if (!store_txn_ok(txn, rc)) {
        return rc;
    }
    if (upload.oplading != 0) {
        return judge_held(txn, upload.oplading, o, judged);
    }
    if (txn->now_ns - upload.received_ns >= STORE_UPLOAD_TTL_NS) {
        return DOSIS_OK;
    }
    judged->replaces = upload.accepted ? 0 : upload.result_seq;
    return upload.accepted ? DOSIS_ECONFLICT : DOSIS_OK;
}


static void
take_nummer(dosis_txn_t *txn, dosis_oplading_t *o)
{
    dosis_rc_t rc;

    rc = store_meta_get(&txn->snap, META_NUMMER, &o->nummer);
    if (rc == DOSIS_OK) {
        o->nummer++;
        rc = store_meta_put(&txn->snap, META_NUMMER, o->nummer);
    }
    (void) store_txn_ok(txn, rc);
}


dosis_rc_t
dosis_oplading_put(
    dosis_txn_t *txn, dosis_oplading_t *oplading, bool *ret_again)
{
    uint8_t owner[STORE_OWNER_BYTES];
    judged_t judged = { .replaces = 0 };
    dosis_rc_t rc = txn->rc;

    *ret_again = false;
    if (rc == DOSIS_OK) {
        rc = judge_upload(txn, oplading, &judged);
    }
    if (rc != DOSIS_OK || judged.again) {
        *ret_again = judged.again;
        return rc;
    }
    store_oplading_owner(txn->snap.crypt, oplading->client, owner);
    rc = admit(&txn->snap, owner, oplading->bytes);
    if (rc == DOSIS_ELIMIT || !store_txn_ok(txn, rc)) {
        return rc;
    }
    if (judged.replaces != 0) {
        store_failure_replace(txn, judged.replaces);
    }
    take_nummer(txn, oplading);
    oplading->toestand = DOSIS_OPLADING_WACHTEND;
    oplading->klaar_ns = 0;
    put_record(txn, oplading);
    put_wachtend(txn, oplading, owner);
    put_upload(txn, oplading, judged.key);
    return txn->rc;
}


/* --- how far it is ------------------------------------------------------- */

dosis_rc_t
dosis_oplading_note(
    dosis_txn_t *txn, const dosis_oplading_t *oplading, bool *ret_end)
{
    char bytes[STORE_OPLADING_MAX];
    dosis_buf_t value;
    dosis_oplading_t held, next = *oplading;
    dosis_rc_t rc = txn->rc;

    *ret_end = false;
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    if (rc == DOSIS_OK) {
        rc = store_oplading_load(&txn->snap, next.nummer, &value, &held);
    }
    if (rc == DOSIS_ENOTFOUND || !store_txn_ok(txn, rc)) {
        return rc;
    }
    next.annuleren = next.annuleren || held.annuleren;
    *ret_end = (next.annuleren || store_oplading_has_ended(&held))
        && !store_oplading_has_ended(&next);
    if (store_oplading_has_ended(&held)) {
        next.toestand = held.toestand;    /* somebody ended it */
        next.klaar_ns = held.klaar_ns;
        put_record(txn, &next);
    } else if (store_oplading_has_ended(&next)) {
        next.klaar_ns = next.klaar_ns != 0 ? next.klaar_ns : txn->now_ns;
        put_ended(txn, &next);
    } else {
        put_record(txn, &next);
    }
    return txn->rc;
}


/* found: what looking for it came to. ret_done: it makes a difference. */
static dosis_rc_t
cancel(
    dosis_txn_t *txn, dosis_rc_t found, dosis_oplading_t *o, bool *ret_done)
{
    *ret_done = false;
    if (found == DOSIS_ENOTFOUND || !store_txn_ok(txn, found)) {
        return found;
    }
    if (o->toestand == DOSIS_OPLADING_WACHTEND) {
        o->toestand = DOSIS_OPLADING_GEANNULEERD;
        o->klaar_ns = txn->now_ns;
        *ret_done = true;
        put_ended(txn, o);
    } else if (o->toestand == DOSIS_OPLADING_BEZIG && !o->annuleren) {
        o->annuleren = true;
        *ret_done = true;
        put_record(txn, o);
    }
    return txn->rc;
}


dosis_rc_t
dosis_oplading_cancel(dosis_txn_t *txn, dosis_slice_t client,
    dosis_slice_t upload_id, dosis_arena_t *arena, dosis_oplading_t *o)
{
    const dosis_slice_t client_upload[] = { client, upload_id };
    dosis_rc_t rc = txn->rc;
    bool done;

    if (rc == DOSIS_OK) {
        rc = find(&txn->snap, client_upload, arena, o);
    }
    return cancel(txn, rc, o, &done);
}


dosis_rc_t
dosis_oplading_cancel_nummer(dosis_txn_t *txn, uint64_t nummer,
    dosis_arena_t *arena, dosis_oplading_t *o, bool *ret_done)
{
    dosis_rc_t rc = txn->rc;

    if (rc == DOSIS_OK) {
        rc = find_nummer(&txn->snap, nummer, arena, o);
    }
    return cancel(txn, rc, o, ret_done);
}


dosis_rc_t
dosis_oplading_of(dosis_reader_t *reader, dosis_slice_t client,
    dosis_slice_t upload_id, dosis_arena_t *arena, dosis_oplading_t *o)
{
    const dosis_slice_t client_upload[] = { client, upload_id };

    return find(&reader->snap, client_upload, arena, o);
}


dosis_rc_t
dosis_oplading_of_nummer(dosis_reader_t *reader, uint64_t nummer,
    dosis_arena_t *arena, dosis_oplading_t *o)
{
    return find_nummer(&reader->snap, nummer, arena, o);
}
