/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_text.h"
#include "store/store_mark.h"

#define PLACE_MARK   200                   /* no database: never stored */
#define MARK_VERSION 1
#define MARK_PLAIN   (8 + STORE_ID_BYTES + 8)
#define MARK_SEALED  (MARK_PLAIN + DOSIS_SEAL_OVERHEAD)
#define QUESTION_MAX ((size_t) 64 << 10)


static void
add_part(dosis_buf_t *buf, dosis_slice_t s)
{
    dosis_wire_put_slice(buf, s);
}


/*
 * Who asks, with which rights, through which client: a cursor of one question
 * does not open under another.
 */
static dosis_rc_t
question_key(const dosis_question_t *q, uint8_t to[32])
{
    size_t i;
    dosis_rc_t rc;
    dosis_buf_t buf;

    dosis_buf_init(&buf, QUESTION_MAX);
    add_part(&buf, q->binding);
    dosis_buf_add_byte(&buf, (char) q->subject->agent.soort);
    add_part(&buf, dosis_agent_id(&q->subject->agent));
    dosis_buf_add_byte(&buf, q->subject->vertrouwelijk ? 1 : 0);
    for (i = 0; i < q->subject->rechten_count; i++) {
        add_part(&buf, q->subject->rechten[i]);
    }
    rc = buf.rc;
    if (rc == DOSIS_OK) {
        dosis_sha256(to, buf.data, buf.len);
    }
    dosis_buf_done(&buf);
    return rc;
}


static dosis_place_t
place_of(const uint8_t key[32])
{
    return (dosis_place_t) { PLACE_MARK, MARK_VERSION, dosis_slice(key, 32) };
}


dosis_rc_t
store_mark_write(dosis_reader_t *reader, const dosis_question_t *question,
    const store_mark_t *mark, dosis_buf_t *out)
{
    char plain[MARK_PLAIN], sealed[MARK_SEALED];
    uint8_t key[32];
    dosis_rc_t rc;

    rc = question_key(question, key);
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_be64(plain, mark->order);
    memcpy(plain + 8, mark->id, STORE_ID_BYTES);
    dosis_be64(plain + 8 + STORE_ID_BYTES, (uint64_t) question->now_ns);
    rc = dosis_seal(reader->crypt, place_of(key),
        dosis_slice(plain, sizeof(plain)), sealed);
    if (rc == DOSIS_OK) {
        dosis_base64url_encode(out, dosis_slice(sealed, sizeof(sealed)));
        rc = out->rc;
    }
    return rc;
}


dosis_rc_t
store_mark_read(dosis_reader_t *reader, const dosis_question_t *question,
    store_mark_t *ret_mark)
{
    char sealed[MARK_SEALED], plain[MARK_PLAIN];
    size_t len;
    int64_t issued;
    uint8_t key[32];
    dosis_rc_t rc;
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, sealed, sizeof(sealed));
    if (dosis_base64url_decode(&buf, question->after) != DOSIS_OK
        || buf.len != sizeof(sealed)) {
        return DOSIS_EINPUT;
    }
    rc = question_key(question, key);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (dosis_open(reader->crypt, place_of(key), dosis_buf_slice(&buf), plain,
            &len) != DOSIS_OK) {
        return DOSIS_EINPUT;
    }
    ret_mark->order = dosis_be64_get(plain);
    memcpy(ret_mark->id, plain + 8, STORE_ID_BYTES);
    issued = (int64_t) dosis_be64_get(plain + 8 + STORE_ID_BYTES);
    return question->now_ns - issued > DOSIS_CURSOR_TTL_S
                                           * INT64_C(1000000000)
               ? DOSIS_EEXPIRED
               : DOSIS_OK;
}
