/* SPDX-License-Identifier: EUPL-1.2 */
/* Whether anything may have changed for somebody, told without asking. */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/dosis_feed.h"

#define BULK 500     /* rows that make an agent big */


/* Agents 0 to 2, as bits. */
static const char *
json_of(const char *nummer, unsigned agents, unsigned minute)
{
    static char text[1024];
    char kbo[11];
    unsigned i;
    size_t n;

    n = (size_t) snprintf(text, sizeof(text),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"%s\"},\"Naam\":\"stand %u, en nog wat erbij om"
        " een bladzijde te vullen\",\"WijzigingsDatum\":\"2026-01-01T10:%02u"
        "\",\"Status\":{\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":"
        "\"InBehandeling\"},\"Agenten\":[",
        nummer, minute, minute);
    for (i = 0; i < 3; i++) {
        if (agents & 1u << i) {
            fixture_kbo(i, kbo);
            n += (size_t) snprintf(text + n, sizeof(text) - n,
                "%s{\"Identificatie\":\"%s\",\"Toegangsrechten\":"
                "[{\"Code\":\"Lezer\"}]}",
                text[n - 1] == '[' ? "" : ",", kbo);
        }
    }
    (void) snprintf(text + n, sizeof(text) - n, "]}");
    return text;
}


static void
subject_of(dosis_subject_t *subject, unsigned agent)
{
    char kbo[11];

    memset(subject, 0, sizeof(*subject));
    fixture_kbo(agent % 8, kbo);
    if (dosis_agent_parse(dosis_slice_of(kbo), DOSIS_STRENG, &subject->agent)
        != NULL) {
        printf("Bail out! no agent\n");
        exit(1);
    }
}


static void
start(fixture_t *f, const dosis_subject_t *subject, size_t subjects,
    dosis_watch_t *watch)
{
    dosis_question_t q = { .subject = subject, .subjects = subjects };

    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(dosis_watch_init(f->reader, &q, watch), "init");
    dosis_reader_end(f->reader);
}


static bool
moved(fixture_t *f, dosis_watch_t *watch)
{
    bool is;

    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(dosis_watch_moved(f->reader, watch, &is), "moved");
    dosis_reader_end(f->reader);
    return is;
}


static dosis_watch_point_t
point(fixture_t *f)
{
    dosis_watch_point_t at;

    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(dosis_watch_point(f->reader, &at), "point");
    dosis_reader_end(f->reader);
    return at;
}


static void
test_small(fixture_t *f)
{
    dosis_watch_t watch;
    dosis_subject_t subject;

    subject_of(&subject, 0);
    start(f, &subject, 1, &watch);
    CHECK(!moved(f, &watch), "nothing happened");
    (void) fixture_push(f, json_of("a", 2, 1));
    CHECK(!moved(f, &watch), "something of somebody else");
    (void) fixture_push(f, json_of("a", 3, 2));
    CHECK(moved(f, &watch), "it joins a dossier: the first of all");
    CHECK(!moved(f, &watch), "told once");
    (void) fixture_push(f, json_of("a", 3, 3));
    CHECK(moved(f, &watch), "a change");
    (void) fixture_push(f, json_of("a", 2, 4));
    CHECK(moved(f, &watch), "it is left out");
    (void) fixture_push(f, json_of("a", 2, 5));
    CHECK(!moved(f, &watch), "and what follows is not its concern");
    (void) fixture_push(f, json_of("a", 1, 6));
    CHECK(moved(f, &watch), "it is back");
    (void) fixture_withdraw(f, "a", 0);
    CHECK(moved(f, &watch), "a withdrawal");
}


static void
test_several(fixture_t *f)
{
    dosis_watch_t watch;
    dosis_subject_t two[2];

    subject_of(&two[0], 0);
    subject_of(&two[1], 1);
    start(f, two, 2, &watch);
    (void) fixture_push(f, json_of("b", 4, 1));
    CHECK(!moved(f, &watch), "of several: none of them");
    (void) fixture_push(f, json_of("b", 2, 2));
    CHECK(moved(f, &watch), "the second one");
    (void) fixture_push(f, json_of("b", 1, 3));
    CHECK(moved(f, &watch), "both");
    CHECK(!moved(f, &watch), "told once");
}


static void
test_big(fixture_t *f)
{
    unsigned i;
    char nummer[16];
    dosis_txn_t *txn;
    dosis_watch_t watch;
    dosis_subject_t subject;
    static dosis_delivery_t d[BULK];

    for (i = 0; i < BULK; i++) {
        (void) snprintf(nummer, sizeof(nummer), "g%u", i);
        d[i] = fixture_delivery(f, json_of(nummer, 4, i % 60));
    }
    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    for (i = 0; i < BULK; i++) {
        dosis_deliver(txn, &d[i]);
    }
    fixture_must(dosis_txn_commit(txn), "commit");
    subject_of(&subject, 2);
    start(f, &subject, 1, &watch);
    CHECK(!moved(f, &watch), "a big agent: nothing happened");
    (void) fixture_push(f, json_of("c", 3, 1));
    CHECK(!moved(f, &watch), "somebody else");
    (void) fixture_push(f, json_of("g1", 4, 59));
    CHECK(moved(f, &watch), "an old dossier of its own changes");
    (void) fixture_withdraw(f, "g2", 0);
    CHECK(moved(f, &watch), "another is withdrawn");
    (void) fixture_push(f, json_of("g3", 1, 59));
    CHECK(moved(f, &watch), "it is left out of a third");
    CHECK(!moved(f, &watch), "told once");
}


static void
test_point(fixture_t *f)
{
    dosis_watch_point_t before = point(f), after;

    CHECK(before.txn == dosis_store_last_txn(f->store),
        "a snapshot knows the last transaction");
    fixture_put(f, DOSIS_REF_PRODUCT,
        DOSIS_SLICE("{\"Id\":\"1\",\"Naam\":\"Een\"}"));
    after = point(f);
    CHECK(after.txn > before.txn && after.sequence == before.sequence
              && after.reference > before.reference,
        "reference data moves, dossiers do not");
    before = after;
    (void) fixture_push(f, json_of("d", 1, 1));
    after = point(f);
    CHECK(after.sequence == before.sequence + 1
              && after.reference == before.reference,
        "a delivery moves the sequence by one");
}


int
main(void)
{
    fixture_t f;

    fixture_begin(&f);
    test_small(&f);
    test_several(&f);
    test_big(&f);
    test_point(&f);
    fixture_end(&f);
    return tap_done();
}
