/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_text.h"
#include "base/dosis_wire.h"
#include "domain/dosis_dossier.h"
#include "store/dosis_oplading.h"
#include "store/store_oplading.h"
#include "store/store_problem.h"


static void
put_gewaarschuwd(
    dosis_txn_t *txn, uint64_t nummer, const store_gewaarschuwd_t *kept)
{
    char key[STORE_AFKEURING_KEY], bytes[16];

    dosis_be64(bytes, kept->dossiers);
    dosis_be64(bytes + 8, kept->bytes);
    store_txn_put(txn, DB_AFKEURING,
        store_afkeuring_key(key, nummer, AFKEURING_GEWAARSCHUWD, 0),
        dosis_slice(bytes, sizeof(bytes)));
}


/* One that breaks the rules has a refused row, which shows it. */
static dosis_slice_t
name_of(dosis_slice_t nummer)
{
    return nummer.len <= DOSIS_NUMMER_MAX && dosis_utf8_valid(nummer)
        ? nummer
        : dosis_slice(NULL, 0);
}


/* true: there is room, and it is taken. */
static bool
take_room(dosis_txn_t *txn, uint64_t nummer, uint64_t bytes)
{
    store_gewaarschuwd_t kept;

    if (!store_txn_ok(
            txn, store_gewaarschuwd_get(&txn->snap, nummer, &kept))
        || kept.dossiers >= DOSIS_WAARSCHUWINGEN_MAX
        || kept.bytes + bytes > DOSIS_WAARSCHUWINGEN_BYTES) {
        return false;
    }
    kept.dossiers++;
    kept.bytes += bytes;
    put_gewaarschuwd(txn, nummer, &kept);
    return true;
}


void
dosis_oplading_warn(dosis_txn_t *txn, const dosis_oplading_t *oplading,
    const dosis_waarschuwing_t *waarschuwing)
{
    char bytes[STORE_AFKEURING_KEY];
    dosis_buf_t value;
    dosis_slice_t key = store_afkeuring_key(bytes, oplading->nummer,
        AFKEURING_WAARSCHUWING, waarschuwing->lijn);

    /* a file of nothing but warnings costs no look at the store for each */
    if (oplading->waarschuwingen >= DOSIS_WAARSCHUWINGEN_MAX) {
        return;
    }
    dosis_buf_init(&value, STORE_AFKEURING_VALUE);
    dosis_wire_put_slice(&value, name_of(waarschuwing->nummer));
    store_problems_write(&value, waarschuwing->warnings);
    if (store_txn_ok(txn, value.rc)
        && (store_afkeuring_is_kept(txn, key)
            || take_room(txn, oplading->nummer, value.len))) {
        store_txn_put(txn, DB_AFKEURING, key, dosis_buf_slice(&value));
    }
    dosis_buf_done(&value);
}
