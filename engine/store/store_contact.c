/* SPDX-License-Identifier: EUPL-1.2 */

#include "store/store_contact.h"


static const char *const contact_names[DOSIS_CONTACT_FIELDS] = {
    [DOSIS_CONTACT_NAAM] = "Naam",
    [DOSIS_CONTACT_DIENST] = "Dienst",
    [DOSIS_CONTACT_TELEFOON] = "Telefoon",
    [DOSIS_CONTACT_EMAIL] = "Email",
    [DOSIS_CONTACT_WEBSITE] = "Website",
    [DOSIS_CONTACT_STRAAT] = "Straat",
    [DOSIS_CONTACT_NUMMER] = "Nummer",
    [DOSIS_CONTACT_POSTCODE] = "Postcode",
    [DOSIS_CONTACT_GEMEENTE] = "Gemeente",
};


static void
add_contact_fields(dosis_buf_t *out, const dosis_slice_t *field, int from,
    int to)
{
    int i;
    bool first = true;

    for (i = from; i < to; i++) {
        if (field[i].len == 0) {
            continue;
        }
        dosis_buf_addf(out, "%s\"%s\":", first ? "" : ",", contact_names[i]);
        dosis_buf_add_byte(out, '"');
        dosis_buf_add_slice(out, field[i]);    /* kept JSON-escaped */
        dosis_buf_add_byte(out, '"');
        first = false;
    }
}


static bool
any_field(const dosis_slice_t *field, int from, int to)
{
    int i;

    for (i = from; i < to; i++) {
        if (field[i].len > 0) {
            return true;
        }
    }
    return false;
}


dosis_rc_t
store_contact_read(dosis_reader_t *reader, const store_content_t *c,
    dosis_slice_t field[DOSIS_CONTACT_FIELDS])
{
    int i;
    dosis_rc_t rc = DOSIS_OK;
    dosis_slice_t text;
    dosis_wire_t wire;

    if (store_content_has(c, FIELD_BEHEERDER)) {
        rc = store_intern_text(reader->intern, &reader->snap, INTERN_CONTACT,
            (uint32_t) c->number[FIELD_BEHEERDER], &text);
    } else if (store_content_has(c, FIELD_BEHEERDER_TEKST)) {
        text = c->text[FIELD_BEHEERDER_TEKST];
    } else {
        return DOSIS_ENOTFOUND;
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_wire_init(&wire, text);
    for (i = 0; i < DOSIS_CONTACT_FIELDS; i++) {
        field[i] = dosis_wire_slice(&wire);
    }
    return dosis_wire_done(&wire) ? DOSIS_OK : DOSIS_EFORMAT;
}


dosis_rc_t
store_contact_add(dosis_reader_t *reader, const store_content_t *c,
    dosis_buf_t *out)
{
    bool adres, rest;
    dosis_slice_t field[DOSIS_CONTACT_FIELDS];
    dosis_rc_t rc = store_contact_read(reader, c, field);

    if (rc != DOSIS_OK) {
        return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
    }
    DOSIS_BUF_LIT(out, ",\"DossierBeheerder\":{");
    add_contact_fields(out, field, 0, DOSIS_CONTACT_STRAAT);
    rest = any_field(field, 0, DOSIS_CONTACT_STRAAT);
    adres = any_field(field, DOSIS_CONTACT_STRAAT, DOSIS_CONTACT_FIELDS);
    if (adres) {
        dosis_buf_addf(out, "%s\"Adres\":{", rest ? "," : "");
        add_contact_fields(out, field, DOSIS_CONTACT_STRAAT,
            DOSIS_CONTACT_FIELDS);
        dosis_buf_add_byte(out, '}');
    }
    dosis_buf_add_byte(out, '}');
    return out->rc;
}
