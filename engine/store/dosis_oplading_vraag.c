/* SPDX-License-Identifier: EUPL-1.2 */

#include "store/dosis_oplading_vraag.h"

#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "crypto/dosis_secret.h"

/* One question while it is judged. */
typedef struct {
    dosis_reader_t *reader;
    const dosis_oplading_vraag_t *vraag;
    dosis_arena_t *arena;
    dosis_oplading_t *to;
    dosis_err_t *err;
    dosis_rc_t rc;    /* sticky: what is no fault of the question */
} judge_t;


static void
wrong(judge_t *judge, const char *name, const char *text)
{
    dosis_err_add(judge->err, DOSIS_PARAMETER_ONGELDIG, name, "%s", text);
}


static dosis_slice_t
keep(judge_t *judge, dosis_slice_t text)
{
    dosis_slice_t kept = dosis_arena_copy(judge->arena, text);

    if (text.len > 0 && kept.data == NULL) {
        judge->rc = DOSIS_ENOMEM;
    }
    return kept;
}


static bool
yes_or_no(judge_t *judge, const char *name, dosis_slice_t text)
{
    bool yes = dosis_text_ieq(text, DOSIS_SLICE("true"));

    if (!yes && text.data != NULL
        && !dosis_text_ieq(text, DOSIS_SLICE("false"))) {
        dosis_err_add(judge->err, DOSIS_PARAMETER_ONGELDIG, name,
            "%s moet true of false zijn.", name);
    }
    return yes;
}


static void
judge_upload_id(judge_t *judge)
{
    char text[DOSIS_UUID_TEXT + 1];
    uint8_t random[16];
    size_t i;
    dosis_slice_t given = judge->vraag->upload_id;

    if (given.data == NULL) {
        judge->rc = dosis_random(random, sizeof(random));
        dosis_uuid_encode(text, random);
    } else if (dosis_uuid_valid(given)) {
        for (i = 0; i < DOSIS_UUID_TEXT; i++) {
            char c = given.data[i];

            text[i] = c >= 'A' && c <= 'F' ? (char) (c - 'A' + 'a') : c;
        }
    } else {
        wrong(judge, "uploadId", "uploadId moet een UUID zijn.");
        return;
    }
    judge->to->upload_id = keep(judge, dosis_slice(text, DOSIS_UUID_TEXT));
}


/* Behind the last slash of either kind: browsers have sent whole paths. */
static dosis_slice_t
last_part(dosis_slice_t path)
{
    size_t at;

    for (at = path.len; at > 0; at--) {
        if (path.data[at - 1] == '/' || path.data[at - 1] == '\\') {
            break;
        }
    }
    return dosis_slice(path.data + at, path.len - at);
}


/* It is shown, and so holds no person's number either. */
static void
judge_bestand(judge_t *judge)
{
    char name[DOSIS_BESTAND_MAX];
    size_t i;
    dosis_slice_t given = judge->vraag->bestand;

    if (given.data == NULL) {
        return;
    }
    given = dosis_text_trim(last_part(given));
    if (given.len > sizeof(name)) {
        dosis_err_add(judge->err, DOSIS_PARAMETER_ONGELDIG, "bestand",
            "De naam van een bestand is hoogstens %d bytes lang.",
            DOSIS_BESTAND_MAX);
        return;
    }
    for (i = 0; i < given.len; i++) {
        uint8_t byte = (uint8_t) given.data[i];

        if (byte < 0x20 || byte == 0x7f) {
            wrong(judge, "bestand",
                "De naam van een bestand bevat geen stuurtekens.");
            return;
        }
        name[i] = given.data[i];
    }
    if (!dosis_utf8_valid(given)) {
        wrong(judge, "bestand", "De naam van een bestand is UTF-8.");
        return;
    }
    (void) dosis_text_blank_numbers(name, given.len);
    judge->to->bestand = keep(judge, dosis_slice(name, given.len));
}


static void
judge_ontbrekend(judge_t *judge)
{
    dosis_slice_t text = judge->vraag->ontbrekend;

    judge->to->intrekken = dosis_text_ieq(text, DOSIS_SLICE("intrekken"));
    if (!judge->to->intrekken && text.data != NULL
        && !dosis_text_ieq(text, DOSIS_SLICE("melden"))) {
        wrong(judge, "ontbrekend",
            "ontbrekend moet intrekken of melden zijn.");
    }
}


/* Only a whole file is about a source, and says of which moment it is. */
static void
judge_alone(judge_t *judge)
{
    const struct {
        const char *name;
        dosis_slice_t text;
    } rows[] = {
        { "bron", judge->vraag->bron },
        { "peildatum", judge->vraag->peildatum },
        { "ontbrekend", judge->vraag->ontbrekend },
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].text.data != NULL) {
            wrong(judge, rows[i].name,
                "Deze parameter hoort bij volledig=true.");
        }
    }
}


/* data NULL: reported. */
static dosis_slice_t
demand(judge_t *judge, const char *name, dosis_slice_t text)
{
    text = text.data == NULL ? text : dosis_text_trim(text);
    if (text.len > 0) {
        return text;
    }
    dosis_err_add(judge->err, DOSIS_PARAMETER_ONTBREEKT, name,
        "Een volledig bestand noemt zijn bron en peildatum.");
    return dosis_slice(NULL, 0);
}


static void
judge_whole(judge_t *judge)
{
    const dosis_ref_t *ref = dosis_reader_ref(judge->reader);
    dosis_slice_t bron = demand(judge, "bron", judge->vraag->bron);
    dosis_slice_t when = demand(judge, "peildatum", judge->vraag->peildatum);

    judge_ontbrekend(judge);
    if (when.data != NULL
        && !dosis_time_parse(when, &judge->to->peildatum_ns)) {
        wrong(judge, "peildatum", "peildatum is geen geldig tijdstip.");
    } else if (judge->to->peildatum_ns > judge->to->ontvangen_ns) {
        wrong(judge, "peildatum", "peildatum ligt in de toekomst.");
    }
    if (bron.data == NULL) {
        return;
    }
    if (!dosis_ref_delivers(
            ref, judge->to->client, dosis_ref_bron(ref, bron))) {
        judge->rc = judge->rc == DOSIS_OK ? DOSIS_EDENIED : judge->rc;
        return;
    }
    judge->to->bron = keep(judge, bron);
}


dosis_rc_t
dosis_oplading_vraag(dosis_reader_t *reader,
    const dosis_oplading_vraag_t *vraag, dosis_arena_t *arena,
    dosis_oplading_t *ret_oplading, dosis_err_t *err)
{
    judge_t judge = { .reader = reader, .vraag = vraag, .arena = arena,
        .to = ret_oplading, .err = err };

    memset(ret_oplading, 0, sizeof(*ret_oplading));
    ret_oplading->toestand = DOSIS_OPLADING_WACHTEND;
    ret_oplading->ontvangen_ns = vraag->now_ns;
    ret_oplading->client = keep(&judge, vraag->client);
    ret_oplading->proef = yes_or_no(&judge, "proef", vraag->proef);
    ret_oplading->volledig = yes_or_no(&judge, "volledig", vraag->volledig);
    judge_upload_id(&judge);
    judge_bestand(&judge);
    if (ret_oplading->volledig) {
        judge_whole(&judge);
    } else {
        judge_alone(&judge);
    }
    if (judge.rc != DOSIS_OK) {
        return judge.rc;
    }
    return dosis_err_any(err) ? DOSIS_EINPUT : DOSIS_OK;
}
