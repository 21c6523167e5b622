/* SPDX-License-Identifier: EUPL-1.2 */
/* A consultation reads as it was written, and is told to whom it may be. */

#include <stdlib.h>

#include "../lib/tap.h"
#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "domain/dosis_inzage.h"

#define NOW_NS (INT64_C(1795521600) * DOSIS_NS_PER_S)
#define DAY_NS (INT64_C(86400) * DOSIS_NS_PER_S)

static dosis_shown_t shown;
static dosis_buf_t bytes;


static void
subject(const char *id, dosis_subject_t *to)
{
    memset(to, 0, sizeof(*to));
    (void) dosis_agent_parse(dosis_slice_of(id), DOSIS_VORM, &to->agent);
}


static dosis_inzage_t
example(const dosis_subject_t *about, size_t count)
{
    return (dosis_inzage_t){
        .time_ns = NOW_NS,
        .deur = DOSIS_DEUR_ZOEK,
        .klasse = DOSIS_INZAGE_UITGESTELD,
        .uitstel_dagen = 30,
        .client = DOSIS_SLICE("loket"),
        .aanvraag = DOSIS_SLICE("0123"),
        .gebruiker = DOSIS_SLICE("ik"),
        .doel = DOSIS_SLICE("balie"),
        .subject = about,
        .subjects = count,
        .shown = &shown,
    };
}


static dosis_rc_t
again(const dosis_inzage_t *inzage, dosis_inzage_view_t *view)
{
    dosis_buf_reset(&bytes);
    dosis_inzage_add(&bytes, inzage);
    return bytes.rc != DOSIS_OK
        ? bytes.rc
        : dosis_inzage_read(dosis_buf_slice(&bytes), view);
}


static void
check_same(void)
{
    uint8_t id[16] = "0123456789abcdef";
    dosis_subject_t about[2];
    dosis_inzage_t inzage = example(about, 2);
    dosis_inzage_view_t view;
    dosis_agent_t agent;
    dosis_slice_t rest;

    subject("0123456749", &about[0]);
    subject("OVO002949", &about[1]);
    shown.count = 0;
    dosis_shown_add(&shown, id);
    CHECK(again(&inzage, &view) == DOSIS_OK, "it reads");
    CHECK(view.time_ns == NOW_NS && view.deur == DOSIS_DEUR_ZOEK
            && view.klasse == DOSIS_INZAGE_UITGESTELD
            && view.uitstel_dagen == 30
            && dosis_slice_eq(view.client, inzage.client)
            && dosis_slice_eq(view.aanvraag, inzage.aanvraag)
            && dosis_slice_eq(view.gebruiker, inzage.gebruiker)
            && dosis_slice_eq(view.doel, inzage.doel)
            && view.zekerheid.len == 0 && view.bron.len == 0,
        "as it was written");
    CHECK(view.dossiers == 1 && memcmp(view.dossier, id, 16) == 0,
        "with its dossiers");
    rest = view.subject_bytes;
    CHECK(view.subjects == 2 && dosis_inzage_subject(&rest, &agent)
            && agent.soort == DOSIS_AGENT_KBO
            && dosis_inzage_subject(&rest, &agent)
            && dosis_slice_eq(dosis_agent_id(&agent), DOSIS_SLICE("OVO002949"))
            && !dosis_inzage_subject(&rest, &agent),
        "and whom it is about");
}


static void
check_broken(void)
{
    size_t i;
    bool refused = true;
    dosis_subject_t about[1];
    dosis_inzage_t inzage = example(about, 1);
    dosis_inzage_view_t view;

    subject("0123456749", &about[0]);
    (void) again(&inzage, &view);
    for (i = 0; i < bytes.len; i++) {
        refused &= dosis_inzage_read(dosis_slice(bytes.data, i), &view)
            == DOSIS_EFORMAT;
    }
    CHECK(refused, "cut anywhere it is none");
    dosis_buf_add_byte(&bytes, 0);
    CHECK(dosis_inzage_read(dosis_buf_slice(&bytes), &view) == DOSIS_EFORMAT,
        "with a byte more it is none");
}


static void
check_ceilings(void)
{
    size_t i;
    char name[DOSIS_AGENT_ID_MAX + 1];
    char text[400];
    uint8_t id[16] = { 0 };
    dosis_subject_t *about;
    dosis_inzage_t inzage;
    dosis_inzage_view_t view;

    about = calloc(DOSIS_SUBJECTS_MAX, sizeof(about[0]));
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    memset(text, 'y', sizeof(text));
    for (i = 0; i < DOSIS_SUBJECTS_MAX; i++) {
        subject(name, &about[i]);
    }
    shown.count = 0;
    for (i = 0; i < DOSIS_INZAGE_SHOWN_MAX + 3; i++) {
        dosis_shown_add(&shown, id);
    }
    inzage = example(about, DOSIS_SUBJECTS_MAX);
    inzage.client = inzage.gebruiker = inzage.doel =
        dosis_slice(text, sizeof(text));
    CHECK(again(&inzage, &view) == DOSIS_OK
            && bytes.len < DOSIS_INZAGE_MAX
            && view.subjects == DOSIS_SUBJECTS_MAX
            && view.dossiers == DOSIS_INZAGE_SHOWN_MAX
            && view.doel.len == DOSIS_INZAGE_TEXT_MAX,
        "the longest one fits");
    free(about);
}


static void
check_told(void)
{
    dosis_subject_t about[1];
    dosis_inzage_t inzage = example(about, 1);
    dosis_inzage_view_t view;
    dosis_client_t client = { .inzage = DOSIS_INZAGE_DIRECT,
        .inzage_uitstel_dagen = 10 };

    subject("0123456749", &about[0]);
    (void) again(&inzage, &view);
    CHECK(!dosis_inzage_shows(&view, NULL, NOW_NS + 30 * DAY_NS - 1)
            && dosis_inzage_shows(&view, NULL, NOW_NS + 30 * DAY_NS),
        "who is no longer registered: as it was noted");
    CHECK(dosis_inzage_shows(&view, &client, NOW_NS),
        "direct: at once, as registered now");
    client.inzage = DOSIS_INZAGE_UITGESTELD;
    CHECK(!dosis_inzage_shows(&view, &client, NOW_NS + 10 * DAY_NS - 1)
            && dosis_inzage_shows(&view, &client, NOW_NS + 10 * DAY_NS),
        "uitgesteld: when its days have gone by");
    client.inzage = DOSIS_INZAGE_VRIJGESTELD;
    CHECK(!dosis_inzage_shows(&view, &client, INT64_MAX / 2),
        "vrijgesteld: never");
    inzage.klasse = DOSIS_INZAGE_VRIJGESTELD;
    (void) again(&inzage, &view);
    CHECK(!dosis_inzage_shows(&view, NULL, INT64_MAX / 2),
        "nor when its registration is gone");
}


static void
check_json(void)
{
    dosis_subject_t about[1];
    dosis_inzage_t inzage = example(about, 1);
    dosis_inzage_view_t view;
    dosis_buf_t out;
    dosis_err_t err = { 0 };
    dosis_json_t *json = NULL;

    subject("0123456749", &about[0]);
    inzage.doel = DOSIS_SLICE("\"balie\"");
    (void) again(&inzage, &view);
    dosis_buf_init(&out, 1 << 20);
    dosis_inzage_add_json(&out, &view, 12, 3);
    CHECK(dosis_json_parse(dosis_buf_slice(&out), &json, &err) == DOSIS_OK,
        "for the auditor it is JSON");
    dosis_json_free(json);
    dosis_buf_done(&out);
}


int
main(void)
{
    dosis_json_init();
    dosis_buf_init(&bytes, DOSIS_INZAGE_MAX);
    check_same();
    check_broken();
    check_ceilings();
    check_told();
    check_json();
    dosis_buf_done(&bytes);
    return tap_done();
}
