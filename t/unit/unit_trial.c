/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"

#define ROUNDS   3000
#define DOSSIERS 12
#define UPLOADS  400

typedef struct {
    unsigned differ;       /* trial and delivery disagree */
    unsigned moved;        /* a trial wrote something */
    unsigned seen[DOSIS_PROEF + 1];
    unsigned conflicts;
    unsigned preconditions;
    unsigned repeats;
} tally_t;

static uint32_t seed = 2026;


static unsigned
draw(unsigned below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}


/* Past, a little ahead of now, or, for a reference, none at all. */
static const char *
draw_date(void)
{
    static char text[96];

    if (draw(8) == 0) {
        return "\"TypeDossierCode\":\"Verwijzing\"";
    }
    if (draw(8) == 0) {
        return "\"WijzigingsDatum\":\"2026-09-21T20:00:00Z\"";
    }
    (void) snprintf(text, sizeof(text), "\"WijzigingsDatum\":\"2026-03-%02u\"",
        1 + draw(20));
    return text;
}


/*
 * Few dossiers, few dates, few contents, few UploadIds, and now and then the
 * same once more: all outcomes come.
 */
static const char *
draw_json(void)
{
    static char text[1024];

    if (text[0] != '\0' && draw(6) == 0) {
        return text;
    }
    (void) snprintf(text, sizeof(text),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"T-%u\"},"
        "\"UploadId\":\"00000000-0000-4000-8000-%012u\","
        "\"Naam\":\"inhoud %u\",%s,"
        "\"Status\":{\"VlaamsFase\":\"%s\",\"VlaamsCode\":\"Ingediend\"},"
        "\"Agenten\":[{\"Identificatie\":\"0123456749\","
        "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]}",
        draw(DOSSIERS), draw(UPLOADS), draw(3), draw_date(),
        draw(12) == 0 ? "Onbestaand" : "Samenstelling");
    return text;
}


static dosis_delivery_t
draw_delivery(fixture_t *f)
{
    char nummer[16];
    dosis_delivery_t d;

    if (draw(6) != 0) {
        d = fixture_delivery(f, draw_json());
    } else {
        (void) snprintf(nummer, sizeof(nummer), "T-%u", draw(DOSSIERS));
        d = (dosis_delivery_t) { .withdraw = true,
            .problems = &dosis_err_none, .warnings = &dosis_err_none,
            .client = DOSIS_SLICE("proef") };
        d.dossier.bron = DOSIS_SLICE(FIXTURE_BRON);
        d.dossier.nummer = dosis_arena_copy(f->arena, dosis_slice_of(nummer));
        d.dossier.has_wijziging = draw(2) == 0;
        d.dossier.wijziging_ns = FIXTURE_NOW - draw(20) * 86400
                                                  * DOSIS_NS_PER_S;
        fixture_must(dosis_reader_begin(f->reader), "begin");
        fixture_must(dosis_delivery_prepare(f->reader, &d, f->arena),
            "prepare");
        dosis_reader_end(f->reader);
    }
    d.if_none_match_any = draw(8) == 0;
    if (draw(8) == 0) {
        d.if_match = draw(2) == 0 ? DOSIS_SLICE("*") : DOSIS_SLICE("\"x\"");
    }
    return d;
}


static uint64_t
last_txn(fixture_t *f)
{
    dosis_store_state_t state;

    fixture_must(dosis_store_state(f->store, &state), "state");
    return state.last_txn;
}


static bool
agree(const dosis_delivery_t *trial, const dosis_delivery_t *real)
{
    if (trial->rc != real->rc || trial->resultaat != DOSIS_PROEF) {
        return false;
    }
    return real->rc != DOSIS_OK
           || (trial->expected == real->resultaat
               && trial->versie == real->versie
               && trial->repeated == real->repeated
               && strcmp(trial->etag, real->etag) == 0);
}


static void
round_trip(fixture_t *f, tally_t *tally)
{
    uint64_t before = last_txn(f);
    dosis_delivery_t real = draw_delivery(f), trial = real;

    fixture_must(dosis_reader_begin(f->reader), "begin");
    dosis_deliver_trial(f->reader, FIXTURE_NOW, &trial);
    dosis_reader_end(f->reader);
    tally->moved += last_txn(f) != before;

    fixture_deliver(f, &real);
    tally->differ += !agree(&trial, &real);
    tally->conflicts += real.rc == DOSIS_ECONFLICT;
    tally->preconditions += real.rc == DOSIS_EPRECOND;
    tally->repeats += real.repeated;
    if (real.rc == DOSIS_OK && !real.repeated) {
        tally->seen[real.resultaat]++;
    } else if (real.rc == DOSIS_EINPUT) {
        tally->seen[DOSIS_GEWEIGERD]++;
    }
}


int
main(void)
{
    int i, missing = 0;
    fixture_t f;
    dosis_verify_t report;
    tally_t tally = { 0 };

    fixture_begin(&f);
    for (i = 0; i < ROUNDS; i++) {
        round_trip(&f, &tally);
        dosis_arena_reset(f.arena);
    }
    for (i = 0; i < DOSIS_PROEF; i++) {
        missing += tally.seen[i] == 0;
    }
    CHECK(tally.differ == 0,
        "a trial says of each delivery what it then comes to");
    CHECK(tally.moved == 0, "a trial writes nothing");
    CHECK(missing == 0, "every Resultaat has come up");
    CHECK(tally.conflicts > 10 && tally.preconditions > 10
              && tally.repeats > 10,
        "and so have used UploadIds, conditions and repeats");
    CHECK(fixture_is_whole(&f, &report), "the store is whole");
    fixture_end(&f);
    return tap_done();
}
