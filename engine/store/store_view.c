/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "store/store_contact.h"
#include "store/store_door.h"
#include "store/store_filter.h"
#include "store/store_view.h"


/* --- reading ------------------------------------------------------------- */

/* The members that found no room in the row. */
static dosis_rc_t
read_lang(dosis_reader_t *reader, store_view_t *view)
{
    dosis_rc_t rc;

    dosis_buf_reset(&reader->lang);
    rc = store_get(&reader->snap, DB_LANG,
        dosis_slice(view->row.head.id, STORE_ID_BYTES), &reader->lang);
    if (rc == DOSIS_OK) {
        rc = store_content_read(dosis_buf_slice(&reader->lang),
            &view->content);
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
}


dosis_rc_t
store_view_of(dosis_reader_t *reader, const store_row_t *row,
    store_view_t *view)
{
    dosis_rc_t rc;

    view->row = *row;
    store_content_clear(&view->content);
    rc = store_content_read(row->content, &view->content);
    if (rc == DOSIS_OK && (row->head.flags & ROW_LANG)) {
        rc = read_lang(reader, view);
    }
    view->bron = dosis_ref_bron_nummer(reader->ref, row->head.bron);
    return rc == DOSIS_OK && view->bron == NULL ? DOSIS_EFORMAT : rc;
}


dosis_rc_t
store_view_read(dosis_reader_t *reader, dosis_slice_t bytes,
    store_view_t *view)
{
    store_row_t row;
    dosis_rc_t rc = store_row_read(bytes, &row);

    return rc == DOSIS_OK ? store_view_of(reader, &row, view) : rc;
}


/* --- judging ------------------------------------------------------------- */

/* What the access function is asked; rechten: room for those listed. */
static dosis_rc_t
record_of(dosis_reader_t *reader, const store_access_t *what,
    dosis_slice_t rechten[DOSIS_RECHTEN_MAX], dosis_access_record_t *record)
{
    int i;
    dosis_rc_t rc = DOSIS_OK;
    const dosis_bron_t *bron;

    record->ingetrokken = !what->live;
    record->publiek = (what->flags & ROW_PUBLIEK) != 0;
    record->vertrouwelijk = (what->flags & ROW_VERTROUWELIJK) != 0;
    record->is_agent = what->class != NULL;
    record->rechten = rechten;
    record->rechten_count = what->class != NULL ? what->class->count : 0;
    for (i = 0; rc == DOSIS_OK && i < (int) record->rechten_count; i++) {
        rc = store_intern_text(reader->intern, &reader->snap, INTERN_RECHT,
            what->class->rechten[i], &rechten[i]);
    }
    bron = dosis_ref_bron_nummer(reader->ref, what->bron);
    if (rc == DOSIS_OK && bron == NULL) {
        rc = DOSIS_EFORMAT;
    }
    record->zonder_recht_iedereen = bron != NULL && bron->zonder_recht_iedereen;
    return rc;
}


dosis_rc_t
store_view_judge_class(dosis_reader_t *reader, const dosis_subject_t *subject,
    const store_access_t *what, dosis_verdict_t *ret_verdict)
{
    dosis_rc_t rc;
    dosis_slice_t rechten[DOSIS_RECHTEN_MAX];
    dosis_access_record_t record = { .soort = subject->agent.soort };

    rc = record_of(reader, what, rechten, &record);
    if (rc == DOSIS_OK) {
        *ret_verdict = dosis_access(subject, &record,
            record.is_agent ? DOSIS_DOOR_LIST : DOSIS_DOOR_DETAIL);
    }
    return rc;
}


dosis_rc_t
store_view_explain(dosis_reader_t *reader, const dosis_subject_t *subject,
    const store_access_t *what, store_explained_t *ret)
{
    dosis_rc_t rc;
    dosis_access_record_t record = { .soort = subject->agent.soort };

    rc = record_of(reader, what, ret->rechten, &record);
    if (rc == DOSIS_OK) {
        ret->rechten_count = record.rechten_count;
        ret->lijst = dosis_access_decide(subject, &record, DOSIS_DOOR_LIST);
        ret->detail = dosis_access_decide(subject, &record, DOSIS_DOOR_DETAIL);
    }
    return rc;
}


dosis_rc_t
store_view_judge(dosis_reader_t *reader, const dosis_subject_t *subject,
    const store_row_t *row, bool is_agent, dosis_verdict_t *ret_verdict)
{
    dosis_rc_t rc = DOSIS_OK;
    store_class_t class = { 0 };
    store_access_t what = { row->head.kind == ROW_LIVE, row->head.flags,
        row->head.bron, is_agent ? &class : NULL };

    if (is_agent) {
        rc = store_part_read_now(row->part, &class);
    }
    return rc == DOSIS_OK
               ? store_view_judge_class(reader, subject, &what, ret_verdict)
               : rc;
}


bool
store_view_bron_in_scope(const dosis_client_t *loket, const dosis_bron_t *bron)
{
    return loket == NULL || loket->loket_bronnen_count == 0
           || dosis_slice_in(bron->bron, loket->loket_bronnen,
               loket->loket_bronnen_count);
}


bool
store_view_product_in_scope(const dosis_client_t *loket,
    const store_view_t *view)
{
    int i;

    for (i = 0; loket != NULL && i < view->content.producten_count; i++) {
        if (dosis_slice_in(view->content.producten[i], loket->producten,
                loket->producten_count)) {
            return true;
        }
    }
    return loket == NULL || loket->producten_count == 0;
}


bool
store_view_in_scope(const dosis_client_t *loket, const store_view_t *view)
{
    return store_view_bron_in_scope(loket, view->bron)
           && store_view_product_in_scope(loket, view);
}


/* --- pieces -------------------------------------------------------------- */

/* How a field becomes a member. */
typedef enum {
    SHOW_TEXT,
    SHOW_MOMENT,
    SHOW_DAY
} show_t;

typedef struct {
    int field;
    show_t show;
    dosis_slice_t lead;     /* `,"Naam":` */
} member_t;

/* DOSIS_SLICE for a static initialiser. */
#define LEAD(literal) { literal, sizeof(literal) - 1 }

/* Written as they stand: fields keep their texts JSON-escaped. */
static inline void
add_led(dosis_buf_t *out, dosis_slice_t lead, dosis_slice_t text)
{
    char *to = dosis_buf_grow(out, lead.len + text.len + 2);

    if (to != NULL) {
        memcpy(to, lead.data, lead.len);
        to += lead.len;
        *to++ = '"';
        if (text.len > 0) {
            memcpy(to, text.data, text.len);
        }
        to[text.len] = '"';
    }
}


/*
 * A piece of several texts makes room once: for them and for the names, numbers
 * and dates between them, which take less than PIECE_BYTES.
 */
#define PIECE_BYTES 256

static inline char *
piece_begin(dosis_buf_t *out, size_t texts)
{
    return dosis_buf_grow(out, PIECE_BYTES + texts);
}


static inline char *
put(char *to, dosis_slice_t text)
{
    if (text.len > 0) {
        memcpy(to, text.data, text.len);
    }
    return to + text.len;
}


/* Gives back what was not used. */
static inline void
piece_end(dosis_buf_t *out, const char *to)
{
    out->len = (size_t) (to - out->data);
}


static void
add_escaped(dosis_buf_t *out, dosis_slice_t text)
{
    add_led(out, DOSIS_SLICE(""), text);
}


static void
add_member(dosis_buf_t *out, const store_content_t *c, const member_t *m)
{
    if (!store_content_has(c, m->field)) {
        return;
    }
    if (m->show == SHOW_TEXT) {
        add_led(out, m->lead, c->text[m->field]);
        return;
    }
    dosis_buf_add_slice(out, m->lead);
    dosis_buf_add_byte(out, '"');
    if (m->show == SHOW_MOMENT) {
        dosis_time_add_utc(out, (int64_t) c->number[m->field]);
    } else {
        dosis_date_add(out, (int32_t) (int64_t) c->number[m->field]);
    }
    dosis_buf_add_byte(out, '"');
}


static void
add_code(dosis_buf_t *out, dosis_slice_t lead, const dosis_codelijst_t *lijst,
    uint64_t nummer)
{
    add_led(out, lead, dosis_codelijst_code(lijst, (uint16_t) nummer));
}


static void
add_actie(dosis_buf_t *out, const store_content_t *c)
{
    static const member_t members[] = {
        { FIELD_ACTIE, SHOW_TEXT, LEAD(",\"Actie\":") },
        { FIELD_VOOR, SHOW_DAY, LEAD(",\"Voor\":") },
    };

    if (!store_content_has(c, FIELD_ACTIE_NODIG)
        && !store_content_has(c, FIELD_ACTIE)
        && !store_content_has(c, FIELD_VOOR)) {
        return;
    }
    DOSIS_BUF_LIT(out, ",\"Actie\":{\"ActieNodig\":");
    if (c->number[FIELD_ACTIE_NODIG]) {
        DOSIS_BUF_LIT(out, "true");
    } else {
        DOSIS_BUF_LIT(out, "false");
    }
    add_member(out, c, &members[0]);
    add_member(out, c, &members[1]);
    dosis_buf_add_byte(out, '}');
}


/* Detail2 is never shown here: it is the source's own (api.md 2). */
static void
add_status(dosis_reader_t *reader, dosis_buf_t *out, const store_content_t *c)
{
    static const member_t members[] = {
        { FIELD_DETAIL1, SHOW_TEXT, LEAD(",\"Detail1\":") },
        { FIELD_STATUS_STREEF, SHOW_MOMENT, LEAD(",\"StreefDatum\":") },
    };
    char *to;
    dosis_slice_t fase, code;
    const dosis_codelijsten_t *l = dosis_ref_lijsten(reader->ref);

    if (!store_content_has(c, FIELD_FASE)) {
        return;
    }
    fase = dosis_codelijst_code(l->fase, (uint16_t) c->number[FIELD_FASE]);
    code = dosis_codelijst_code(l->code, (uint16_t) c->number[FIELD_CODE]);
    to = piece_begin(out, fase.len + code.len);
    if (to == NULL) {
        return;
    }
    to = put(to, DOSIS_SLICE(",\"Status\":{\"VlaamsFase\":\""));
    to = put(to, fase);
    to = put(to, DOSIS_SLICE("\",\"VlaamsCode\":\""));
    to = put(to, code);
    to = put(to, DOSIS_SLICE("\""));
    piece_end(out, to);
    add_member(out, c, &members[0]);
    if (store_content_has(c, FIELD_EDRL)) {
        add_code(out, DOSIS_SLICE(",\"EDRL\":"),
            l->edrl, c->number[FIELD_EDRL]);
    }
    add_member(out, c, &members[1]);
    add_actie(out, c);
    dosis_buf_add_byte(out, '}');
}


/* All of it, for the source itself; a reference may have a part only. */
static void
add_status_whole(dosis_reader_t *reader, dosis_buf_t *out,
    const store_content_t *c)
{
    static const member_t members[] = {
        { FIELD_DETAIL1, SHOW_TEXT, LEAD(",\"Detail1\":") },
        { FIELD_DETAIL2, SHOW_TEXT, LEAD(",\"Detail2\":") },
        { FIELD_STATUS_STREEF, SHOW_MOMENT, LEAD(",\"StreefDatum\":") },
    };
    size_t i, at;
    const dosis_codelijsten_t *l = dosis_ref_lijsten(reader->ref);

    DOSIS_BUF_LIT(out, ",\"Status\":");
    at = out->len;
    if (store_content_has(c, FIELD_FASE)) {
        add_code(out, DOSIS_SLICE(",\"VlaamsFase\":"),
            l->fase, c->number[FIELD_FASE]);
        add_code(out, DOSIS_SLICE(",\"VlaamsCode\":"),
            l->code, c->number[FIELD_CODE]);
    }
    for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        add_member(out, c, &members[i]);
    }
    if (store_content_has(c, FIELD_EDRL)) {
        add_code(out, DOSIS_SLICE(",\"EDRL\":"),
            l->edrl, c->number[FIELD_EDRL]);
    }
    add_actie(out, c);
    if (out->rc != DOSIS_OK) {
        return;
    }
    if (out->len == at) {
        DOSIS_BUF_LIT(out, "null");
        return;
    }
    out->data[at] = '{';    /* in the place of the first comma */
    dosis_buf_add_byte(out, '}');
}


/* A registered one as it was made ready, another by its id alone. */
static char *
put_product(const dosis_ref_t *ref, dosis_buf_t *out, char *to,
    dosis_slice_t id)
{
    dosis_slice_t json = dosis_ref_product(ref, id);

    piece_end(out, to);
    to = piece_begin(out, id.len + json.len);
    if (to == NULL || json.len > 0) {
        return to == NULL ? NULL : put(to, json);
    }
    to = put(to, DOSIS_SLICE("{\"Id\":\""));
    to = put(to, id);
    return put(to, DOSIS_SLICE("\"}"));
}


static void
add_producten(dosis_reader_t *reader, dosis_buf_t *out,
    const store_content_t *c)
{
    int i;
    char *to = piece_begin(out, 0);

    if (to == NULL) {
        return;
    }
    to = put(to, DOSIS_SLICE(",\"Producten\":["));
    for (i = 0; to != NULL && i < c->producten_count; i++) {
        if (i > 0) {
            *to++ = ',';
        }
        to = put_product(reader->ref, out, to, c->producten[i]);
    }
    if (to != NULL) {
        *to++ = ']';
        piece_end(out, to);
    }
}


static void
add_type(dosis_reader_t *reader, dosis_buf_t *out, const store_content_t *c)
{
    if (store_content_has(c, FIELD_TYPE_TEKST)) {
        DOSIS_BUF_LIT(out, ",\"TypeDossierCode\":");
        add_escaped(out, c->text[FIELD_TYPE_TEKST]);
        return;
    }
    add_code(out, DOSIS_SLICE(",\"TypeDossierCode\":"),
        dosis_ref_lijsten(reader->ref)->type,
        c->number[FIELD_TYPE]);
}


/* `"Identificatie"` to `"WijzigingsDatum"`. */
static void
add_naming(const store_view_t *view, dosis_buf_t *out)
{
    dosis_slice_t nummer = view->content.text[FIELD_NUMMER];
    dosis_slice_t naam = view->content.text[FIELD_NAAM];
    dosis_slice_t bron = view->bron->bron_json;
    char *to = piece_begin(out, bron.len + nummer.len + naam.len);

    if (to == NULL) {
        return;
    }
    to = put(to, DOSIS_SLICE(",\"Identificatie\":{\"Bron\":\""));
    to = put(to, bron);
    to = put(to, DOSIS_SLICE("\",\"DossierNummer\":\""));
    to = put(to, nummer);
    to = put(to, DOSIS_SLICE("\"},\"Naam\":\""));
    to = put(to, naam);
    to = put(to, DOSIS_SLICE("\",\"WijzigingsDatum\":\""));
    to = dosis_time_put_utc(to, view->row.head.stamp.date_ns);
    to = put(to, DOSIS_SLICE("\""));
    piece_end(out, to);
}


#define ROW_BEGIN "{\"DossierId\":\""

/* What every view begins with: up to the status. */
static void
add_begin(dosis_reader_t *reader, const store_view_t *view, dosis_buf_t *out)
{
    char *to = piece_begin(out, DOSIS_ID_TEXT + 1);

    if (to != NULL) {
        to = put(to, DOSIS_SLICE(ROW_BEGIN));
        dosis_id_encode(to, view->row.head.id);
        to = put(to + DOSIS_ID_TEXT, DOSIS_SLICE("\",\"Versie\":"));
        piece_end(out, to);
    }
    dosis_buf_add_uint(out, view->row.head.versie);
    add_naming(view, out);
    add_type(reader, out, &view->content);
}


static void
add_behind_status(dosis_reader_t *reader, const store_content_t *c,
    dosis_buf_t *out)
{
    static const member_t streef = { FIELD_STREEF, SHOW_MOMENT,
        LEAD(",\"StreefDatum\":") };

    add_producten(reader, out, c);
    add_member(out, c, &streef);
}


/* What row and detail share, in one order; without the closing brace. */
static void
add_common(dosis_reader_t *reader, const store_view_t *view,
    dosis_slice_t door, dosis_buf_t *out)
{
    size_t id_at = out->len + DOSIS_SLICE(ROW_BEGIN).len;

    add_begin(reader, view, out);
    add_status(reader, out, &view->content);
    add_behind_status(reader, &view->content, out);
    store_door_add(view, door, id_at, out);
}


dosis_rc_t
store_view_add_row(dosis_reader_t *reader, const store_view_t *view,
    dosis_slice_t door, dosis_buf_t *out)
{
    add_common(reader, view, door, out);
    dosis_buf_add_byte(out, '}');
    return out->rc;
}


dosis_rc_t
store_view_add_version(dosis_reader_t *reader, const store_view_t *view,
    dosis_buf_t *out)
{
    static const member_t naam = { FIELD_NAAM, SHOW_TEXT, LEAD(",\"Naam\":") };
    static const member_t streef = { FIELD_STREEF, SHOW_MOMENT,
        LEAD(",\"StreefDatum\":") };

    add_member(out, &view->content, &naam);
    add_type(reader, out, &view->content);
    add_status(reader, out, &view->content);
    add_producten(reader, out, &view->content);
    add_member(out, &view->content, &streef);
    return out->rc;
}


/* --- detail -------------------------------------------------------------- */

static dosis_rc_t
add_one_agent(dosis_reader_t *reader, const store_agent_t *agent,
    dosis_buf_t *out)
{
    int i;
    dosis_rc_t rc;
    dosis_slice_t recht;
    const dosis_codelijst_t *rol = dosis_ref_lijsten(reader->ref)->rol;

    DOSIS_BUF_LIT(out, "{\"Identificatie\":");
    add_escaped(out, agent->id);
    DOSIS_BUF_LIT(out, ",\"Toegangsrechten\":[");
    for (i = 0; i < agent->count; i++) {
        rc = store_intern_text(reader->intern, &reader->snap, INTERN_RECHT,
            agent->rechten[i], &recht);
        if (rc != DOSIS_OK) {
            return rc;
        }
        dosis_buf_addf(out, "%s{\"Code\":", i > 0 ? "," : "");
        dosis_json_add_string(out, recht);
        dosis_buf_add_byte(out, '}');
    }
    dosis_buf_add_byte(out, ']');
    if (agent->rol != 0) {
        add_code(out, DOSIS_SLICE(",\"Rol\":"), rol, agent->rol);
    }
    dosis_buf_add_byte(out, '}');
    return out->rc;
}


static dosis_rc_t
add_agent(dosis_reader_t *reader, const store_agent_t *agent, dosis_buf_t *out)
{
    dosis_rc_t rc;

    DOSIS_BUF_LIT(out, ",\"Agenten\":[");
    rc = add_one_agent(reader, agent, out);
    dosis_buf_add_byte(out, ']');
    return rc != DOSIS_OK ? rc : out->rc;
}


static dosis_rc_t
add_agents(dosis_reader_t *reader, const store_content_t *c, dosis_buf_t *out)
{
    int i;
    dosis_rc_t rc = DOSIS_OK;
    store_agent_t agent;

    DOSIS_BUF_LIT(out, ",\"Agenten\":[");
    for (i = 0; rc == DOSIS_OK && i < c->agenten_count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(out, ',');
        }
        rc = store_agent_read(c->agenten[i], &agent);
        if (rc == DOSIS_OK) {
            rc = add_one_agent(reader, &agent, out);
        }
    }
    dosis_buf_add_byte(out, ']');
    return rc != DOSIS_OK ? rc : out->rc;
}


/* Only the subject's own entry: who else is in it is nobody's business. */
static dosis_rc_t
add_own_agent(dosis_reader_t *reader, const store_content_t *c,
    const dosis_agent_t *own, dosis_buf_t *out)
{
    dosis_rc_t rc;
    store_agent_t agent;

    rc = store_content_agent(c, own, &agent);
    if (rc != DOSIS_OK) {
        return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
    }
    return add_agent(reader, &agent, out);
}


static void
add_fasen(dosis_reader_t *reader, const store_content_t *c, dosis_buf_t *out)
{
    bool first = true;
    dosis_wire_t wire;
    const dosis_codelijst_t *fase = dosis_ref_lijsten(reader->ref)->fase;

    if (!store_content_has(c, FIELD_FASEN)) {
        return;
    }
    DOSIS_BUF_LIT(out, ",\"MogelijkeVlaamseFases\":[");
    dosis_wire_init(&wire, c->text[FIELD_FASEN]);
    while (wire.ok && wire.pos < wire.end) {
        add_code(out, dosis_slice_of(first ? "" : ","), fase,
            dosis_wire_varint(&wire));
        first = false;
    }
    dosis_buf_add_byte(out, ']');
}


static void
add_flag(dosis_buf_t *out, const char *name, bool flag)
{
    dosis_buf_addf(out, ",\"%s\":%s", name, flag ? "true" : "false");
}


/* What detail and whole end with, after the agents. */
static void
add_end(dosis_reader_t *reader, const store_view_t *view, dosis_buf_t *out)
{
    static const member_t frequentie = { FIELD_FREQUENTIE, SHOW_TEXT,
        LEAD(",\"UpdateFrequentieCode\":") };

    add_flag(out, "IsPubliek", (view->row.head.flags & ROW_PUBLIEK) != 0);
    add_flag(out, "IsVertrouwelijk",
        (view->row.head.flags & ROW_VERTROUWELIJK) != 0);
    add_member(out, &view->content, &frequentie);
    add_fasen(reader, &view->content, out);
    dosis_buf_add_byte(out, '}');
}


dosis_rc_t
store_view_add_detail(dosis_reader_t *reader, const store_view_t *view,
    const dosis_agent_t *own, dosis_slice_t door, dosis_buf_t *out)
{
    dosis_rc_t rc;
    const store_content_t *c = &view->content;

    add_common(reader, view, door, out);
    DOSIS_BUF_LIT(out, ",\"BronNaam\":");
    dosis_json_add_string(out, view->bron->naam);
    rc = store_contact_add(reader, c, out);
    if (rc == DOSIS_OK && own != NULL) {
        rc = add_own_agent(reader, c, own, out);
    }
    add_end(reader, view, out);
    return rc != DOSIS_OK ? rc : out->rc;
}


dosis_rc_t
store_view_add_whole(dosis_reader_t *reader, const store_view_t *view,
    dosis_buf_t *out)
{
    static const member_t doorverwijzing = { FIELD_DOORVERWIJZING, SHOW_TEXT,
        LEAD(",\"Doorverwijzing\":") };
    char etag[64];
    dosis_rc_t rc;
    const store_content_t *c = &view->content;

    add_begin(reader, view, out);
    add_status_whole(reader, out, c);
    add_behind_status(reader, c, out);
    add_member(out, c, &doorverwijzing);
    rc = store_contact_add(reader, c, out);
    if (rc == DOSIS_OK) {
        rc = add_agents(reader, c, out);
    }
    store_view_etag(etag, sizeof(etag), view->row.head.content,
        dosis_ref_version(reader->ref));
    dosis_buf_add_byte(out, ',');
    dosis_json_add_member(out, "ETag", dosis_slice_of(etag));
    add_end(reader, view, out);
    return rc != DOSIS_OK ? rc : out->rc;
}


void
store_view_etag(char *to, size_t size, const uint8_t content[16],
    uint64_t ref_version)
{
    char hex[33];
    dosis_buf_t text;

    dosis_hex_encode(hex, dosis_slice(content, 16));
    dosis_buf_init_fixed(&text, to, size - 1);
    DOSIS_BUF_LIT(&text, "W/\"");
    dosis_buf_add(&text, hex, 32);
    dosis_buf_add_byte(&text, '.');
    dosis_buf_add_uint(&text, ref_version);
    dosis_buf_add_byte(&text, '"');
    to[text.len] = '\0';
}
