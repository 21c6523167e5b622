/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "store/dosis_source.h"
#include "store/store_apply.h"
#include "store/store_bestand.h"
#include "store/store_bookmark.h"
#include "store/store_failure.h"
#include "store/store_find.h"
#include "store/store_problem.h"
#include "store/store_result.h"


static void
add_fouten(dosis_buf_t *body, const dosis_err_t *problems)
{
    uint32_t i;

    DOSIS_BUF_LIT(body, ",\"Fouten\":[");
    for (i = 0; i < problems->count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(body, ',');
        }
        store_problem_json(body, &problems->item[i], 0);
    }
    dosis_buf_add_byte(body, ']');
}


/* What is not there is null, never an empty text. */
static dosis_slice_t
or_null(dosis_slice_t text)
{
    return text.len > 0 ? text : dosis_slice(NULL, 0);
}


/* The body that the real client reads (domain.md 3.2), members in its order. */
static dosis_rc_t
add_result(dosis_reader_t *reader, const store_result_t *result,
    dosis_buf_t *body)
{
    bool ok = result->resultaat != DOSIS_GEWEIGERD;
    const dosis_bron_t *bron;
    dosis_rc_t rc;

    bron = dosis_ref_bron_nummer(reader->ref, result->bron);
    if (bron == NULL) {
        return DOSIS_EFORMAT;
    }
    DOSIS_BUF_LIT(body, "{\"Identificatie\":{");
    dosis_json_add_member(body, "Bron", bron->bron);
    dosis_buf_add_byte(body, ',');
    dosis_json_add_member(body, "DossierNummer", or_null(result->nummer));
    DOSIS_BUF_LIT(body, "},");
    dosis_json_add_member(body, "UploadId", or_null(result->upload_id));
    rc = store_bestand_name(&reader->snap, result->oplading, body);
    if (rc != DOSIS_OK) {
        return rc;
    }
    DOSIS_BUF_LIT(body, ",\"TijdstipVerwerking\":\"");
    dosis_time_add_local(body, result->processed_ns);
    DOSIS_BUF_LIT(body, "\",\"Succes\":");
    dosis_buf_addf(body, "%s,\"Fout\":", ok ? "true" : "false");
    if (ok || result->problems.count == 0) {
        DOSIS_BUF_LIT(body, "null");
    } else {
        dosis_json_add_string(body,
            dosis_slice_of(result->problems.item[0].text));
    }
    add_fouten(body, &result->problems);
    dosis_buf_addf(body, ",\"VerwerktVoorOpvraging\":%s}",
        ok ? "true" : "false");
    return body->rc;
}


/* client: only when it may deliver for that source; NULL: judged already. */
static dosis_rc_t
show_result(dosis_reader_t *reader, uint64_t seq, const dosis_slice_t *client,
    dosis_buf_t *body)
{
    dosis_rc_t rc;
    dosis_buf_t value;
    store_result_t result;

    dosis_buf_init(&value, STORE_RESULT_MAX);
    rc = store_result_load(&reader->snap, seq, &value, &result);
    if (rc == DOSIS_OK && client != NULL
        && !dosis_ref_delivers(reader->ref, *client,
            dosis_ref_bron_nummer(reader->ref, result.bron))) {
        rc = DOSIS_ENOTFOUND;
    }
    if (rc == DOSIS_OK) {
        rc = add_result(reader, &result, body);
    }
    dosis_buf_done(&value);
    return rc;
}


/* --- of one upload ------------------------------------------------------- */

dosis_rc_t
dosis_result_of_upload(dosis_reader_t *reader, dosis_slice_t client,
    dosis_slice_t upload_id, int64_t now_ns, dosis_buf_t *body)
{
    char bytes[STORE_UPLOAD_BYTES];
    uint8_t key[DOSIS_BLIND_BYTES];
    dosis_rc_t rc;
    dosis_buf_t entry;
    dosis_slice_t parts[] = { client, upload_id };
    store_upload_t upload;

    dosis_blind(reader->crypt, DOSIS_BLIND_UPLOAD, parts, 2, key);
    dosis_buf_init_fixed(&entry, bytes, sizeof(bytes));
    rc = store_get(&reader->snap, DB_UPLOAD, dosis_slice(key, sizeof(key)),
        &entry);
    if (rc == DOSIS_OK) {
        rc = store_upload_read(dosis_buf_slice(&entry), &upload);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (upload.oplading != 0) {
        return store_bestand_result(reader, upload.oplading, body);
    }
    if (now_ns - upload.received_ns >= STORE_UPLOAD_TTL_NS) {
        return DOSIS_ENOTFOUND;
    }
    return show_result(reader, upload.result_seq, &client, body);
}


/* --- the last one of a dossier ------------------------------------------- */

/* When the result at that sequence, or the first one behind it, came in. */
static dosis_rc_t
result_at(dosis_reader_t *reader, uint64_t *seq, store_result_t *ret_result)
{
    char key[8];
    dosis_rc_t rc;
    dosis_buf_t value;
    store_cursor_t c;

    rc = store_cursor_open(&reader->snap, DB_RESULTAAT, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_be64(key, *seq);
    dosis_buf_init(&value, STORE_RESULT_MAX);
    rc = store_cursor_seek(&c, dosis_slice(key, sizeof(key)));
    if (rc == DOSIS_OK) {
        *seq = dosis_be64_get(c.key.data);
        rc = store_open_value(&reader->snap, DB_RESULTAAT, c.key, c.value,
            &value);
    }
    if (rc == DOSIS_OK) {
        rc = store_result_read(dosis_buf_slice(&value), ret_result);
    }
    dosis_buf_done(&value);
    store_cursor_close(&c);
    return rc;
}


/*
 * The result that came in at that very receipt. Results lie in the order of
 * their receipts, so some twenty of them are looked at. DOSIS_ENOTFOUND: there
 * is none, as of what another site received.
 */
static dosis_rc_t
find_received(dosis_reader_t *reader, const store_head_t *head,
    uint64_t *ret_seq)
{
    int64_t wanted = (int64_t) head->stamp.hlc;
    uint64_t low = 1, high, middle;
    dosis_rc_t rc;
    store_result_t result;

    rc = store_last_seq(&reader->snap, DB_RESULTAAT, &high);
    while (rc == DOSIS_OK && low < high) {
        middle = low + (high - low) / 2;
        *ret_seq = middle;
        rc = result_at(reader, ret_seq, &result);
        if (rc == DOSIS_OK && result.processed_ns < wanted) {
            low = *ret_seq + 1;
        } else {
            high = middle;
        }
    }
    *ret_seq = low;
    if (rc == DOSIS_OK) {
        rc = result_at(reader, ret_seq, &result);
    }
    if (rc == DOSIS_OK
        && (result.processed_ns != wanted
            || memcmp(result.id, head->id, STORE_ID_BYTES) != 0)) {
        rc = DOSIS_ENOTFOUND;
    }
    return rc;
}


static dosis_rc_t
load_history(dosis_reader_t *reader, uint64_t seq, store_history_t *ret)
{
    char key[8];
    dosis_rc_t rc;
    dosis_buf_t value;

    dosis_be64(key, seq);
    dosis_buf_init(&value, STORE_CONTENT_MAX);
    rc = store_get(&reader->snap, DB_HISTORIE, dosis_slice(key, sizeof(key)),
        &value);
    if (rc == DOSIS_OK) {
        rc = store_history_read(dosis_buf_slice(&value), ret);
    }
    ret->content = dosis_slice(NULL, 0);
    dosis_buf_done(&value);
    return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
}


/*
 * The newest history entry tells, unless something came in after it that made
 * none: then the stamp held has a later receipt than that entry.
 */
static dosis_rc_t
find_applied(dosis_reader_t *reader, const uint8_t id[16], uint64_t *ret_seq)
{
    uint64_t found;
    dosis_rc_t rc;
    store_held_t held;
    store_history_t entry = { 0 };

    rc = store_find_held(reader, id, &held);
    if (rc == DOSIS_OK && held.head.history != 0) {
        rc = load_history(reader, held.head.history, &entry);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    *ret_seq = entry.result_seq;
    if (entry.stamp.hlc < held.head.stamp.hlc) {
        rc = find_received(reader, &held.head, &found);
        if (rc == DOSIS_OK) {
            *ret_seq = found;
        }
    }
    if (rc == DOSIS_ENOTFOUND) {
        rc = DOSIS_OK;
    }
    return rc == DOSIS_OK && *ret_seq == 0 ? DOSIS_ENOTFOUND : rc;
}


dosis_rc_t
dosis_result_of_dossier(dosis_reader_t *reader, const dosis_bron_t *bron,
    dosis_slice_t nummer, dosis_buf_t *body)
{
    char bytes[8];
    uint8_t id[STORE_ID_BYTES];
    uint64_t seq = 0;
    dosis_rc_t rc;
    dosis_buf_t last;

    dosis_blind_dossier(reader->crypt, bron->bron, nummer, id);
    dosis_buf_init_fixed(&last, bytes, sizeof(bytes));
    rc = store_get(&reader->snap, DB_LAATST, dosis_slice(id, sizeof(id)),
        &last);
    if (rc == DOSIS_OK && last.len == sizeof(bytes)) {
        seq = dosis_be64_get(bytes);
    } else if (rc == DOSIS_ENOTFOUND) {
        rc = find_applied(reader, id, &seq);
    }
    return rc == DOSIS_OK ? show_result(reader, seq, NULL, body) : rc;
}


/* --- the failed ones of a source ----------------------------------------- */

/* The newest entry that is older than `before` (0: than none). */
static dosis_rc_t
seek_failure(store_cursor_t *c, uint32_t bron, uint64_t before)
{
    char key[STORE_FAILURE_KEY];
    dosis_rc_t rc;

    store_failure_key(key, before == 0 ? bron + 1 : bron, before);
    rc = store_cursor_seek(c, dosis_slice(key, sizeof(key)));
    return rc == DOSIS_ENOTFOUND ? store_cursor_last(c)
           : rc == DOSIS_OK      ? store_cursor_prev(c)
                                 : rc;
}


static dosis_rc_t
write_next(dosis_reader_t *reader, const dosis_source_page_t *page,
    uint64_t seq, dosis_buf_t *next)
{
    uint8_t at[STORE_BOOKMARK_BYTES] = { 0 };
    const store_bookmark_t bookmark = store_bookmark_of(BOOKMARK_FAILURES,
        page);

    dosis_be64(at, seq);
    return store_bookmark_write(reader, &bookmark, at, next);
}


static dosis_rc_t
walk_failures(dosis_reader_t *reader, const dosis_source_page_t *page,
    uint64_t before, dosis_buf_t *body, dosis_buf_t *next)
{
    uint32_t rows = 0;
    uint64_t seq = before;
    dosis_rc_t rc;
    store_cursor_t c;

    rc = store_cursor_open(&reader->snap, DB_FOUT, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    for (rc = seek_failure(&c, page->bron->nummer, before);
         rc == DOSIS_OK && dosis_be32_get(c.key.data) == page->bron->nummer;
         rc = store_cursor_prev(&c)) {
        if (rows == page->limit || body->len > DOSIS_SOURCE_BYTES_MAX) {
            rc = write_next(reader, page, seq, next);
            break;
        }
        if (rows++ > 0) {
            dosis_buf_add_byte(body, ',');
        }
        seq = dosis_be64_get(c.key.data + 4);
        rc = show_result(reader, seq, NULL, body);
        if (rc != DOSIS_OK) {
            break;
        }
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


dosis_rc_t
dosis_source_failures(dosis_reader_t *reader, const dosis_source_page_t *page,
    dosis_buf_t *body, dosis_buf_t *next)
{
    uint8_t at[STORE_BOOKMARK_BYTES] = { 0 };
    dosis_rc_t rc = DOSIS_OK;
    const store_bookmark_t bookmark = store_bookmark_of(BOOKMARK_FAILURES,
        page);

    if (page->after.len > 0) {
        rc = store_bookmark_read(reader, &bookmark, page->after, at);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_buf_add_byte(body, '[');
    rc = walk_failures(reader, page, dosis_be64_get(at), body, next);
    dosis_buf_add_byte(body, ']');
    return rc != DOSIS_OK ? rc : body->rc;
}
