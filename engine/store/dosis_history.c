/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "store/dosis_history.h"
#include "store/store_apply.h"
#include "store/store_detail.h"
#include "store/store_mark.h"

/* One entry of the dossier, as a view of what was shown. */
typedef struct {
    uint64_t seq;
    store_history_t entry;
    store_view_t view;
} version_t;


/* --- reading ------------------------------------------------------------- */

/* No entry there: an older one is not kept, a newer one never was. */
static dosis_rc_t
why_absent(dosis_reader_t *reader, uint64_t seq)
{
    dosis_rc_t rc;
    store_cursor_t c;

    rc = store_cursor_open(&reader->snap, DB_HISTORIE, &c);
    if (rc == DOSIS_OK) {
        rc = store_cursor_seek(&c, dosis_slice(NULL, 0));
        if (rc == DOSIS_ENOTFOUND
            || (rc == DOSIS_OK && seq < dosis_be64_get(c.key.data))) {
            rc = DOSIS_EEXPIRED;
        } else if (rc == DOSIS_OK) {
            rc = DOSIS_EFORMAT;
        }
    }
    store_cursor_close(&c);
    return rc;
}


/* Into reader->lang. DOSIS_EEXPIRED: older than what is kept. */
static dosis_rc_t
read_version(dosis_reader_t *reader, uint64_t seq, const uint8_t id[16],
    version_t *version)
{
    char key[8];
    dosis_rc_t rc;

    dosis_be64(key, seq);
    dosis_buf_reset(&reader->lang);
    rc = store_get(&reader->snap, DB_HISTORIE, dosis_slice(key, sizeof(key)),
        &reader->lang);
    if (rc == DOSIS_ENOTFOUND) {
        return why_absent(reader, seq);
    }
    if (rc == DOSIS_OK) {
        rc = store_history_read(dosis_buf_slice(&reader->lang),
            &version->entry);
    }
    if (rc == DOSIS_OK
        && (memcmp(version->entry.id, id, STORE_ID_BYTES) != 0
            || version->entry.previous >= seq)) {
        rc = DOSIS_EFORMAT;
    }
    version->seq = seq;
    return rc;
}


/* now: the row of now, whose head gives what an entry does not say. */
static dosis_rc_t
view_version(version_t *version, const store_view_t *now)
{
    const store_history_t *entry = &version->entry;
    store_head_t *head = &version->view.row.head;

    memset(&version->view, 0, sizeof(version->view));
    version->view.bron = now->bron;
    *head = now->row.head;
    head->flags = entry->flags;
    head->stamp = entry->stamp;
    head->versie = entry->versie;
    return store_content_read(entry->content, &version->view.content);
}


/* --- history ------------------------------------------------------------- */

static dosis_rc_t
add_version(dosis_reader_t *reader, const version_t *version,
    dosis_buf_t *out)
{
    const store_history_t *entry = &version->entry;

    DOSIS_BUF_LIT(out, "{\"Ontvangen\":\"");
    dosis_time_add_utc(out, entry->receipt_ns);
    dosis_buf_addf(out, "\",\"Versie\":%u,\"Resultaat\":\"%s\","
        "\"WijzigingsDatum\":\"", entry->versie,
        dosis_resultaat_name((dosis_resultaat_t) entry->resultaat));
    dosis_time_add_utc(out, entry->stamp.date_ns);
    dosis_buf_add_byte(out, '"');
    if (entry->kind == STORE_OP_STATUS
        && store_view_add_version(reader, &version->view, out) != DOSIS_OK) {
        return out->rc;
    }
    dosis_buf_add_byte(out, '}');
    return out->rc;
}


/* Where the page begins: at the newest entry, or where the cursor says. */
static dosis_rc_t
first_seq(dosis_reader_t *reader, const dosis_question_t *question,
    const store_head_t *head, uint64_t *ret_seq)
{
    dosis_rc_t rc;
    store_mark_t mark;

    *ret_seq = head->history;
    if (question->after.len == 0) {
        return DOSIS_OK;
    }
    rc = store_mark_read(reader, question, &mark);
    if (rc != DOSIS_OK) {
        return rc;
    }
    *ret_seq = mark.at.order;
    return mark.at.order < head->history
                   && memcmp(mark.at.id, head->id, STORE_ID_BYTES) == 0
               ? DOSIS_OK
               : DOSIS_EINPUT;
}


/* Entries from *seq on; then *seq is the next one, 0 behind the first. */
static dosis_rc_t
add_versions(dosis_reader_t *reader, const dosis_question_t *question,
    const store_view_t *now, uint64_t *seq, dosis_buf_t *out)
{
    uint32_t n;
    dosis_rc_t rc = DOSIS_OK;
    version_t version;

    for (n = 0; rc == DOSIS_OK && *seq != 0 && n < question->limit; n++) {
        rc = read_version(reader, *seq, now->row.head.id, &version);
        if (rc == DOSIS_OK) {
            rc = view_version(&version, now);
        }
        if (rc == DOSIS_OK && n > 0) {
            dosis_buf_add_byte(out, ',');
        }
        if (rc == DOSIS_OK) {
            rc = add_version(reader, &version, out);
            *seq = version.entry.previous;
        }
    }
    return rc;
}


static dosis_rc_t
add_next(dosis_reader_t *reader, const dosis_question_t *question,
    const store_mark_t *mark, dosis_buf_t *out)
{
    dosis_rc_t rc;

    DOSIS_BUF_LIT(out, "],\"Volgende\":");
    if (mark->at.order == 0) {
        DOSIS_BUF_LIT(out, "null");
        return out->rc;
    }
    dosis_buf_add_byte(out, '"');
    rc = store_mark_write(reader, question, mark, out);
    dosis_buf_add_byte(out, '"');
    return rc;
}


/* The entries never change: their numbers, and the names shown, tell all. */
static void
set_etag(const dosis_reader_t *reader, uint64_t from, uint64_t to,
    dosis_answer_t *answer)
{
    (void) snprintf(answer->etag, sizeof(answer->etag),
        "W/\"h%llx.%llx.%llu\"", (unsigned long long) from,
        (unsigned long long) to,
        (unsigned long long) dosis_ref_version(reader->ref));
}


dosis_rc_t
dosis_history(dosis_reader_t *reader, const dosis_question_t *question,
    const uint8_t id[16], dosis_buf_t *body, dosis_answer_t *ret_answer)
{
    bool cut;
    char text[DOSIS_ID_TEXT + 1];
    uint64_t from;
    dosis_rc_t rc;
    store_admitted_t admitted;
    store_mark_t mark = { 0 };

    memset(ret_answer, 0, sizeof(*ret_answer));
    rc = store_detail_admit(reader, question, id, &admitted);
    if (rc == DOSIS_OK) {
        rc = first_seq(reader, question, &admitted.view.row.head, &from);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    mark.at.order = from;
    memcpy(mark.at.id, id, STORE_ID_BYTES);
    dosis_id_encode(text, id);
    dosis_buf_addf(body, "{\"DossierId\":\"%.*s\",\"Historiek\":[",
        DOSIS_ID_TEXT, text);
    rc = add_versions(reader, question, &admitted.view, &mark.at.order,
        body);
    cut = rc == DOSIS_EEXPIRED;
    if (rc != DOSIS_OK && !cut) {
        return rc;
    }
    mark.at.order = cut ? 0 : mark.at.order;
    rc = add_next(reader, question, &mark, body);
    dosis_buf_addf(body, ",\"Ingekort\":%s}", cut ? "true" : "false");
    ret_answer->more = mark.at.order != 0;
    dosis_shown_add(question->shown, id);
    set_etag(reader, from, cut ? UINT64_MAX : mark.at.order, ret_answer);
    return rc != DOSIS_OK ? rc : body->rc;
}


/* --- at a moment --------------------------------------------------------- */

/*
 * The newest entry that had come in by then and was not outdated on arrival:
 * each of those had the highest stamp so far, so it is the winner by stamp.
 */
static dosis_rc_t
find_version(dosis_reader_t *reader, const dosis_question_t *question,
    const store_head_t *head, version_t *version, dosis_answer_t *answer)
{
    uint64_t seq = head->history;
    dosis_rc_t rc;
    uint32_t most = question->examine != 0 ? question->examine
                                           : DOSIS_EXAMINED_MAX;

    for (answer->examined = 0; seq != 0; answer->examined++) {
        if (answer->examined == most) {
            answer->cut = true;
            return DOSIS_EEXPIRED;
        }
        rc = read_version(reader, seq, head->id, version);
        if (rc != DOSIS_OK) {
            return rc;
        }
        if (version->entry.receipt_ns <= question->moment_ns
            && version->entry.resultaat != DOSIS_VEROUDERD) {
            return version->entry.kind == STORE_OP_STATUS ? DOSIS_OK
                                                          : DOSIS_ENOTFOUND;
        }
        seq = version->entry.previous;
    }
    return DOSIS_ENOTFOUND;
}


dosis_rc_t
store_detail_add_moment(dosis_reader_t *reader,
    const dosis_question_t *question, store_admitted_t *admitted,
    dosis_buf_t *body, dosis_answer_t *ret_answer)
{
    dosis_rc_t rc;
    version_t version;
    store_agent_t entry;
    const dosis_agent_t *own = admitted->own;

    rc = find_version(reader, question, &admitted->view.row.head, &version,
        ret_answer);
    if (rc == DOSIS_OK) {
        rc = view_version(&version, &admitted->view);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (own != NULL
        && store_content_agent(&version.view.content, own, &entry)
               != DOSIS_OK) {
        own = NULL;
    }
    set_etag(reader, version.seq, own != NULL, ret_answer);
    return store_view_add_detail(reader, &version.view, own, question->door,
        body);
}
