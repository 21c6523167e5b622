/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What one answer of the feed may cost, however many agents are asked and
 * however much changed: it is cut, or the cursor has ended, but nobody waits.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/dosis_feed.h"
#include "store/store_feed.h"
#include "store/store_txn.h"

#define AGENTS 20
#define SHARED 600     /* dossiers of them all: enough to make each big */

static dosis_subject_t subject[AGENTS];
static dosis_slice_t product = { "1984", 4 };
static dosis_client_t loket = { .producten = &product,
    .producten_count = 1 };


static const char *
json_of(char series, unsigned nummer, unsigned versie, unsigned agents)
{
    static char text[4096];
    char kbo[11];
    unsigned i;
    size_t n;

    n = (size_t) snprintf(text, sizeof(text),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"%c%u\"},\"Naam\":\"stand %u, en nog wat erbij om"
        " een bladzijde te vullen\",\"WijzigingsDatum\":\"2026-01-01T10:%02u"
        "\",\"Producten\":[{\"Id\":\"2001\"}],\"Status\":{\"VlaamsFase\":"
        "\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"},\"Agenten\":[",
        series, nummer, versie, versie);
    for (i = 0; i < agents; i++) {
        fixture_kbo(series == 'k' ? AGENTS : i, kbo);
        n += (size_t) snprintf(text + n, sizeof(text) - n,
            "%s{\"Identificatie\":\"%s\",\"Toegangsrechten\":"
            "[{\"Code\":\"Lezer\"}]}",
            i == 0 ? "" : ",", kbo);
    }
    (void) snprintf(text + n, sizeof(text) - n, "]}");
    return text;
}


/* One more version of that many dossiers, in one transaction. */
static void
deliver(fixture_t *f, char series, unsigned versie, unsigned dossiers,
    unsigned agents)
{
    unsigned i;
    dosis_txn_t *txn;
    static dosis_delivery_t d[SHARED];

    for (i = 0; i < dossiers; i++) {
        d[i] = fixture_delivery(f, json_of(series, i, versie, agents));
    }
    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    for (i = 0; i < dossiers; i++) {
        dosis_deliver(txn, &d[i]);
    }
    fixture_must(dosis_txn_commit(txn), "commit");
    dosis_arena_reset(f->arena);
}


static void
subject_of(unsigned agent, dosis_subject_t *to)
{
    char kbo[11];

    memset(to, 0, sizeof(*to));
    fixture_kbo(agent, kbo);
    if (dosis_agent_parse(dosis_slice_of(kbo), DOSIS_STRENG, &to->agent)
        != NULL) {
        printf("Bail out! no agent\n");
        exit(1);
    }
}


/* One answer; after: its cursor, moved on. ret_pages: pages looked up. */
static dosis_rc_t
poll_once(fixture_t *f, dosis_question_t *q, char *after,
    dosis_feed_t *ret_feed, unsigned *ret_pages)
{
    dosis_rc_t rc;
    dosis_buf_t body;

    q->after = dosis_slice_of(after);
    dosis_buf_init(&body, (size_t) 8 << 20);
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    *ret_pages = f->reader->pages;
    rc = dosis_feed(f->reader, q, DOSIS_FEED_JSON, &body, ret_feed);
    *ret_pages = f->reader->pages - *ret_pages;
    dosis_reader_end(f->reader);
    dosis_buf_done(&body);
    if (rc == DOSIS_OK) {
        memcpy(after, ret_feed->next, DOSIS_FEED_MARK_MAX);
    }
    return rc;
}


/* To the end: how many answers, or 0 when one failed. */
static unsigned
poll_all(fixture_t *f, dosis_question_t *q, char *after, unsigned *ret_most)
{
    unsigned n, pages;
    dosis_feed_t feed = { .more = true };

    *ret_most = 0;
    for (n = 0; feed.more && n < 1000; n++) {
        if (poll_once(f, q, after, &feed, &pages) != DOSIS_OK) {
            return 0;
        }
        *ret_most = pages > *ret_most ? pages : *ret_most;
    }
    return n;
}


static void
test_many_big(fixture_t *f)
{
    unsigned n, most;
    char after[DOSIS_FEED_MARK_MAX] = "";
    dosis_question_t q = { .subject = subject, .subjects = AGENTS,
        .binding = DOSIS_SLICE("proef"), .limit = DOSIS_PAGE_ROWS_MAX,
        .now_ns = FIXTURE_NOW };

    deliver(f, 'g', 1, SHARED, AGENTS);
    n = poll_all(f, &q, after, &most);
    CHECK(n > 1 && n < SHARED, "twenty big agents: read to the end in turns");
    CHECK(most <= 2 * STORE_FEED_FIND_MAX,
        "none of which looks up more than of one agent");
    q.subjects = 1;
    after[0] = '\0';
    n = poll_all(f, &q, after, &most);
    CHECK(n == 1 && most >= SHARED, "one alone: in one");
}


/* Products are in no class: what a counter saw is in the versions. */
static void
test_look_back(fixture_t *f, char series, unsigned agent, unsigned dossiers,
    unsigned versions, bool ends)
{
    unsigned i, pages, most;
    dosis_feed_t feed;
    char after[DOSIS_FEED_MARK_MAX] = "";
    dosis_subject_t asked;
    dosis_question_t q = { .subject = &asked, .subjects = 1,
        .binding = DOSIS_SLICE("proef"), .limit = 50, .loket = &loket,
        .now_ns = FIXTURE_NOW };

    subject_of(agent, &asked);
    fixture_must(poll_once(f, &q, after, &feed, &pages), "feed");
    while (feed.more) {
        fixture_must(poll_once(f, &q, after, &feed, &pages), "feed");
    }
    for (i = 0; i < versions; i++) {
        deliver(f, series, 2 + i, dossiers, 1);
    }
    if (ends) {
        CHECK(poll_once(f, &q, after, &feed, &pages) == DOSIS_EEXPIRED,
            "a small agent, too much to look back over: begin anew");
        after[0] = '\0';
        CHECK(poll_all(f, &q, after, &most) == 1, "which needs none of it");
    } else {
        i = poll_all(f, &q, after, &most);
        CHECK(i > (series == 'g'), "what may be looked back over is");
    }
}


int
main(void)
{
    unsigned i;
    fixture_t f;
    dosis_verify_t report;

    fixture_begin(&f);
    for (i = 0; i < AGENTS; i++) {
        subject_of(i, &subject[i]);
    }
    test_many_big(&f);
    test_look_back(&f, 'k', AGENTS, 100, 40, false);
    test_look_back(&f, 'k', AGENTS, 100, 55, true);
    test_look_back(&f, 'g', 0, SHARED, 10, false);
    CHECK(fixture_is_whole(&f, &report), "and verify finds nothing");
    fixture_end(&f);
    return tap_done();
}
