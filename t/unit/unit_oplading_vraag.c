/* SPDX-License-Identifier: EUPL-1.2 */
/* unit_oplading_vraag.c: what is asked with a file is judged, all at once. */
#include "store/dosis_oplading_vraag.h"

#include "../lib/store_fixture.h"
#include "../lib/tap.h"

#define ID "C30C0DE7-F763-4648-B684-936162AA6A78"
#define CLIENT "leverancier"


/* The codes and fields of what is wrong, as one text. */
static const char *
wrong_of(fixture_t *f, dosis_oplading_vraag_t vraag, dosis_oplading_t *to)
{
    static char text[1024];
    dosis_err_t err = { 0 };
    uint32_t i;
    dosis_rc_t rc;
    size_t len = 0;

    vraag.client = DOSIS_SLICE(CLIENT);
    vraag.now_ns = FIXTURE_NOW;
    fixture_must(dosis_reader_begin(f->reader), "begin");
    rc = dosis_oplading_vraag(f->reader, &vraag, f->arena, to, &err);
    dosis_reader_end(f->reader);
    text[0] = '\0';
    for (i = 0; i < err.count; i++) {
        len += (size_t) snprintf(text + len, sizeof(text) - len, "%s%s %s",
            i > 0 ? ", " : "", err.item[i].code + strlen("Parameter"),
            err.item[i].field);
    }
    if (rc != DOSIS_OK && rc != DOSIS_EINPUT) {
        return dosis_rc_name(rc);
    }
    return rc == DOSIS_OK ? "fine" : text;
}


static bool
is(const char *text, const char *wanted)
{
    if (strcmp(text, wanted) != 0) {
        printf("# %s\n", text);
    }
    return strcmp(text, wanted) == 0;
}


#define ASK(...) ((dosis_oplading_vraag_t) { __VA_ARGS__ })
#define S(text) DOSIS_SLICE(text)

static void
test_fine(fixture_t *f)
{
    dosis_oplading_t o;

    CHECK(is(wrong_of(f, ASK(.now_ns = 0), &o), "fine") && !o.proef
            && !o.volledig && o.upload_id.len == 36 && o.bestand.len == 0
            && o.toestand == DOSIS_OPLADING_WACHTEND
            && o.ontvangen_ns == FIXTURE_NOW
            && dosis_slice_eq(o.client, S(CLIENT)),
        "nothing is asked: an UploadId is made");
    CHECK(is(wrong_of(f, ASK(.proef = S("TRUE"), .upload_id = S(ID),
                             .bestand = S("C:\\x\\een twee.csv"),
                             .volledig = S("true"), .bron = S(FIXTURE_BRON),
                             .peildatum = S("2026-01-02T03:04:05Z"),
                             .ontbrekend = S("intrekken")), &o), "fine")
            && o.proef && o.volledig && o.intrekken
            && dosis_slice_eq(o.upload_id,
                S("c30c0de7-f763-4648-b684-936162aa6a78"))
            && dosis_slice_eq(o.bestand, S("een twee.csv"))
            && dosis_slice_eq(o.bron, S(FIXTURE_BRON)) && o.peildatum_ns > 0,
        "everything is asked: of a path the last part is the name");
    CHECK(is(wrong_of(f, ASK(.bestand = S("85.07.30-007.54.csv")), &o), "fine")
            && memcmp(o.bestand.data, "xx.xx.xx-xxx.xx.csv", o.bestand.len)
                == 0,
        "a name shows no number of a person");
}


static void
test_wrong(fixture_t *f)
{
    static const char name[DOSIS_BESTAND_MAX + 1] = { [0] = 'a', [200] = 'b' };
    static char filled[DOSIS_BESTAND_MAX + 1];
    dosis_oplading_t o;

    memset(filled, 'n', sizeof(filled));
    CHECK(is(wrong_of(f, ASK(.proef = S("ja"), .volledig = S(""),
                             .upload_id = S("1"), .bestand = S("a\nb"),
                             .bron = S("x"), .peildatum = S("y"),
                             .ontbrekend = S("z")), &o),
              "Ongeldig proef, Ongeldig volledig, Ongeldig uploadId, "
              "Ongeldig bestand, Ongeldig bron, Ongeldig peildatum, "
              "Ongeldig ontbrekend"),
        "all that is wrong, at once");
    CHECK(is(wrong_of(f, ASK(.volledig = S("true")), &o),
              "Ontbreekt bron, Ontbreekt peildatum"),
        "a whole file says of what, and of when");
    CHECK(is(wrong_of(f, ASK(.volledig = S("true"), .bron = S(FIXTURE_BRON),
                             .peildatum = S("2099-01-01"),
                             .ontbrekend = S("weg")), &o),
              "Ongeldig ontbrekend, Ongeldig peildatum"),
        "not of a moment to come");
    CHECK(is(wrong_of(f, ASK(.volledig = S("true"), .bron = S("urn://ander"),
                             .peildatum = S("2026-01-01")), &o), "EDENIED"),
        "not of a source of somebody else, or of nobody");
    CHECK(is(wrong_of(f, ASK(.bestand = dosis_slice(filled, 200)), &o), "fine")
            && is(wrong_of(f, ASK(.bestand = dosis_slice(filled, 201)), &o),
                "Ongeldig bestand")
            && is(wrong_of(f, ASK(.bestand = S("\xff")), &o),
                "Ongeldig bestand")
            && is(wrong_of(f, ASK(.bestand = dosis_slice(name, 200)), &o),
                "Ongeldig bestand"),
        "a name has its ceiling, and is text");
}


int
main(void)
{
    fixture_t f;

    fixture_begin(&f);
    fixture_put(&f, DOSIS_REF_CLIENT,
        S("{\"Client\":\"" CLIENT "\",\"Naam\":\"L\",\"Bronnen\":[\""
          FIXTURE_BRON "\"]}"));
    test_fine(&f);
    test_wrong(&f);
    fixture_end(&f);
    return tap_done();
}
