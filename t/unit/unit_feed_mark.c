/* SPDX-License-Identifier: EUPL-1.2 */
/* The cursor of the feed: what it is bound to, and when it has ended. */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/store_feed_mark.h"

#define DAY_NS (INT64_C(86400) * DOSIS_NS_PER_S)

static const dosis_slice_t ab[] = { { "Alfa", 4 }, { "Beta", 4 } };
static const dosis_slice_t ba[] = { { "Beta", 4 }, { "Alfa", 4 },
    { "Beta", 4 } };
static const dosis_slice_t longer[] = { { "AlfaBeta", 8 } };

static dosis_subject_t subject;
static dosis_client_t narrow;
static char cursor[DOSIS_FEED_MARK_MAX];


static dosis_question_t
question(void)
{
    return (dosis_question_t) { .subject = &subject, .subjects = 1,
        .binding = DOSIS_SLICE("portaal"), .limit = 10,
        .now_ns = FIXTURE_NOW, .after = dosis_slice_of(cursor) };
}


static dosis_rc_t
ask(fixture_t *f, const dosis_question_t *q, dosis_feed_t *ret_feed)
{
    dosis_rc_t rc;
    dosis_buf_t body;

    dosis_buf_init(&body, (size_t) 1 << 20);
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    rc = dosis_feed(f->reader, q, DOSIS_FEED_JSON, &body, ret_feed);
    dosis_reader_end(f->reader);
    dosis_buf_done(&body);
    return rc;
}


/* A fresh cursor of the question as it is now. */
static void
renew(fixture_t *f)
{
    dosis_feed_t feed;
    dosis_question_t q = question();

    q.after = dosis_slice(NULL, 0);
    fixture_must(ask(f, &q, &feed), "feed");
    (void) snprintf(cursor, sizeof(cursor), "%s", feed.next);
}


static void
test_age(fixture_t *f)
{
    size_t i;
    dosis_feed_t feed;
    dosis_question_t q = question();
    static const struct {
        const char *fact;
        int64_t age_ns;
        dosis_rc_t rc;
    } cases[] = {
        { "at once", 0, DOSIS_OK },
        { "a day later", DAY_NS, DOSIS_OK },
        { "as old as it may be", DOSIS_FEED_TTL_S * DOSIS_NS_PER_S, DOSIS_OK },
        { "older", DOSIS_FEED_TTL_S * DOSIS_NS_PER_S + 1, DOSIS_EEXPIRED },
        { "from the future", -DAY_NS, DOSIS_OK },
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        q.now_ns = FIXTURE_NOW + cases[i].age_ns;
        CHECK(ask(f, &q, &feed) == cases[i].rc, cases[i].fact);
    }
    q.now_ns = FIXTURE_NOW + 29 * DAY_NS;
    fixture_must(ask(f, &q, &feed), "feed");
    (void) snprintf(cursor, sizeof(cursor), "%s", feed.next);
    q = question();
    q.now_ns = FIXTURE_NOW + 50 * DAY_NS;
    CHECK(ask(f, &q, &feed) == DOSIS_OK, "one that goes on stays young");
}


/* Each changes one thing of the question, and puts it back. */
static void
test_binding(fixture_t *f)
{
    dosis_feed_t feed;
    dosis_question_t q;

    renew(f);
    subject.rechten = ba;
    subject.rechten_count = 3;
    q = question();
    CHECK(ask(f, &q, &feed) == DOSIS_OK, "the same rights, in any order");
    subject.rechten = longer;
    subject.rechten_count = 1;
    CHECK(ask(f, &q, &feed) == DOSIS_EEXPIRED, "rights that read alike");
    subject.rechten = ab;
    CHECK(ask(f, &q, &feed) == DOSIS_EEXPIRED, "one right less");
    subject.rechten_count = 2;
    subject.vertrouwelijk = true;
    CHECK(ask(f, &q, &feed) == DOSIS_EEXPIRED, "more assurance");
    subject.vertrouwelijk = false;
    subject.agent.soort = DOSIS_AGENT_OVO;
    CHECK(ask(f, &q, &feed) == DOSIS_EEXPIRED, "another kind of agent");
    subject.agent.soort = DOSIS_AGENT_KBO;
    q.binding = DOSIS_SLICE("ander");
    CHECK(ask(f, &q, &feed) == DOSIS_EEXPIRED, "another client");
    q = question();
    q.loket = &narrow;
    CHECK(ask(f, &q, &feed) == DOSIS_EEXPIRED, "a narrower registration");
    q.loket = NULL;
    q.limit = 500;
    CHECK(ask(f, &q, &feed) == DOSIS_OK, "the size of the page is free");
    fixture_put(f, DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"urn://proef/2\",\"Naam\":\"Twee\"}"));
    CHECK(ask(f, &q, &feed) == DOSIS_OK, "another source changes nothing");
    fixture_put(f, DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"urn://proef/3\",\"Naam\":\"Drie\","
                    "\"ZonderRecht\":\"iedereen\"}"));
    CHECK(ask(f, &q, &feed) == DOSIS_EEXPIRED, "one that is open does");
}


static void
test_foreign(fixture_t *f)
{
    size_t i;
    dosis_feed_t feed;
    store_feed_mark_t mark;
    dosis_question_t q;
    static const char *const none[] = { "x", "AAAA", "=", "a b",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };

    for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        (void) snprintf(cursor, sizeof(cursor), "%s", none[i]);
        q = question();
        CHECK(ask(f, &q, &feed) == DOSIS_EINPUT, "what is no cursor");
    }
    renew(f);
    cursor[20] = cursor[20] == 'A' ? 'B' : 'A';
    q = question();
    CHECK(ask(f, &q, &feed) == DOSIS_EEXPIRED, "one that was tampered with");
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(store_feed_mark_now(f->reader, &q, &mark), "now");
    mark.base = mark.told = mark.base + 1;
    fixture_must(store_feed_mark_write(f->reader, &q, &mark, cursor),
        "write");
    dosis_reader_end(f->reader);
    q = question();
    CHECK(ask(f, &q, &feed) == DOSIS_EEXPIRED,
        "one that is ahead of the store, as after a restore");
}


int
main(void)
{
    fixture_t f;
    char kbo[11];

    fixture_kbo(1, kbo);
    fixture_begin(&f);
    if (dosis_agent_parse(dosis_slice_of(kbo), DOSIS_STRENG, &subject.agent)
        != NULL) {
        return 1;
    }
    subject.rechten = ab;
    subject.rechten_count = 2;
    narrow.producten = (dosis_slice_t *) (uintptr_t) ab;
    narrow.producten_count = 1;
    renew(&f);
    test_age(&f);
    test_binding(&f);
    test_foreign(&f);
    fixture_end(&f);
    return tap_done();
}
