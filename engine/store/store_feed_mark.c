/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "base/dosis_wire.h"
#include "store/store_feed_mark.h"

#define PLACE_FEED_MARK 202                /* no database: never stored */
#define MARK_VERSION    1
#define MARK_PLAIN      32
#define MARK_SEALED     (MARK_PLAIN + DOSIS_SEAL_OVERHEAD)
#define QUESTION_MAX    ((size_t) 1 << 20)


/* --- what a cursor is bound to -------------------------------------------- */

static int
cmp_slice(const void *a, const void *b)
{
    const dosis_slice_t *x = a, *y = b;
    size_t n = x->len < y->len ? x->len : y->len;
    int d = n == 0 ? 0 : memcmp(x->data, y->data, n);

    return d != 0 ? d : (x->len > y->len) - (x->len < y->len);
}


/* In order and once each: a token may name the same rights otherwise. */
static void
add_list(dosis_buf_t *buf, const dosis_slice_t *list, size_t count)
{
    size_t i;
    dosis_slice_t sorted[DOSIS_HELD_MAX];

    if (count > DOSIS_HELD_MAX) {
        buf->rc = buf->rc == DOSIS_OK ? DOSIS_ELIMIT : buf->rc;
        return;
    }
    for (i = 0; i < count; i++) {
        sorted[i] = list[i];
    }
    qsort(sorted, count, sizeof(sorted[0]), cmp_slice);
    for (i = 0; i < count; i++) {
        if (i == 0 || !dosis_slice_eq(sorted[i], sorted[i - 1])) {
            dosis_wire_put_slice(buf, sorted[i]);
        }
    }
    dosis_buf_add_byte(buf, '\0');
}


static void
add_subject(dosis_buf_t *buf, const dosis_subject_t *subject)
{
    dosis_buf_add_byte(buf, (char) subject->agent.soort);
    dosis_wire_put_slice(buf, dosis_agent_id(&subject->agent));
    dosis_buf_add_byte(buf, subject->vertrouwelijk ? 1 : 0);
    add_list(buf, subject->rechten, subject->rechten_count);
}


/* What a counter's registration leaves it: another scope, another mirror. */
static void
add_scope(dosis_buf_t *buf, const dosis_client_t *loket)
{
    size_t i;

    if (loket == NULL) {
        return;
    }
    for (i = 0; i < loket->loket_bronnen_count; i++) {
        dosis_wire_put_slice(buf, loket->loket_bronnen[i]);
    }
    dosis_buf_add_byte(buf, '\0');
    for (i = 0; i < loket->producten_count; i++) {
        dosis_wire_put_slice(buf, loket->producten[i]);
    }
}


/*
 * All that decides what is visible but is no part of a record: with any of
 * it changed, records become visible or vanish without a change of theirs.
 */
static dosis_rc_t
question_key(const dosis_reader_t *reader, const dosis_question_t *q,
    uint8_t to[32])
{
    size_t i;
    dosis_rc_t rc;
    dosis_buf_t buf;

    dosis_buf_init(&buf, QUESTION_MAX);
    dosis_wire_put_slice(&buf, q->binding);
    dosis_wire_put_u64(&buf, store_ref_open(reader->ref));
    add_scope(&buf, q->loket);
    for (i = 0; i < q->subjects; i++) {
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
    return (dosis_place_t) { PLACE_FEED_MARK, MARK_VERSION,
        dosis_slice(key, 32) };
}


/* --- the cursor ----------------------------------------------------------- */

dosis_rc_t
store_feed_mark_now(dosis_reader_t *reader, const dosis_question_t *question,
    store_feed_mark_t *mark)
{
    dosis_rc_t rc;

    rc = store_last_seq(&reader->snap, DB_LOG, &mark->base);
    if (rc == DOSIS_OK) {
        rc = store_last_seq(&reader->snap, DB_HISTORIE, &mark->history);
    }
    mark->told = mark->base;
    mark->issued_ns = question->now_ns;
    return rc;
}


dosis_rc_t
store_feed_mark_write(dosis_reader_t *reader,
    const dosis_question_t *question, const store_feed_mark_t *mark, char *to)
{
    char plain[MARK_PLAIN], sealed[MARK_SEALED];
    uint8_t key[32];
    dosis_rc_t rc;
    dosis_buf_t text;

    rc = question_key(reader, question, key);
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_be64(plain, mark->base);
    dosis_be64(plain + 8, mark->told);
    dosis_be64(plain + 16, mark->history);
    dosis_be64(plain + 24, (uint64_t) mark->issued_ns);
    rc = dosis_seal(reader->crypt, place_of(key),
        dosis_slice(plain, sizeof(plain)), sealed);
    if (rc == DOSIS_OK) {
        dosis_buf_init_fixed(&text, to, DOSIS_FEED_MARK_MAX);
        dosis_base64url_encode(&text, dosis_slice(sealed, sizeof(sealed)));
        dosis_buf_add_byte(&text, '\0');
        rc = text.rc;
    }
    return rc;
}


dosis_rc_t
store_feed_mark_read(dosis_reader_t *reader, const dosis_question_t *question,
    const store_feed_mark_t *now, store_feed_mark_t *mark)
{
    char sealed[MARK_SEALED], plain[MARK_PLAIN];
    size_t len;
    uint8_t key[32];
    dosis_rc_t rc;
    dosis_buf_t buf;

    if (question->after.len == 0) {
        *mark = *now;
        mark->told = 0;
        return DOSIS_OK;
    }
    dosis_buf_init_fixed(&buf, sealed, sizeof(sealed));
    if (dosis_base64url_decode(&buf, question->after) != DOSIS_OK
        || buf.len != sizeof(sealed)) {
        return DOSIS_EINPUT;
    }
    rc = question_key(reader, question, key);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (dosis_open(reader->crypt, place_of(key), dosis_buf_slice(&buf), plain,
            &len) != DOSIS_OK) {
        return DOSIS_EEXPIRED;
    }
    mark->base = dosis_be64_get(plain);
    mark->told = dosis_be64_get(plain + 8);
    mark->history = dosis_be64_get(plain + 16);
    mark->issued_ns = (int64_t) dosis_be64_get(plain + 24);
    return mark->base > now->base || mark->told > now->base
                   || question->now_ns - mark->issued_ns
                          > DOSIS_FEED_TTL_S * DOSIS_NS_PER_S
               ? DOSIS_EEXPIRED
               : DOSIS_OK;
}
