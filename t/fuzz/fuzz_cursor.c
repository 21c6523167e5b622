/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_cursor: what a client sends as `na`, to a list and to the feed. Text
 * that was not given out is refused; a cursor that was, with any content,
 * reads back as it was written, leads to an answer, and is refused once a
 * bit of it is changed.
 *
 * Input: a byte; then the text, or the content.
 */

#include "../lib/store_fixture.h"
#include "fuzz.h"
#include "store/store_feed_mark.h"
#include "store/store_mark.h"

#define BODY_MAX ((size_t) 1 << 20)

static fixture_t fixture;
static dosis_subject_t subject;
static dosis_filter_t plain;
static dosis_filter_t by_action = { .sorteer_actie = true };
static dosis_buf_t body;


static void
end(void)
{
    dosis_reader_end(fixture.reader);
    fixture_end(&fixture);
    dosis_buf_done(&body);
}


static void
push(const char *nummer, const char *datum)
{
    char json[1024];

    (void) snprintf(json, sizeof(json),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON
        "\",\"DossierNummer\":\"%s\"},\"Naam\":\"x\","
        "\"WijzigingsDatum\":\"%s\",\"Status\":{\"VlaamsFase\":\"Behandeling\","
        "\"VlaamsCode\":\"InBehandeling\",\"Actie\":{\"ActieNodig\":true,"
        "\"Voor\":\"2026-12-01\"}},\"Agenten\":[{\"Identificatie\":"
        "\"0123456749\",\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]}",
        nummer, datum);
    (void) fixture_push(&fixture, json);
}


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const dosis_slice_t recht[] = { { "Lezer", 5 } };

    (void) argc;
    (void) argv;
    fixture_begin(&fixture);
    push("1", "2026-01-01");
    push("2", "2026-02-01");
    push("3", "2026-03-01");
    fixture_withdraw(&fixture, "3", 0);
    MUST(dosis_agent_parse(
             DOSIS_SLICE("0123456749"), DOSIS_STRENG, &subject.agent)
        == NULL);
    subject.rechten = recht;
    subject.rechten_count = 1;
    dosis_buf_init(&body, BODY_MAX);
    MUST(dosis_reader_begin(fixture.reader) == DOSIS_OK);
    (void) atexit(end);

    return 0;
}


static dosis_question_t
question(const dosis_filter_t *filter, dosis_slice_t after)
{
    return (dosis_question_t){ .subject = &subject,
        .subjects = 1,
        .binding = DOSIS_SLICE("portaal"),
        .limit = 2,
        .now_ns = FIXTURE_NOW,
        .filter = filter,
        .after = after };
}


static dosis_rc_t
ask_list(const dosis_question_t *q)
{
    dosis_answer_t answer;

    dosis_buf_reset(&body);
    return dosis_list(fixture.reader, q, &body, &answer);
}


static dosis_rc_t
ask_feed(const dosis_question_t *q)
{
    dosis_feed_t feed;

    dosis_buf_reset(&body);
    return dosis_feed(fixture.reader, q, DOSIS_FEED_JSON, &body, &feed);
}


/* A text that nobody gave out. */
static void
foreign(dosis_slice_t text)
{
    dosis_question_t q = question(&plain, text);
    dosis_rc_t rc = ask_list(&q);

    MUST(text.len == 0 ? rc == DOSIS_OK : rc == DOSIS_EINPUT);
    q.filter = NULL;
    rc = ask_feed(&q);
    MUST(text.len == 0 ? rc == DOSIS_OK
                       : rc == DOSIS_EINPUT || rc == DOSIS_EEXPIRED);
}


static store_point_t
take_point(dosis_wire_t *wire)
{
    store_point_t point = { .order = dosis_wire_u64(wire) };
    dosis_slice_t id = dosis_wire_bytes(wire, sizeof(point.id));

    if (id.len > 0) {
        memcpy(point.id, id.data, sizeof(point.id));
    }
    return point;
}


/* One bit of it, chosen by the content. */
static void
tamper(char *text, size_t len, dosis_slice_t by)
{
    size_t at = by.len == 0 ? 0 : (uint8_t) by.data[by.len - 1];

    text[at % len] ^= 1;
}


static void
own_list(dosis_slice_t input, const dosis_filter_t *filter)
{
    dosis_question_t q = question(filter, dosis_slice(NULL, 0));
    store_mark_t mark, again;
    dosis_wire_t wire;
    char text[512];
    dosis_buf_t out;
    dosis_rc_t rc;

    memset(&mark, 0, sizeof(mark));
    dosis_wire_init(&wire, input);
    mark.at = take_point(&wire);
    if (filter->sorteer_actie) {
        mark.phase = dosis_wire_u8(&wire);
        mark.end = take_point(&wire);
        mark.has_shown = dosis_wire_u8(&wire) & 1;
        mark.deadline = (int64_t) dosis_wire_u64(&wire);
        mark.shown = take_point(&wire);
    }
    dosis_buf_init_fixed(&out, text, sizeof(text));
    MUST(store_mark_write(fixture.reader, &q, &mark, &out) == DOSIS_OK);

    q.after = dosis_buf_slice(&out);
    MUST(store_mark_read(fixture.reader, &q, &again) == DOSIS_OK);
    MUST(store_point_cmp(&mark.at, &again.at) == 0
        && store_point_cmp(&mark.end, &again.end) == 0
        && store_point_cmp(&mark.shown, &again.shown) == 0
        && mark.phase == again.phase && mark.has_shown == again.has_shown
        && mark.deadline == again.deadline);
    rc = ask_list(&q);
    MUST(rc == DOSIS_OK || rc == DOSIS_EINPUT);
    tamper(text, out.len, input);
    MUST(ask_list(&q) == DOSIS_EINPUT);
}


static void
own_feed(dosis_slice_t input)
{
    dosis_question_t q = question(NULL, dosis_slice(NULL, 0));
    store_feed_mark_t mark, now, again;
    dosis_wire_t wire;
    char text[DOSIS_FEED_MARK_MAX];
    dosis_rc_t rc;

    dosis_wire_init(&wire, input);
    mark.base = dosis_wire_u64(&wire);
    mark.told = dosis_wire_u64(&wire);
    mark.history = dosis_wire_u64(&wire);
    mark.issued_ns = FIXTURE_NOW;
    MUST(store_feed_mark_now(fixture.reader, &q, &now) == DOSIS_OK);
    MUST(store_feed_mark_write(fixture.reader, &q, &mark, text) == DOSIS_OK);

    q.after = dosis_slice_of(text);
    rc = store_feed_mark_read(fixture.reader, &q, &now, &again);
    MUST((rc == DOSIS_OK) == (mark.base <= now.base && mark.told <= now.base));
    MUST(again.base == mark.base && again.told == mark.told
        && again.history == mark.history && again.issued_ns == FIXTURE_NOW);
    rc = ask_feed(&q);
    MUST(rc == DOSIS_OK || rc == DOSIS_EEXPIRED);
    tamper(text, strlen(text), input);
    rc = ask_feed(&q);
    MUST(rc == DOSIS_EINPUT || rc == DOSIS_EEXPIRED);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_slice_t input = dosis_slice(data, size);

    switch (fuzz_choice(&input, 4)) {
    case 0:
        foreign(input);
        break;
    case 1:
        own_list(input, &plain);
        break;
    case 2:
        own_list(input, &by_action);
        break;
    default:
        own_feed(input);
        break;
    }

    return 0;
}
