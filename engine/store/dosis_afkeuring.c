/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_text.h"
#include "base/dosis_wire.h"
#include "domain/dosis_csv_dossier.h"
#include "store/dosis_oplading.h"
#include "store/store_oplading.h"
#include "store/store_problem.h"


static void
put_telling(
    dosis_txn_t *txn, uint64_t nummer, const store_afgekeurd_t *afgekeurd)
{
    char key[STORE_AFKEURING_KEY], bytes[24];

    dosis_be64(bytes, afgekeurd->rijen);
    dosis_be64(bytes + 8, afgekeurd->bytes);
    dosis_be64(bytes + 16, afgekeurd->ontbrekend);
    store_txn_put(txn, DB_AFKEURING,
        store_afkeuring_key(key, nummer, AFKEURING_TELLING, 0),
        dosis_slice(bytes, sizeof(bytes)));
}


/* At most so much of it, and text that JSON can hold. */
static dosis_slice_t
clean(dosis_slice_t tekst, dosis_buf_t *mended)
{
    size_t len = tekst.len < DOSIS_CSV_RIJ_MAX ? tekst.len : DOSIS_CSV_RIJ_MAX;

    while (len > 0 && len < tekst.len
        && ((uint8_t) tekst.data[len] & 0xC0) == 0x80) {
        len--;
    }
    tekst.len = len;
    if (dosis_utf8_valid(tekst)) {
        return tekst;
    }
    dosis_text_add_windows_1252(mended, tekst);
    return dosis_buf_slice(mended);
}


static bool
has_room(const store_afgekeurd_t *kept, uint64_t rijen, uint64_t bytes)
{
    return kept->rijen + rijen <= DOSIS_AFKEURINGEN_MAX
        && kept->bytes + bytes <= DOSIS_AFKEURINGEN_BYTES;
}


bool
dosis_oplading_has_room(dosis_txn_t *txn, const dosis_oplading_t *oplading,
    uint64_t rijen, uint64_t bytes)
{
    store_afgekeurd_t kept;

    return store_txn_ok(txn,
               store_afgekeurd_get(&txn->snap, oplading->nummer, &kept))
        && has_room(&kept, rijen, bytes);
}


void
dosis_oplading_refuse(dosis_txn_t *txn, const dosis_oplading_t *oplading,
    const dosis_afkeuring_t *afkeuring)
{
    char bytes[STORE_AFKEURING_KEY];
    dosis_buf_t value, mended;
    store_afgekeurd_t kept;
    dosis_slice_t key = store_afkeuring_key(
        bytes, oplading->nummer, AFKEURING_RIJ, afkeuring->lijn);

    if (!store_txn_ok(txn,
            store_afgekeurd_get(&txn->snap, oplading->nummer, &kept))) {
        return;
    }
    if (!store_afkeuring_is_kept(txn, key)) {
        if (!has_room(&kept, 1, afkeuring->tekst.len)) {
            return;
        }
        kept.rijen++;
        kept.bytes += afkeuring->tekst.len;
        put_telling(txn, oplading->nummer, &kept);
    }
    dosis_buf_init(&value, STORE_AFKEURING_VALUE);
    dosis_buf_init(&mended, STORE_AFKEURING_VALUE);
    dosis_wire_put_slice(&value, clean(afkeuring->tekst, &mended));
    store_problems_write(&value,
        afkeuring->problems != NULL ? afkeuring->problems : &dosis_err_none);
    if (store_txn_ok(txn, mended.rc) && store_txn_ok(txn, value.rc)) {
        store_txn_put(txn, DB_AFKEURING, key, dosis_buf_slice(&value));
    }
    dosis_buf_done(&value);
    dosis_buf_done(&mended);
}


void
dosis_oplading_kop(
    dosis_txn_t *txn, const dosis_oplading_t *oplading, dosis_slice_t kop)
{
    char key[STORE_OPLADING_KEY];

    store_txn_put(txn, DB_OPLADING,
        store_oplading_key(key, OPLADING_KOP, oplading->nummer), kop);
}


void
dosis_oplading_missing(
    dosis_txn_t *txn, const dosis_oplading_t *oplading, dosis_slice_t nummer)
{
    char key[STORE_AFKEURING_KEY];
    store_afgekeurd_t kept;

    if (!store_txn_ok(txn,
            store_afgekeurd_get(&txn->snap, oplading->nummer, &kept))
        || kept.ontbrekend >= DOSIS_AFKEURINGEN_MAX) {
        return;
    }
    kept.ontbrekend++;
    put_telling(txn, oplading->nummer, &kept);
    store_txn_put(txn, DB_AFKEURING,
        store_afkeuring_key(
            key, oplading->nummer, AFKEURING_ONTBREEKT, kept.ontbrekend),
        nummer);
}
