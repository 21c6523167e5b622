/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/dosis_uitleg.h"

#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "store/store_find.h"
#include "store/store_view.h"

/* One dossier, explained for one subject after another. */
typedef struct {
    dosis_reader_t *reader;
    const dosis_uitleg_t *asked;
    const uint8_t *id;
    store_held_t held;
    const dosis_bron_t *bron;
    const dosis_client_t *loket;   /* NULL: none asked, or it is none */
    bool before;                   /* what stands before the rules holds */
    bool detail;                   /* one of the subjects sees it there, */
    bool lijst;                    /* and there */
} uitleg_t;

/* What a counter must pass before the rules are asked. */
static bool
loket_known(const uitleg_t *u, const store_view_t *view)
{
    (void) view;
    return u->loket != NULL && u->loket->is_loket;
}


static bool
loket_active(const uitleg_t *u, const store_view_t *view)
{
    (void) view;
    return u->loket != NULL && u->loket->actief;
}


static bool
loket_asks(const uitleg_t *u, const store_view_t *view)
{
    size_t i;

    (void) view;
    for (i = 0; i < u->asked->subjects; i++) {
        if (u->loket == NULL
            || !dosis_client_asks(u->loket,
                u->asked->subject[i].agent.soort)) {
            return false;
        }
    }
    return true;
}


static bool
loket_bron(const uitleg_t *u, const store_view_t *view)
{
    (void) view;
    return u->loket != NULL && store_view_bron_in_scope(u->loket, u->bron);
}


/* A withdrawn dossier has no products left to look at. */
static bool
loket_product(const uitleg_t *u, const store_view_t *view)
{
    return u->loket != NULL
           && (u->held.state != HELD_LIVE
               || store_view_product_in_scope(u->loket, view));
}


static const struct {
    const char *code;
    const char *tekst;
    bool (*holds)(const uitleg_t *u, const store_view_t *view);
} before[] = {
    { "LoketGeregistreerd", "Deze client is als loket geregistreerd.",
        loket_known },
    { "LoketActief", "Het loket is actief.", loket_active },
    { "LoketAgentSoort",
        "Het loket mag naar agenten van deze soorten vragen.", loket_asks },
    { "LoketBron", "Het loket krijgt dossiers van deze bron.", loket_bron },
    { "LoketProduct", "Het loket krijgt dossiers van dit product.",
        loket_product },
};


static void
add_step(dosis_buf_t *out, const char *code, const char *tekst)
{
    DOSIS_BUF_LIT(out, "{");
    dosis_json_add_member(out, "Code", dosis_slice_of(code));
    dosis_buf_add_byte(out, ',');
    dosis_json_add_member(out, "Omschrijving", dosis_slice_of(tekst));
}


static dosis_rc_t
add_before(uitleg_t *u, dosis_buf_t *out)
{
    size_t i;
    bool holds;
    dosis_rc_t rc = DOSIS_OK;
    dosis_slice_t bytes;
    store_view_t view;

    DOSIS_BUF_LIT(out, "\"Vooraf\":[");
    u->before = true;
    if (u->asked->loket.len > 0 && u->held.state == HELD_LIVE) {
        rc = store_find_row(u->reader, u->held.agent[0], u->id, &bytes);
        if (rc == DOSIS_OK) {
            rc = store_view_read(u->reader, bytes, &view);
        }
    }
    for (i = 0; rc == DOSIS_OK && u->asked->loket.len > 0
         && i < sizeof(before) / sizeof(before[0]); i++) {
        if (i > 0) {
            dosis_buf_add_byte(out, ',');
        }
        holds = before[i].holds(u, &view);
        u->before = u->before && holds;
        add_step(out, before[i].code, before[i].tekst);
        dosis_buf_addf(out, ",\"Voldaan\":%s}", holds ? "true" : "false");
    }
    dosis_buf_add_byte(out, ']');
    return rc;
}


/* One door: the rules up to the one that decides; none before it holds. */
static void
add_door(dosis_buf_t *out, const char *name, const dosis_access_rule_t *decides)
{
    const dosis_access_rule_t *rule;

    dosis_buf_addf(out, ",\"%s\":{\"Zichtbaar\":%s,", name,
        dosis_verdict_sees(decides->verdict) ? "true" : "false");
    dosis_json_add_member(out, "Beslist", dosis_slice_of(decides->code));
    DOSIS_BUF_LIT(out, ",\"Stappen\":[");
    for (rule = dosis_access_rules; rule <= decides; rule++) {
        add_step(out, rule->code, rule->tekst);
        if (rule == decides) {
            DOSIS_BUF_LIT(out, ",\"Geldt\":true}]}");
        } else {
            DOSIS_BUF_LIT(out, ",\"Geldt\":false},");
        }
    }
}


static void
add_rights(dosis_buf_t *out, const char *name, const dosis_slice_t *rechten,
    size_t count)
{
    size_t i;

    dosis_buf_addf(out, ",\"%s\":[", name);
    for (i = 0; i < count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(out, ',');
        }
        dosis_json_add_string(out, rechten[i]);
    }
    dosis_buf_add_byte(out, ']');
}


/* Of that agent's copy; a withdrawn dossier has only its head. */
static dosis_rc_t
explain(uitleg_t *u, const dosis_subject_t *subject, bool *ret_is_agent,
    store_explained_t *ret)
{
    int at = store_find_agent(u->reader, &u->held, &subject->agent);
    dosis_rc_t rc = DOSIS_OK;
    dosis_slice_t bytes;
    store_class_t class = { 0 };
    store_row_t row;
    const store_access_t what = { u->held.state == HELD_LIVE,
        u->held.head.flags, u->held.head.bron, at < 0 ? NULL : &class };

    *ret_is_agent = at >= 0;
    if (what.live && at >= 0) {
        rc = store_find_row(u->reader, u->held.agent[at], u->id, &bytes);
        if (rc == DOSIS_OK) {
            rc = store_row_read(bytes, &row);
        }
        if (rc == DOSIS_OK) {
            rc = store_part_read_now(row.part, &class);
        }
    }
    return rc == DOSIS_OK ? store_view_explain(u->reader, subject, &what, ret)
                          : rc;
}


static dosis_rc_t
add_subject(uitleg_t *u, const dosis_subject_t *subject, dosis_buf_t *out)
{
    bool is_agent;
    dosis_rc_t rc;
    store_explained_t explained;

    rc = explain(u, subject, &is_agent, &explained);
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_buf_add_byte(out, '{');
    dosis_json_add_member(out, "Identificatie",
        dosis_agent_id(&subject->agent));
    dosis_buf_addf(out, ",\"Soort\":\"%s\",\"IsAgent\":%s,\"Zekerheid\":%s",
        dosis_agent_soort_name(subject->agent.soort),
        is_agent ? "true" : "false", subject->vertrouwelijk ? "true" : "false");
    add_rights(out, "Rechten", subject->rechten, subject->rechten_count);
    add_rights(out, "Genoteerd", explained.rechten, explained.rechten_count);
    add_door(out, "Detail", explained.detail);
    add_door(out, "Lijst", explained.lijst);
    dosis_buf_add_byte(out, '}');
    u->detail |= dosis_verdict_sees(explained.detail->verdict);
    u->lijst |= dosis_verdict_sees(explained.lijst->verdict);
    return out->rc;
}


static dosis_rc_t
add_subjects(uitleg_t *u, dosis_buf_t *out)
{
    size_t i;
    dosis_rc_t rc = DOSIS_OK;

    DOSIS_BUF_LIT(out, ",\"Agenten\":[");
    for (i = 0; rc == DOSIS_OK && i < u->asked->subjects; i++) {
        if (i > 0) {
            dosis_buf_add_byte(out, ',');
        }
        rc = add_subject(u, &u->asked->subject[i], out);
    }
    dosis_buf_add_byte(out, ']');
    return rc;
}


/* The dossier and its source, of which whoever asks may hear. */
static dosis_rc_t
find(uitleg_t *u)
{
    dosis_rc_t rc;
    const dosis_ref_t *ref = u->reader->ref;

    rc = store_find_held(u->reader, u->id, &u->held);
    if (rc != DOSIS_OK || u->held.state == HELD_NOTHING) {
        return rc != DOSIS_OK ? rc : DOSIS_ENOTFOUND;
    }
    u->bron = dosis_ref_bron_nummer(ref, u->held.head.bron);
    if (u->bron == NULL) {
        return DOSIS_EFORMAT;
    }
    if (!u->asked->beheer
        && !dosis_ref_delivers(ref, u->asked->client, u->bron)) {
        return DOSIS_ENOTFOUND;
    }
    if (u->asked->loket.len > 0) {
        u->loket = dosis_ref_client(ref, u->asked->loket);
    }
    return DOSIS_OK;
}


static void
add_begin(const uitleg_t *u, dosis_buf_t *out)
{
    char id[DOSIS_ID_TEXT + 1];

    dosis_id_encode(id, u->id);
    dosis_buf_add_byte(out, '{');
    dosis_json_add_member(out, "DossierId", dosis_slice(id, DOSIS_ID_TEXT));
    dosis_buf_add_byte(out, ',');
    dosis_json_add_member(out, "Bron", u->bron->bron);
    dosis_buf_addf(out, ",\"BronActief\":%s,",
        u->bron->actief ? "true" : "false");
    if (u->asked->gebruiker.len > 0) {
        dosis_json_add_member(out, "Gebruiker", u->asked->gebruiker);
        dosis_buf_add_byte(out, ',');
    }
    if (u->asked->mandataris != NULL) {
        dosis_json_add_member(out, "Mandataris",
            dosis_agent_id(u->asked->mandataris));
        dosis_buf_add_byte(out, ',');
    }
}


dosis_rc_t
dosis_uitleg(dosis_reader_t *reader, const dosis_uitleg_t *asked,
    const uint8_t id[16], dosis_buf_t *body)
{
    dosis_rc_t rc;
    uitleg_t u = { .reader = reader, .asked = asked, .id = id };

    rc = find(&u);
    if (rc != DOSIS_OK) {
        return rc;
    }
    add_begin(&u, body);
    rc = add_before(&u, body);
    if (rc == DOSIS_OK) {
        rc = add_subjects(&u, body);
    }
    dosis_buf_addf(body, ",\"Zichtbaar\":%s,\"InLijst\":%s}",
        u.before && u.detail ? "true" : "false",
        u.before && u.lijst ? "true" : "false");
    return rc != DOSIS_OK ? rc : body->rc;
}
