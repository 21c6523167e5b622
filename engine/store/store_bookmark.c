/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "base/dosis_wire.h"
#include "store/store_bookmark.h"
#include "store/store_txn.h"

#define PLACE_BOOKMARK   210               /* no database: never stored */
#define BOOKMARK_VERSION 1
#define BOOKMARK_PLAIN   (STORE_BOOKMARK_BYTES + 8)
#define BOOKMARK_SEALED  (BOOKMARK_PLAIN + DOSIS_SEAL_OVERHEAD)
#define BOOKMARK_ASK_MAX 4096


/* Whose it is: a cursor of another does not open. */
static dosis_rc_t
asker_key(const store_bookmark_t *bookmark, uint8_t to[32])
{
    char bytes[BOOKMARK_ASK_MAX];
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, bytes, sizeof(bytes));
    dosis_buf_add_byte(&buf, (char) bookmark->door);
    dosis_wire_put_slice(&buf, bookmark->client);
    dosis_wire_put_slice(&buf, bookmark->of);
    if (buf.rc == DOSIS_OK) {
        dosis_sha256(to, buf.data, buf.len);
    }
    return buf.rc;
}


static dosis_place_t
place_of(const uint8_t key[32])
{
    return (dosis_place_t) { PLACE_BOOKMARK, BOOKMARK_VERSION,
        dosis_slice(key, 32) };
}


dosis_rc_t
store_bookmark_write(dosis_reader_t *reader, const store_bookmark_t *bookmark,
    const uint8_t at[STORE_BOOKMARK_BYTES], dosis_buf_t *out)
{
    char plain[BOOKMARK_PLAIN], sealed[BOOKMARK_SEALED];
    uint8_t key[32];
    dosis_rc_t rc;

    rc = asker_key(bookmark, key);
    if (rc != DOSIS_OK) {
        return rc;
    }
    memcpy(plain, at, STORE_BOOKMARK_BYTES);
    dosis_be64(plain + STORE_BOOKMARK_BYTES, (uint64_t) bookmark->now_ns);
    rc = dosis_seal(reader->crypt, place_of(key),
        dosis_slice(plain, sizeof(plain)), sealed);
    if (rc == DOSIS_OK) {
        dosis_base64url_encode(out, dosis_slice(sealed, sizeof(sealed)));
        rc = out->rc;
    }
    return rc;
}


dosis_rc_t
store_bookmark_read(dosis_reader_t *reader, const store_bookmark_t *bookmark,
    dosis_slice_t text, uint8_t ret_at[STORE_BOOKMARK_BYTES])
{
    char sealed[BOOKMARK_SEALED], plain[BOOKMARK_PLAIN];
    size_t len;
    int64_t issued;
    uint8_t key[32];
    dosis_rc_t rc;
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, sealed, sizeof(sealed));
    if (dosis_base64url_decode(&buf, text) != DOSIS_OK
        || buf.len != sizeof(sealed)) {
        return DOSIS_EINPUT;
    }
    rc = asker_key(bookmark, key);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (dosis_open(reader->crypt, place_of(key), dosis_buf_slice(&buf), plain,
            &len) != DOSIS_OK) {
        return DOSIS_EINPUT;
    }
    memcpy(ret_at, plain, STORE_BOOKMARK_BYTES);
    issued = (int64_t) dosis_be64_get(plain + STORE_BOOKMARK_BYTES);
    return bookmark->now_ns - issued > DOSIS_CURSOR_TTL_S * DOSIS_NS_PER_S
               ? DOSIS_EEXPIRED
               : DOSIS_OK;
}
