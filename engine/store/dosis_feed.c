/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "store/dosis_feed.h"
#include "store/store_apply.h"
#include "store/store_feed.h"
#include "store/store_view.h"
#include "store/store_walk.h"

#define TYPE "be.vlaanderen.dosis.dossier."
#define DOOR "/api/v1/dosis/wijzigingen"

/* One answer on its way out. */
typedef struct {
    dosis_reader_t *reader;
    const dosis_question_t *question;
    const store_feed_t *feed;
    dosis_buf_t *out;
} tell_t;


/* --- one event ------------------------------------------------------------ */

static const char *
name_of(const store_event_t *event)
{
    if (event->seen.now) {
        return event->seen.base ? "gewijzigd" : "nieuw";
    }
    return event->kind == ROW_WITHDRAWN ? "ingetrokken" : "verloren";
}


/* When it was received; the op-log knows, as long as it is kept. */
static void
add_time(const tell_t *tell, const store_event_t *event)
{
    char key[8], bytes[64];
    dosis_buf_t value;
    store_log_t log;

    dosis_be64(key, event->change);
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    if (store_get(&tell->reader->snap, DB_LOG, dosis_slice(key, sizeof(key)),
            &value) == DOSIS_OK
        && store_log_read(dosis_buf_slice(&value), &log) == DOSIS_OK) {
        DOSIS_BUF_LIT(tell->out, ",\"time\":\"");
        dosis_time_add_utc(tell->out, (int64_t) log.stamp.hlc);
        dosis_buf_add_byte(tell->out, '"');
    }
}


static dosis_rc_t
add_row(const tell_t *tell, const store_event_t *event)
{
    dosis_rc_t rc;
    dosis_slice_t row;
    store_view_t view;
    store_point_t point = { .order = event->order };

    memcpy(point.id, event->id, STORE_ID_BYTES);
    rc = store_walk_fetch(tell->reader,
        &tell->question->subject[event->subject], &point, &row);
    if (rc == DOSIS_OK) {
        rc = store_view_read(tell->reader, row, &view);
    }
    if (rc == DOSIS_OK) {
        dosis_shown_add(tell->question->shown, event->id);
        rc = store_view_add_row(tell->reader, &view, tell->question->door,
            tell->out);
    }
    return rc;
}


static dosis_rc_t
add_event(const tell_t *tell, const store_event_t *event)
{
    char id[DOSIS_ID_TEXT + 1];
    dosis_rc_t rc = DOSIS_OK;
    dosis_buf_t *out = tell->out;

    dosis_id_encode(id, event->id);
    dosis_buf_addf(out, "{\"specversion\":\"1.0\",\"id\":\"%s-%llu\",", id,
        (unsigned long long) event->change);
    DOSIS_BUF_LIT(out, "\"source\":\"");
    dosis_json_escape(out, tell->question->base);
    dosis_buf_addf(out,
        DOOR "\",\"type\":\"" TYPE "%s.v1\",\"subject\":\"%s\"",
        name_of(event), id);
    add_time(tell, event);
    dosis_buf_addf(out, ",\"sequence\":\"%020llu\"",
        (unsigned long long) event->change);
    DOSIS_BUF_LIT(out, ",\"datacontenttype\":\"application/json\",\"data\":");
    if (event->seen.now) {
        rc = add_row(tell, event);
    } else {
        dosis_buf_addf(out, "{\"DossierId\":\"%s\",\"Versie\":%u}", id,
            event->versie);
    }
    dosis_buf_add_byte(out, '}');
    return rc != DOSIS_OK ? rc : out->rc;
}


/* --- the answer ----------------------------------------------------------- */

static dosis_rc_t
add_list(const tell_t *tell, const dosis_feed_t *feed)
{
    size_t i;
    dosis_rc_t rc = DOSIS_OK;

    DOSIS_BUF_LIT(tell->out, "{\"Wijzigingen\":[");
    for (i = 0; i < tell->feed->count && rc == DOSIS_OK; i++) {
        if (i > 0) {
            dosis_buf_add_byte(tell->out, ',');
        }
        rc = add_event(tell, store_feed_event(tell->feed, i));
    }
    dosis_buf_addf(tell->out, "],\"Volgende\":\"%s\",\"Meer\":%s}",
        feed->next, feed->more ? "true" : "false");
    return rc != DOSIS_OK ? rc : tell->out->rc;
}


/* The cursor stands with the last one: what was cut short comes again. */
static dosis_rc_t
add_stream(const tell_t *tell, const dosis_feed_t *feed)
{
    size_t i;
    dosis_rc_t rc = DOSIS_OK;

    for (i = 0; i < tell->feed->count && rc == DOSIS_OK; i++) {
        if (i + 1 == tell->feed->count) {
            dosis_buf_addf(tell->out, "id: %s\n", feed->next);
        }
        DOSIS_BUF_LIT(tell->out, "data: ");
        rc = add_event(tell, store_feed_event(tell->feed, i));
        DOSIS_BUF_LIT(tell->out, "\n\n");
    }
    return rc != DOSIS_OK ? rc : tell->out->rc;
}


static dosis_rc_t
answer(const tell_t *tell, dosis_feed_form_t form,
    const store_feed_mark_t *mark, dosis_feed_t *feed)
{
    dosis_rc_t rc;

    feed->items = (uint32_t) tell->feed->count;
    feed->more = tell->feed->more;
    rc = store_feed_mark_write(tell->reader, tell->question, mark,
        feed->next);
    if (rc != DOSIS_OK) {
        return rc;
    }
    return form == DOSIS_FEED_JSON ? add_list(tell, feed)
                                   : add_stream(tell, feed);
}


dosis_rc_t
dosis_feed(dosis_reader_t *reader, const dosis_question_t *question,
    dosis_feed_form_t form, dosis_buf_t *body, dosis_feed_t *ret_feed)
{
    dosis_rc_t rc;
    uint32_t versions = 0;
    store_feed_t feed;
    store_feed_mark_t now, from, next;
    const store_seen_ask_t ask = { reader, question, &from, &versions };
    const tell_t tell = { reader, question, &feed, body };

    memset(ret_feed, 0, sizeof(*ret_feed));
    rc = store_feed_mark_now(reader, question, &now);
    if (rc == DOSIS_OK) {
        rc = store_feed_mark_read(reader, question, &now, &from);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    next = from;
    store_feed_init(&feed);
    rc = store_feed_collect(&feed, &ask, &now, &next);
    if (rc == DOSIS_OK) {
        rc = answer(&tell, form, &next, ret_feed);
    }
    store_feed_done(&feed);
    return rc;
}
