/* SPDX-License-Identifier: EUPL-1.2 */
/* Tickets: taken once, in time, by whom they are for; so many at most. */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/dosis_ticket.h"

#define NOW_S (FIXTURE_NOW / DOSIS_NS_PER_S)

static dosis_slice_t rights[] = { { "Lezer", 5 }, { "Schrijver", 9 } };


static dosis_ticket_t
ticket_of(const char *agent, bool loket)
{
    dosis_ticket_t ticket = { .client = DOSIS_SLICE("klant"),
        .loket = loket,
        .doelgroep = DOSIS_SLICE("EA"),
        .dossier = { 1, 2, 3 } };

    (void) dosis_agent_parse(
        dosis_slice_of(agent), DOSIS_VORM, &ticket.subject.agent);
    ticket.subject.rechten = rights;
    ticket.subject.rechten_count = 2;
    return ticket;
}


static dosis_rc_t
put(fixture_t *f, const dosis_ticket_t *ticket, int64_t now_s,
    char key[DOSIS_TICKET_KEY])
{
    char text[DOSIS_TICKET_TEXT + 1];
    dosis_txn_t *txn;
    dosis_rc_t rc;

    fixture_must(
        dosis_ticket_text(now_s + DOSIS_TICKET_TTL_S, text), "ticket");
    if (!dosis_ticket_key(
            dosis_reader_crypt(f->reader), dosis_slice_of(text), key)) {
        return DOSIS_EFORMAT;
    }
    fixture_must(
        dosis_txn_begin(f->writer, now_s * DOSIS_NS_PER_S, &txn), "begin");
    rc = dosis_ticket_put(txn, key, ticket);
    fixture_must(dosis_txn_commit(txn), "commit");
    return rc;
}


static dosis_rc_t
take(fixture_t *f, const char *key, int64_t now_s, const uint8_t *cookie,
    dosis_ticket_t *ret)
{
    dosis_txn_t *txn;
    dosis_rc_t rc;

    fixture_must(
        dosis_txn_begin(f->writer, now_s * DOSIS_NS_PER_S, &txn), "begin");
    rc = dosis_ticket_take(txn, key, cookie, f->arena, ret);
    fixture_must(dosis_txn_commit(txn), "commit");
    return rc;
}


static void
once(fixture_t *f)
{
    dosis_ticket_t ticket = ticket_of("0123456749", false), got = { 0 };
    uint8_t cookie[DOSIS_TICKET_COOKIE] = { 7 }, other[DOSIS_TICKET_COOKIE] = {
        8
    };
    char key[DOSIS_TICKET_KEY];

    CHECK(put(f, &ticket, NOW_S, key) == DOSIS_OK
            && take(f, key, NOW_S + 59, NULL, &got) == DOSIS_OK,
        "a ticket is taken until its last second");
    CHECK(memcmp(got.dossier, ticket.dossier, 16) == 0
            && dosis_slice_eq(got.client, ticket.client)
            && dosis_slice_eq(got.doelgroep, ticket.doelgroep)
            && got.subject.rechten_count == 2
            && dosis_slice_eq(got.subject.rechten[1], rights[1])
            && strcmp(got.subject.agent.id, "0123456749") == 0,
        "with all that was put in it");
    CHECK(take(f, key, NOW_S, NULL, &got) == DOSIS_ENOTFOUND,
        "it is taken once");
    CHECK(put(f, &ticket, NOW_S, key) == DOSIS_OK
            && take(f, key, NOW_S + 60, NULL, &got) == DOSIS_ENOTFOUND,
        "it expires");
    ticket.bound = true;
    memcpy(ticket.cookie, cookie, sizeof(cookie));
    CHECK(put(f, &ticket, NOW_S, key) == DOSIS_OK
            && take(f, key, NOW_S, NULL, &got) == DOSIS_ENOTFOUND
            && take(f, key, NOW_S, other, &got) == DOSIS_ENOTFOUND
            && take(f, key, NOW_S, cookie, &got) == DOSIS_OK,
        "bound to a cookie it is taken with that one");
    CHECK(!dosis_ticket_key(dosis_reader_crypt(f->reader),
              DOSIS_SLICE("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!"), key)
            && !dosis_ticket_key(
                dosis_reader_crypt(f->reader), DOSIS_SLICE("x"), key),
        "what is no ticket has no key");
}


static void
ceilings(fixture_t *f)
{
    const dosis_ticket_t user = ticket_of("0123456749", false);
    const dosis_ticket_t other = ticket_of("0202239951", false);
    const int64_t later = NOW_S + 1000;
    char key[DOSIS_TICKET_KEY];
    dosis_ticket_t got;
    unsigned i, given = 0;

    for (i = 0; i < DOSIS_TICKETS_USER + 5; i++) {
        given += put(f, &user, later, key) == DOSIS_OK;
    }
    CHECK(given == DOSIS_TICKETS_USER
            && put(f, &user, later, key) == DOSIS_ELIMIT,
        "a user has twenty, and no more");
    CHECK(put(f, &other, later, key) == DOSIS_OK, "another has its own");
    CHECK(take(f, key, later, NULL, &got) == DOSIS_OK, "and takes them");
    for (i = 0; i < 4; i++) {
        (void) !put(f, &other, later + 60, key);
    }
    CHECK(put(f, &user, later + 60, key) == DOSIS_OK,
        "what has expired makes room");
}


int
main(void)
{
    fixture_t f;
    dosis_verify_t report;

    fixture_begin(&f);
    once(&f);
    ceilings(&f);
    fixture_must(dosis_verify(f.store, NULL, NULL, &report), "verify");
    CHECK(report.findings == 0, "the store is whole");
    fixture_end(&f);
    return tap_done();
}
