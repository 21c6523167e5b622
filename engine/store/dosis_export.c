/* SPDX-License-Identifier: EUPL-1.2 */

#include "store/dosis_export.h"

#include "base/dosis_json.h"
#include "store/store_contact.h"
#include "store/store_source.h"

#define TEXT_MAX 8192    /* of one text, unescaped */

/* One call. */
typedef struct {
    dosis_reader_t *reader;
    dosis_export_t *export;
    store_source_t source;
    dosis_rc_t rc;     /* sticky, of the dossier being made */
} walk_t;


/* --- texts --------------------------------------------------------------- */

static dosis_slice_t
keep(walk_t *walk, dosis_slice_t text)
{
    dosis_slice_t kept = dosis_arena_copy(walk->export->arena, text);

    if (text.len > 0 && kept.data == NULL) {
        walk->rc = DOSIS_ENOMEM;
    }
    return kept;
}


/* As it was delivered: it is kept with the escapes of JSON. */
static dosis_slice_t
plain(walk_t *walk, dosis_slice_t escaped)
{
    char memory[TEXT_MAX];
    dosis_rc_t rc;
    dosis_buf_t text;

    if (escaped.len == 0
        || memchr(escaped.data, '\\', escaped.len) == NULL) {
        return keep(walk, escaped);
    }
    dosis_buf_init_fixed(&text, memory, sizeof(memory));
    rc = dosis_json_unescape(&text, escaped);
    if (rc != DOSIS_OK) {
        walk->rc = rc;
    }
    return keep(walk, dosis_buf_slice(&text));
}


static dosis_slice_t
text_of(walk_t *walk, const store_content_t *c, int field)
{
    return store_content_has(c, field) ? plain(walk, c->text[field])
                                       : dosis_slice(NULL, 0);
}


/* --- members ------------------------------------------------------------- */

static void
read_status(walk_t *walk, const store_content_t *c, dosis_dossier_t *d)
{
    d->has_status = store_content_has(c, FIELD_FASE);
    d->fase = (uint16_t) c->number[FIELD_FASE];
    d->code = (uint16_t) c->number[FIELD_CODE];
    d->edrl = (uint16_t) c->number[FIELD_EDRL];
    d->detail1 = text_of(walk, c, FIELD_DETAIL1);
    d->detail2 = text_of(walk, c, FIELD_DETAIL2);
    d->has_status_streef = store_content_has(c, FIELD_STATUS_STREEF);
    d->status_streef_ns = (int64_t) c->number[FIELD_STATUS_STREEF];
    d->has_actie_nodig = store_content_has(c, FIELD_ACTIE_NODIG);
    d->actie_nodig = c->number[FIELD_ACTIE_NODIG] != 0;
    d->actie = text_of(walk, c, FIELD_ACTIE);
    d->has_voor = store_content_has(c, FIELD_VOOR);
    d->voor_dag = (int32_t) (int64_t) c->number[FIELD_VOOR];
}


static void
read_type(walk_t *walk, const store_content_t *c, dosis_dossier_t *d)
{
    const dosis_codelijsten_t *lijsten = dosis_ref_lijsten(walk->reader->ref);

    if (store_content_has(c, FIELD_TYPE_TEKST)) {
        d->type = text_of(walk, c, FIELD_TYPE_TEKST);
    } else {
        d->type_nummer = (uint16_t) c->number[FIELD_TYPE];
        d->type = keep(walk,
            dosis_codelijst_code(lijsten->type, d->type_nummer));
    }
}


static void
read_beheerder(walk_t *walk, const store_content_t *c, dosis_dossier_t *d)
{
    dosis_slice_t field[DOSIS_CONTACT_FIELDS];
    dosis_rc_t rc = store_contact_read(walk->reader, c, field);
    size_t i;

    if (rc == DOSIS_ENOTFOUND) {
        return;
    }
    if (rc != DOSIS_OK) {
        walk->rc = rc;
        return;
    }
    d->has_beheerder = true;
    for (i = 0; i < DOSIS_CONTACT_FIELDS; i++) {
        d->beheerder.field[i] = plain(walk, field[i]);
    }
}


static void
read_fasen(walk_t *walk, const store_content_t *c, dosis_dossier_t *d)
{
    dosis_wire_t wire;

    if (!store_content_has(c, FIELD_FASEN)) {
        return;
    }
    dosis_wire_init(&wire, c->text[FIELD_FASEN]);
    while (wire.ok && wire.pos < wire.end && d->fasen_count < DOSIS_FASEN_MAX) {
        d->fasen[d->fasen_count++] = (uint16_t) dosis_wire_varint(&wire);
    }
    if (!dosis_wire_done(&wire)) {
        walk->rc = DOSIS_EFORMAT;
    }
}


static void
read_agent(
    walk_t *walk, dosis_slice_t bytes, dosis_agent_rechten_t *to)
{
    store_agent_t from;
    dosis_slice_t id, recht;
    dosis_rc_t rc = store_agent_read(bytes, &from);
    size_t i;

    if (rc != DOSIS_OK) {
        walk->rc = rc;
        return;
    }
    id = plain(walk, from.id);
    to->rol = from.rol;
    to->rechten_count = from.count;
    to->rechten = dosis_arena_zalloc(
        walk->export->arena, (from.count + 1u) * sizeof(to->rechten[0]));
    if (to->rechten == NULL || id.len > DOSIS_AGENT_ID_MAX) {
        walk->rc = to->rechten == NULL ? DOSIS_ENOMEM : DOSIS_EFORMAT;
        return;
    }
    to->agent.soort = from.soort;
    to->agent.len = (uint8_t) id.len;
    if (id.len > 0) {
        memcpy(to->agent.id, id.data, id.len);
    }
    for (i = 0; rc == DOSIS_OK && i < from.count; i++) {
        rc = store_intern_text(walk->reader->intern, &walk->reader->snap,
            INTERN_RECHT, from.rechten[i], &recht);
        if (rc == DOSIS_OK) {
            to->rechten[i] = keep(walk, recht);
        }
    }
    walk->rc = walk->rc == DOSIS_OK ? rc : walk->rc;
}


static void
read_lists(walk_t *walk, const store_content_t *c, dosis_dossier_t *d)
{
    size_t i;

    d->producten_count = c->producten_count;
    for (i = 0; i < c->producten_count; i++) {
        d->producten[i] = plain(walk, c->producten[i]);
    }
    d->agenten = dosis_arena_zalloc(walk->export->arena,
        (c->agenten_count + 1u) * sizeof(d->agenten[0]));
    if (d->agenten == NULL) {
        walk->rc = DOSIS_ENOMEM;
        return;
    }
    d->agenten_count = c->agenten_count;
    for (i = 0; walk->rc == DOSIS_OK && i < c->agenten_count; i++) {
        read_agent(walk, c->agenten[i], &d->agenten[i]);
    }
}


/* --- a dossier ----------------------------------------------------------- */

static dosis_rc_t
show(const store_view_t *view, void *payload)
{
    walk_t *walk = payload;
    const store_content_t *c = &view->content;
    const store_head_t *head = &view->row.head;
    dosis_dossier_t dossier = {
        .bron = walk->source.bron->bron,
        .has_wijziging = true,
        .wijziging_ns = head->stamp.date_ns,
        .is_publiek = (head->flags & ROW_PUBLIEK) != 0,
        .is_vertrouwelijk = (head->flags & ROW_VERTROUWELIJK) != 0,
        .has_streef = store_content_has(c, FIELD_STREEF),
        .streef_ns = (int64_t) c->number[FIELD_STREEF],
    };

    dosis_arena_reset(walk->export->arena);
    dossier.nummer = text_of(walk, c, FIELD_NUMMER);
    dossier.naam = text_of(walk, c, FIELD_NAAM);
    dossier.doorverwijzing = text_of(walk, c, FIELD_DOORVERWIJZING);
    dossier.update_frequentie = text_of(walk, c, FIELD_FREQUENTIE);
    read_type(walk, c, &dossier);
    read_status(walk, c, &dossier);
    read_beheerder(walk, c, &dossier);
    read_fasen(walk, c, &dossier);
    read_lists(walk, c, &dossier);
    return walk->rc == DOSIS_OK
               ? walk->export->on_dossier(&dossier, walk->export->payload)
               : walk->rc;
}


dosis_rc_t
dosis_export_next(
    dosis_reader_t *reader, dosis_export_t *export, bool *ret_more)
{
    dosis_rc_t rc;
    walk_t walk = { .reader = reader, .export = export };
    const dosis_bron_t *bron = dosis_ref_bron(reader->ref, export->bron);

    if (bron == NULL) {
        return DOSIS_ENOTFOUND;
    }
    walk.source = (store_source_t) { .reader = reader, .bron = bron,
        .until = UINT64_MAX, .on_dossier = show, .payload = &walk };
    if (export->begun) {
        memcpy(walk.source.at, export->at, sizeof(export->at));
    } else {
        store_source_before(reader, bron, 0, walk.source.at);
    }
    rc = store_source_walk(&walk.source, export->begun, ret_more);
    memcpy(export->at, walk.source.at, sizeof(export->at));
    export->begun = true;
    return rc;
}
