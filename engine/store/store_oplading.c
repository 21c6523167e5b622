/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_oplading.h"

#include "base/dosis_time.h"
#include "base/dosis_wire.h"
#include "store/store_problem.h"
#include "store/store_result.h"

#define RECORD_VERSION 1

enum {
    RECORD_GZIP = 1,
    RECORD_PROEF = 2,
    RECORD_VOLLEDIG = 4,
    RECORD_INTREKKEN = 8,
    RECORD_ANNULEREN = 16
};


/* --- the record ---------------------------------------------------------- */

static uint8_t
flags_of(const dosis_oplading_t *o)
{
    return (uint8_t) ((o->gzip ? RECORD_GZIP : 0)
        | (o->proef ? RECORD_PROEF : 0) | (o->volledig ? RECORD_VOLLEDIG : 0)
        | (o->intrekken ? RECORD_INTREKKEN : 0)
        | (o->annuleren ? RECORD_ANNULEREN : 0));
}


/* At most so many bytes, whole characters. */
static dosis_slice_t
cut(dosis_slice_t text, size_t max)
{
    size_t len = text.len < max ? text.len : max;

    while (len > 0 && len < text.len
        && ((uint8_t) text.data[len] & 0xC0) == 0x80) {
        len--;
    }
    return dosis_slice(text.data, len);
}


static void
write_delivered(dosis_buf_t *buf, const dosis_oplading_t *o)
{
    dosis_wire_put_slice(buf, o->client);
    dosis_wire_put_slice(buf, o->upload_id);
    dosis_wire_put_slice(buf, cut(o->bestand, DOSIS_BESTAND_MAX));
    dosis_buf_add(buf, o->spool, sizeof(o->spool));
    dosis_wire_put_varint(buf, o->bytes);
    dosis_wire_put_u64(buf, o->print);
    dosis_wire_put_u64(buf, (uint64_t) o->ontvangen_ns);
    dosis_wire_put_slice(buf, o->bron);
    dosis_wire_put_u64(buf, (uint64_t) o->peildatum_ns);
}


void
store_oplading_write(dosis_buf_t *buf, const dosis_oplading_t *o)
{
    size_t i;

    dosis_buf_add_byte(buf, RECORD_VERSION);
    dosis_buf_add_byte(buf, (char) flags_of(o));
    dosis_buf_add_byte(buf, (char) o->toestand);
    write_delivered(buf, o);
    dosis_wire_put_u64(buf, (uint64_t) o->begonnen_ns);
    dosis_wire_put_u64(buf, (uint64_t) o->klaar_ns);
    dosis_wire_put_varint(buf, o->gelezen);
    dosis_wire_put_varint(buf, o->lijnen);
    dosis_wire_put_varint(buf, o->rijen);
    dosis_wire_put_varint(buf, o->dossiers);
    dosis_buf_add_byte(buf, DOSIS_RESULTATEN);
    for (i = 0; i < DOSIS_RESULTATEN; i++) {
        dosis_wire_put_varint(buf, o->tellingen[i]);
    }
    dosis_wire_put_varint(buf, o->fouten);
    dosis_wire_put_varint(buf, o->waarschuwingen);
    dosis_wire_put_varint(buf, o->ontbrekend);
    dosis_wire_put_varint(buf, o->ingetrokken);
    dosis_wire_put_slice(buf, cut(o->fout_code, STORE_FOUT_MAX));
    dosis_wire_put_slice(buf, cut(o->fout, STORE_FOUT_MAX));
    for (i = 0; i < sizeof(o->positie) / sizeof(o->positie[0]); i++) {
        dosis_wire_put_varint(buf, o->positie[i]);
    }
}


static void
read_delivered(dosis_wire_t *wire, dosis_oplading_t *o)
{
    const uint8_t *spool;

    o->client = dosis_wire_slice(wire);
    o->upload_id = dosis_wire_slice(wire);
    o->bestand = dosis_wire_slice(wire);
    spool = dosis_wire_take(wire, sizeof(o->spool));
    if (spool != NULL) {
        memcpy(o->spool, spool, sizeof(o->spool));
    }
    o->bytes = dosis_wire_varint(wire);
    o->print = dosis_wire_u64(wire);
    o->ontvangen_ns = (int64_t) dosis_wire_u64(wire);
    o->bron = dosis_wire_slice(wire);
    o->peildatum_ns = (int64_t) dosis_wire_u64(wire);
}


/* As many verdicts as were known when it was written. */
static void
read_tellingen(dosis_wire_t *wire, dosis_oplading_t *o)
{
    uint8_t i, count = dosis_wire_u8(wire);

    wire->ok = wire->ok && count <= DOSIS_RESULTATEN;
    for (i = 0; wire->ok && i < count; i++) {
        o->tellingen[i] = dosis_wire_varint(wire);
    }
}


static void
read_progress(dosis_wire_t *wire, dosis_oplading_t *o)
{
    size_t i;

    o->begonnen_ns = (int64_t) dosis_wire_u64(wire);
    o->klaar_ns = (int64_t) dosis_wire_u64(wire);
    o->gelezen = dosis_wire_varint(wire);
    o->lijnen = dosis_wire_varint(wire);
    o->rijen = dosis_wire_varint(wire);
    o->dossiers = dosis_wire_varint(wire);
    read_tellingen(wire, o);
    o->fouten = dosis_wire_varint(wire);
    o->waarschuwingen = dosis_wire_varint(wire);
    o->ontbrekend = dosis_wire_varint(wire);
    o->ingetrokken = dosis_wire_varint(wire);
    o->fout_code = dosis_wire_slice(wire);
    o->fout = dosis_wire_slice(wire);
    for (i = 0; i < sizeof(o->positie) / sizeof(o->positie[0]); i++) {
        o->positie[i] = dosis_wire_varint(wire);
    }
}


dosis_rc_t
store_oplading_read(dosis_slice_t bytes, dosis_oplading_t *o)
{
    uint8_t version, flags, toestand;
    dosis_wire_t wire;

    memset(o, 0, sizeof(*o));
    dosis_wire_init(&wire, bytes);
    version = dosis_wire_u8(&wire);
    flags = dosis_wire_u8(&wire);
    toestand = dosis_wire_u8(&wire);
    if (version != RECORD_VERSION || toestand < DOSIS_OPLADING_WACHTEND
        || toestand > DOSIS_OPLADING_GEANNULEERD) {
        return DOSIS_EFORMAT;
    }
    o->gzip = (flags & RECORD_GZIP) != 0;
    o->proef = (flags & RECORD_PROEF) != 0;
    o->volledig = (flags & RECORD_VOLLEDIG) != 0;
    o->intrekken = (flags & RECORD_INTREKKEN) != 0;
    o->annuleren = (flags & RECORD_ANNULEREN) != 0;
    o->toestand = (dosis_toestand_t) toestand;
    read_delivered(&wire, o);
    read_progress(&wire, o);
    return dosis_wire_done(&wire) ? DOSIS_OK : DOSIS_EFORMAT;
}


dosis_rc_t
store_oplading_load(const store_snap_t *snap, uint64_t nummer,
    dosis_buf_t *value, dosis_oplading_t *o)
{
    char key[STORE_OPLADING_KEY];
    dosis_rc_t rc;

    dosis_buf_reset(value);
    rc = store_get(snap, DB_OPLADING,
        store_oplading_key(key, OPLADING_RECORD, nummer), value);
    if (rc == DOSIS_OK) {
        rc = store_oplading_read(dosis_buf_slice(value), o);
        o->nummer = nummer;
    }
    return rc;
}


dosis_rc_t
store_oplading_find(const store_snap_t *snap,
    const dosis_slice_t client_upload[2], dosis_buf_t *value,
    dosis_oplading_t *o)
{
    uint8_t key[DOSIS_BLIND_BYTES];
    dosis_rc_t rc;
    store_upload_t upload;

    dosis_blind(snap->crypt, DOSIS_BLIND_UPLOAD, client_upload, 2, key);
    dosis_buf_reset(value);
    rc = store_get(snap, DB_UPLOAD, dosis_slice(key, sizeof(key)), value);
    if (rc == DOSIS_OK) {
        rc = store_upload_read(dosis_buf_slice(value), &upload);
    }
    if (rc == DOSIS_OK) {
        rc = upload.oplading != 0
            ? store_oplading_load(snap, upload.oplading, value, o)
            : DOSIS_ENOTFOUND;
    }
    return rc;
}


dosis_rc_t
store_oplading_keep(dosis_oplading_t *o, dosis_arena_t *arena)
{
    dosis_slice_t *texts[] = { &o->client, &o->upload_id, &o->bestand,
        &o->bron, &o->fout_code, &o->fout };
    dosis_slice_t kept;
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        kept = dosis_arena_copy(arena, *texts[i]);
        if (kept.data == NULL && texts[i]->len > 0) {
            return DOSIS_ENOMEM;
        }
        *texts[i] = kept;
    }
    return DOSIS_OK;
}


bool
store_oplading_has_ended(const dosis_oplading_t *o)
{
    return o->toestand >= DOSIS_OPLADING_KLAAR;
}


/* --- keys ---------------------------------------------------------------- */

dosis_slice_t
store_oplading_key(char key[STORE_OPLADING_KEY], char kind, uint64_t nummer)
{
    key[0] = kind;
    dosis_be64(key + 1, nummer);
    return dosis_slice(key, 9);
}


dosis_slice_t
store_oplading_key_of(char key[STORE_OPLADING_KEY],
    const uint8_t owner[STORE_OWNER_BYTES], uint64_t nummer)
{
    key[0] = OPLADING_OF;
    memcpy(key + 1, owner, STORE_OWNER_BYTES);
    dosis_be64(key + 1 + STORE_OWNER_BYTES, nummer);
    return dosis_slice(key, STORE_OPLADING_KEY);
}


dosis_slice_t
store_oplading_key_ended(
    char key[STORE_OPLADING_KEY], const dosis_oplading_t *o)
{
    key[0] = OPLADING_ENDED;
    dosis_be64(key + 1, (uint64_t) o->klaar_ns);
    dosis_be64(key + 9, o->nummer);
    return dosis_slice(key, 17);
}


void
store_oplading_owner(dosis_crypt_t *crypt, dosis_slice_t client,
    uint8_t owner[STORE_OWNER_BYTES])
{
    dosis_blind(crypt, DOSIS_BLIND_UPLOAD, &client, 1, owner);
}


dosis_slice_t
store_afkeuring_key(
    char key[STORE_AFKEURING_KEY], uint64_t nummer, char kind, uint64_t at)
{
    dosis_be64(key, nummer);
    key[8] = kind;
    dosis_be64(key + 9, at);
    return dosis_slice(key,
        kind == AFKEURING_TELLING || kind == AFKEURING_GEWAARSCHUWD ? 9 : 17);
}


bool
store_afkeuring_is(dosis_slice_t key, const char of[STORE_AFKEURING_KEY])
{
    return key.len == STORE_AFKEURING_KEY && memcmp(key.data, of, 9) == 0;
}


bool
store_afkeuring_is_kept(dosis_txn_t *txn, dosis_slice_t key)
{
    dosis_slice_t value;
    dosis_rc_t rc;

    rc = store_get_raw(&txn->snap, DB_AFKEURING, key, &value);
    (void) store_txn_ok(txn, rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc);
    return rc == DOSIS_OK;
}


/* --- beside it ----------------------------------------------------------- */

void
store_wachtend_write(dosis_buf_t *buf, const store_wachtend_t *wachtend)
{
    dosis_buf_add(buf, wachtend->owner, sizeof(wachtend->owner));
    dosis_wire_put_u64(buf, wachtend->bytes);
    dosis_buf_add(buf, wachtend->spool, sizeof(wachtend->spool));
}


dosis_rc_t
store_wachtend_read(dosis_slice_t bytes, store_wachtend_t *wachtend)
{
    dosis_wire_t wire;

    if (bytes.len != STORE_WACHTEND_BYTES) {
        return DOSIS_EFORMAT;
    }
    dosis_wire_init(&wire, bytes);
    memcpy(wachtend->owner, dosis_wire_take(&wire, STORE_OWNER_BYTES),
        STORE_OWNER_BYTES);
    wachtend->bytes = dosis_wire_u64(&wire);
    memcpy(wachtend->spool, dosis_wire_take(&wire, DOSIS_SPOOL_ID),
        DOSIS_SPOOL_ID);
    return DOSIS_OK;
}


/* So many counts under that key; none: all 0. */
static dosis_rc_t
get_counts(const store_snap_t *snap, dosis_slice_t key, uint64_t *ret_count,
    size_t n)
{
    char bytes[24];
    size_t i;
    dosis_buf_t value;
    dosis_rc_t rc;

    memset(ret_count, 0, n * sizeof(*ret_count));
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_get(snap, DB_AFKEURING, key, &value);
    if (rc == DOSIS_OK && value.len != 8 * n) {
        return DOSIS_EFORMAT;
    }
    for (i = 0; rc == DOSIS_OK && i < n; i++) {
        ret_count[i] = dosis_be64_get(bytes + 8 * i);
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


dosis_rc_t
store_afgekeurd_get(
    const store_snap_t *snap, uint64_t nummer, store_afgekeurd_t *afgekeurd)
{
    char key[STORE_AFKEURING_KEY];
    uint64_t count[3];
    dosis_rc_t rc;

    rc = get_counts(snap,
        store_afkeuring_key(key, nummer, AFKEURING_TELLING, 0), count, 3);
    *afgekeurd = (store_afgekeurd_t) { count[0], count[1], count[2] };
    return rc;
}


dosis_rc_t
store_gewaarschuwd_get(const store_snap_t *snap, uint64_t nummer,
    store_gewaarschuwd_t *gewaarschuwd)
{
    char key[STORE_AFKEURING_KEY];
    uint64_t count[2];
    dosis_rc_t rc;

    rc = get_counts(snap,
        store_afkeuring_key(key, nummer, AFKEURING_GEWAARSCHUWD, 0), count, 2);
    *gewaarschuwd = (store_gewaarschuwd_t) { count[0], count[1] };
    return rc;
}


dosis_rc_t
store_afkeuring_read(
    dosis_slice_t bytes, dosis_slice_t *ret_tekst, dosis_err_t *problems)
{
    dosis_wire_t wire;

    dosis_wire_init(&wire, bytes);
    *ret_tekst = dosis_wire_slice(&wire);
    store_problems_read(&wire, problems);
    return dosis_wire_done(&wire) ? DOSIS_OK : DOSIS_EFORMAT;
}
