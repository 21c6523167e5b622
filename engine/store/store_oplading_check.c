/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_oplading_check.h"

#include "base/dosis_wire.h"
#include "store/store_oplading.h"


static bool
has(const store_snap_t *snap, dosis_slice_t key)
{
    dosis_slice_t value;

    return store_get_raw(snap, DB_OPLADING, key, &value) == DOSIS_OK;
}


bool
store_oplading_is_there(const store_snap_t *snap, uint64_t nummer)
{
    char key[STORE_OPLADING_KEY];

    return has(snap, store_oplading_key(key, OPLADING_RECORD, nummer));
}


/* --- the record ---------------------------------------------------------- */

/* Waits with the same size and spool file, or does not wait any more. */
static bool
waits_right(const store_snap_t *snap, const dosis_oplading_t *o,
    const uint8_t owner[STORE_OWNER_BYTES])
{
    char key[STORE_OPLADING_KEY], bytes[STORE_WACHTEND_BYTES];
    dosis_buf_t value;
    store_wachtend_t waits;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_get(snap, DB_OPLADING,
        store_oplading_key(key, OPLADING_WAITS, o->nummer), &value);
    if (store_oplading_has_ended(o)) {
        return rc == DOSIS_ENOTFOUND
            && has(snap, store_oplading_key_ended(key, o));
    }
    return rc == DOSIS_OK
        && store_wachtend_read(dosis_buf_slice(&value), &waits) == DOSIS_OK
        && memcmp(waits.owner, owner, sizeof(waits.owner)) == 0
        && memcmp(waits.spool, o->spool, sizeof(waits.spool)) == 0
        && waits.bytes == o->bytes;
}


static const char *
check_record(const store_snap_t *snap, uint64_t nummer, dosis_slice_t value)
{
    char key[STORE_OPLADING_KEY];
    uint8_t owner[STORE_OWNER_BYTES];
    dosis_oplading_t o;

    if (store_oplading_read(value, &o) != DOSIS_OK) {
        return "a file that does not read";
    }
    o.nummer = nummer;
    store_oplading_owner(snap->crypt, o.client, owner);
    if (!has(snap, store_oplading_key_of(key, owner, nummer))) {
        return "a file that its client does not find";
    }
    return waits_right(snap, &o, owner)
        ? NULL
        : "a file whose place in the row is not as it says";
}


static const struct {
    char kind;
    size_t len;                /* of a key; the number stands at its end */
    const char *alone;
} kinds[] = {
    { OPLADING_OF, STORE_OPLADING_KEY, "a client's entry without its file" },
    { OPLADING_ENDED, 17, "an end without its file" },
    { OPLADING_KOP, 9, "a header without its file" },
    { OPLADING_RECORD, 9, "" },
    { OPLADING_WAITS, 9, "an entry that waits without its file" },
};


const char *
store_oplading_check(
    const store_snap_t *snap, dosis_slice_t key, dosis_slice_t value)
{
    size_t i;
    uint64_t nummer;

    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (key.data[0] == kinds[i].kind && key.len == kinds[i].len) {
            nummer = dosis_be64_get(key.data + key.len - 8);
            return kinds[i].kind == OPLADING_RECORD
                ? check_record(snap, nummer, value)
                : store_oplading_is_there(snap, nummer) ? NULL
                                                        : kinds[i].alone;
        }
    }
    return "an entry of oplading that does not read";
}


/* --- refused rows -------------------------------------------------------- */

static uint64_t
count_rows(const store_snap_t *snap, uint64_t nummer, char kind)
{
    char key[STORE_AFKEURING_KEY];
    uint64_t n = 0;
    dosis_rc_t rc;
    store_cursor_t c;

    if (store_cursor_open(snap, DB_AFKEURING, &c) != DOSIS_OK) {
        return 0;
    }
    for (rc = store_cursor_seek(
             &c, store_afkeuring_key(key, nummer, kind, 0));
         rc == DOSIS_OK && store_afkeuring_is(c.key, key);
         rc = store_cursor_next(&c)) {
        n++;
    }
    store_cursor_close(&c);
    return n;
}


/* true: as many are kept as it says. */
static bool
counts_right(const store_snap_t *snap, uint64_t nummer, char kind)
{
    store_afgekeurd_t kept;
    store_gewaarschuwd_t warned;

    if (kind == AFKEURING_GEWAARSCHUWD) {
        return store_gewaarschuwd_get(snap, nummer, &warned) == DOSIS_OK
            && warned.dossiers
            == count_rows(snap, nummer, AFKEURING_WAARSCHUWING);
    }
    return store_afgekeurd_get(snap, nummer, &kept) == DOSIS_OK
        && kept.rijen == count_rows(snap, nummer, AFKEURING_RIJ)
        && kept.ontbrekend == count_rows(snap, nummer, AFKEURING_ONTBREEKT);
}


const char *
store_afkeuring_check(
    const store_snap_t *snap, dosis_slice_t key, dosis_slice_t value)
{
    uint64_t nummer = key.len >= 9 ? dosis_be64_get(key.data) : 0;
    char kind = key.len >= 9 ? key.data[8] : 0;
    dosis_err_t problems;
    dosis_slice_t tekst;

    if (!store_oplading_is_there(snap, nummer)) {
        return "a refused row without its file";
    }
    if (key.len == 9
        && (kind == AFKEURING_TELLING || kind == AFKEURING_GEWAARSCHUWD)) {
        return counts_right(snap, nummer, kind)
            ? NULL
            : "a file whose refused rows or warnings are not counted right";
    }
    if (key.len != STORE_AFKEURING_KEY
        || (kind != AFKEURING_RIJ && kind != AFKEURING_ONTBREEKT
            && kind != AFKEURING_WAARSCHUWING)) {
        return "an entry of afkeuring that does not read";
    }
    return kind == AFKEURING_ONTBREEKT
            || store_afkeuring_read(value, &tekst, &problems) == DOSIS_OK
        ? NULL
        : "a refused row or a warning that does not read";
}
