/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "store/store_mark.h"

#define PLACE_MARK   200                   /* no database: never stored */
#define MARK_VERSION 2
#define MARK_POINT   (8 + STORE_ID_BYTES)
#define MARK_SHORT   (8 + MARK_POINT)              /* issued, at */
#define MARK_LONG    (MARK_SHORT + 2 + 8 + 2 * MARK_POINT)
#define MARK_SEALED  (MARK_LONG + DOSIS_SEAL_OVERHEAD)
#define CHUNK        ((size_t) 32 << 10)   /* hashed at a time */
#define QUESTION_MAX ((size_t) 128 << 10)  /* a chunk and one subject more */


static bool
is_long(const dosis_question_t *q)
{
    return q->filter != NULL && q->filter->sorteer_actie;
}


static void
add_subject(dosis_buf_t *buf, const dosis_subject_t *subject)
{
    size_t i;

    dosis_buf_add_byte(buf, (char) subject->agent.soort);
    dosis_wire_put_slice(buf, dosis_agent_id(&subject->agent));
    dosis_buf_add_byte(buf, subject->vertrouwelijk ? 1 : 0);
    dosis_wire_put_varint(buf, subject->rechten_count);
    for (i = 0; i < subject->rechten_count; i++) {
        dosis_wire_put_slice(buf, subject->rechten[i]);
    }
}


static void
add_filter(dosis_buf_t *buf, const dosis_filter_t *f)
{
    int kind;
    uint32_t i;

    dosis_wire_put_u32(buf,
        f->given & ~DOSIS_FILTER(DOSIS_FILTER_SORTEER));
    for (kind = 0; kind <= DOSIS_FILTER_PRODUCT; kind++) {
        dosis_wire_put_varint(buf, f->count[kind]);
        for (i = 0; i < f->count[kind]; i++) {
            if (kind == DOSIS_FILTER_PRODUCT) {
                dosis_wire_put_slice(buf, f->product[i]);
            } else {
                dosis_wire_put_varint(buf, f->number[kind][i]);
            }
        }
    }
    dosis_buf_add_byte(buf, (char) (f->actie_nodig | f->open << 1
                                    | f->sorteer_actie << 2));
    dosis_wire_put_u64(buf, (uint64_t) f->sinds_ns);
    dosis_wire_put_u64(buf, (uint64_t) f->tot_ns);
}


/* What is there becomes its hash, so that any number of subjects fits. */
static void
fold(dosis_buf_t *buf)
{
    uint8_t hash[32];

    if (buf->rc == DOSIS_OK) {
        dosis_sha256(hash, buf->data, buf->len);
        dosis_buf_reset(buf);
        dosis_buf_add(buf, hash, sizeof(hash));
    }
}


/*
 * Who asks what about whom, with which rights, through which client: a cursor
 * of one question does not open under another.
 */
static dosis_rc_t
question_key(const dosis_question_t *q, uint8_t to[32])
{
    static const dosis_filter_t none;
    size_t i;
    dosis_rc_t rc;
    dosis_buf_t buf;

    dosis_buf_init(&buf, QUESTION_MAX);
    dosis_wire_put_slice(&buf, q->binding);
    dosis_buf_add_byte(&buf, q->filter != NULL);    /* a list, or a history */
    add_filter(&buf, q->filter != NULL ? q->filter : &none);
    for (i = 0; i < q->subjects; i++) {
        if (buf.len > CHUNK) {
            fold(&buf);
        }
        add_subject(&buf, &q->subject[i]);
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


static void
put_point(dosis_buf_t *buf, const store_point_t *point)
{
    dosis_wire_put_u64(buf, point->order);
    dosis_buf_add(buf, point->id, sizeof(point->id));
}


static store_point_t
get_point(dosis_wire_t *wire)
{
    dosis_slice_t id;
    store_point_t point = { .order = dosis_wire_u64(wire) };

    id = dosis_wire_bytes(wire, sizeof(point.id));
    if (id.len == sizeof(point.id)) {
        memcpy(point.id, id.data, sizeof(point.id));
    }
    return point;
}


dosis_rc_t
store_mark_write(dosis_reader_t *reader, const dosis_question_t *question,
    const store_mark_t *mark, dosis_buf_t *out)
{
    char bytes[MARK_LONG], sealed[MARK_SEALED];
    uint8_t key[32];
    dosis_rc_t rc;
    dosis_buf_t plain;

    rc = question_key(question, key);
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_buf_init_fixed(&plain, bytes, sizeof(bytes));
    dosis_wire_put_u64(&plain, (uint64_t) question->now_ns);
    put_point(&plain, &mark->at);
    if (is_long(question)) {
        dosis_buf_add_byte(&plain, (char) mark->phase);
        put_point(&plain, &mark->end);
        dosis_buf_add_byte(&plain, mark->has_shown ? 1 : 0);
        dosis_wire_put_u64(&plain, (uint64_t) mark->deadline);
        put_point(&plain, &mark->shown);
    }
    rc = dosis_seal(reader->crypt, place_of(key), dosis_buf_slice(&plain),
        sealed);
    if (rc == DOSIS_OK) {
        dosis_base64url_encode(out,
            dosis_slice(sealed, plain.len + DOSIS_SEAL_OVERHEAD));
        rc = out->rc;
    }
    return rc;
}


static dosis_rc_t
mark_parse(const dosis_question_t *question, dosis_slice_t plain,
    store_mark_t *ret_mark)
{
    int64_t issued;
    dosis_wire_t wire;

    dosis_wire_init(&wire, plain);
    issued = (int64_t) dosis_wire_u64(&wire);
    ret_mark->at = get_point(&wire);
    if (is_long(question)) {
        ret_mark->phase = dosis_wire_u8(&wire);
        ret_mark->end = get_point(&wire);
        ret_mark->has_shown = dosis_wire_u8(&wire) != 0;
        ret_mark->deadline = (int64_t) dosis_wire_u64(&wire);
        ret_mark->shown = get_point(&wire);
    }
    if (!dosis_wire_done(&wire)) {
        return DOSIS_EINPUT;
    }
    return question->now_ns - issued > DOSIS_CURSOR_TTL_S * DOSIS_NS_PER_S
               ? DOSIS_EEXPIRED
               : DOSIS_OK;
}


dosis_rc_t
store_mark_read(dosis_reader_t *reader, const dosis_question_t *question,
    store_mark_t *ret_mark)
{
    char sealed[MARK_SEALED], plain[MARK_LONG];
    size_t len;
    uint8_t key[32];
    dosis_rc_t rc;
    dosis_buf_t buf;

    memset(ret_mark, 0, sizeof(*ret_mark));
    if (question->after.len == 0) {
        return DOSIS_OK;
    }
    dosis_buf_init_fixed(&buf, sealed, sizeof(sealed));
    if (dosis_base64url_decode(&buf, question->after) != DOSIS_OK
        || buf.len < MARK_SHORT + DOSIS_SEAL_OVERHEAD) {
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
    return mark_parse(question, dosis_slice(plain, len), ret_mark);
}
