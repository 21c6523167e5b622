/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The tables below say which members exist; each is read by one function.
 * What concerns more than one member is judged after all have been read.
 */

#include "domain/domain_delivery.h"

#include "base/dosis_text.h"
#include "domain/dosis_paar.h"
#include "domain/dosis_url.h"

#define AT(member) .offset = offsetof(dosis_dossier_t, member)
#define FLAG(member) .arg = offsetof(dosis_dossier_t, member)
#define CONTACT(number)                                                        \
    TEXT, .offset = (number) * sizeof(dosis_slice_t),                          \
          .max = DOSIS_CONTACT_MAX, .line_ends = true
#define NAME(text) DOMAIN_MEMBER_NAME(text)
#define SHAPE(table) .shape = { table, sizeof(table) / sizeof((table)[0]) }

/* How a member is read, and as what it is published. */
#define TEXT .read = domain_member_text, .soort = DOSIS_VELD_TEKST
#define KEY .read = domain_member_key, .soort = DOSIS_VELD_SLEUTEL
#define MOMENT .read = domain_delivery_moment, .soort = DOSIS_VELD_TIJDSTIP
#define OBJECT .read = domain_member_object, .soort = DOSIS_VELD_OBJECT
#define CODE(list)                                                             \
    .read = domain_delivery_code, .soort = DOSIS_VELD_CODE,                    \
    .arg = DOMAIN_CODE_##list

#define TYPE_STATUS DOSIS_SLICE("DossierStatus")

/* Members of Status that are asked for afterwards. */
enum {
    SLOT_FASE,
    SLOT_CODE,
    SLOT_EDRL,
    SLOT_DETAIL1,
    SLOT_DETAIL2,
    SLOT_STATUS_STREEF,
    SLOT_ACTIE
};

enum {
    SLOT_IDENTIFICATIE,
    SLOT_UPLOAD_ID,
    SLOT_NAAM,
    SLOT_WIJZIGING,
    SLOT_STATUS,
    SLOT_DOORVERWIJZING,
    SLOT_TYPE,
    SLOT_PRODUCTEN,
    SLOT_BEHEERDER,
    SLOT_AGENTEN,
    SLOT_PUBLIEK,
    SLOT_VERTROUWELIJK,
    SLOT_STREEF,
    SLOT_FREQUENTIE,
    SLOT_FASEN
};


static bool
read_actie_nodig(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_dossier_t *dossier = target;

    dossier->has_actie_nodig = dosis_json_kind(value) == DOSIS_JSON_BOOL;

    return domain_member_bool(reader, place, value, member, target);
}


static const domain_member_t actie_members[] = {
    { NAME("ActieNodig"), .slot = 0, .read = read_actie_nodig,
        .soort = DOSIS_VELD_JA_NEE, AT(actie_nodig) },
    { NAME("Actie"), .slot = 1, TEXT, AT(actie), .max = DOSIS_ACTIE_MAX,
        .line_ends = true },
    { NAME("Voor"), .slot = 2, .read = domain_delivery_voor,
        .soort = DOSIS_VELD_DATUM },
};

static const domain_member_t status_members[] = {
    { NAME("VlaamsFase"), .slot = SLOT_FASE, CODE(FASE), AT(fase),
        .with_status = true },
    { NAME("VlaamseFase"), .slot = SLOT_FASE, CODE(FASE), AT(fase) },
    { NAME("VlaamsCode"), .slot = SLOT_CODE, CODE(CODE), AT(code),
        .with_status = true },
    { NAME("VlaamseCode"), .slot = SLOT_CODE, CODE(CODE), AT(code) },
    { NAME("Detail1"), .slot = SLOT_DETAIL1, TEXT, AT(detail1),
        .max = DOSIS_DETAIL_MAX, .line_ends = true },
    { NAME("Detail2"), .slot = SLOT_DETAIL2, TEXT, AT(detail2),
        .max = DOSIS_DETAIL_MAX, .line_ends = true },
    { NAME("Actie"), .slot = SLOT_ACTIE, OBJECT, SHAPE(actie_members) },
    { NAME("EDRL"), .slot = SLOT_EDRL, CODE(EDRL), AT(edrl) },
    { NAME("Edrl"), .slot = SLOT_EDRL, CODE(EDRL), AT(edrl) },
    { NAME("StatusEDRL"), .slot = SLOT_EDRL, CODE(EDRL), AT(edrl) },
    { NAME("StreefDatum"), .slot = SLOT_STATUS_STREEF, MOMENT,
        AT(status_streef_ns), FLAG(has_status_streef) },
};


static bool
read_status(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    domain_delivery(reader)->status_given =
        domain_shape_read(reader, place, value, member->shape, target);

    return true;
}


static const domain_member_t adres_members[] = {
    { NAME("Straat"), .slot = 0, CONTACT(DOSIS_CONTACT_STRAAT) },
    { NAME("Nummer"), .slot = 1, CONTACT(DOSIS_CONTACT_NUMMER) },
    { NAME("Postcode"), .slot = 2, CONTACT(DOSIS_CONTACT_POSTCODE) },
    { NAME("Gemeente"), .slot = 3, CONTACT(DOSIS_CONTACT_GEMEENTE) },
};

static const domain_member_t beheerder_members[] = {
    { NAME("Naam"), .slot = 0, CONTACT(DOSIS_CONTACT_NAAM) },
    { NAME("Dienst"), .slot = 1, CONTACT(DOSIS_CONTACT_DIENST) },
    { NAME("Telefoon"), .slot = 2, CONTACT(DOSIS_CONTACT_TELEFOON) },
    { NAME("Email"), .slot = 3, CONTACT(DOSIS_CONTACT_EMAIL) },
    { NAME("Website"), .slot = 4, CONTACT(DOSIS_CONTACT_WEBSITE) },
    { NAME("Adres"), .slot = 5, OBJECT, SHAPE(adres_members) },
};


static bool
read_beheerder(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_dossier_t *dossier = target;

    (void) domain_shape_read(
        reader, place, value, member->shape, &dossier->beheerder);

    /* Real clients write all members, null each. */
    for (size_t i = 0; i < DOSIS_CONTACT_FIELDS; i++) {
        dossier->has_beheerder =
            dossier->has_beheerder || dossier->beheerder.field[i].len > 0;
    }

    return true;
}


static const domain_member_t product_members[] = {
    { NAME("Id"), .slot = 0, .required = true, KEY, .max = DOSIS_PRODUCT_MAX },
};


static bool
read_producten(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_dossier_t *dossier = target;
    size_t count = dosis_json_count(value);
    domain_place_t at = { .up = place };

    if (!domain_member_is_list(
            reader, place, value, member->max, DOSIS_RULE_TE_VEEL_PRODUCTEN)) {
        return true;
    }

    for (at.index = 0; at.index < count; at.index++) {
        dosis_slice_t id = { NULL, 0 };

        (void) domain_shape_read(
            reader, &at, dosis_json_at(value, at.index), member->shape, &id);
        if (id.len > 0) {
            dossier->producten[dossier->producten_count++] = id;
        }
    }
    dossier->producten_count = (uint8_t) domain_slices_sort(
        dossier->producten, dossier->producten_count);

    return true;
}


static void
fase_add(dosis_dossier_t *dossier, uint16_t fase)
{
    size_t at = dossier->fasen_count;

    for (size_t i = 0; i < dossier->fasen_count; i++) {
        if (dossier->fasen[i] == fase) {
            return;
        }
    }

    for (; at > 0 && dossier->fasen[at - 1] > fase; at--) {
        dossier->fasen[at] = dossier->fasen[at - 1];
    }
    dossier->fasen[at] = fase;
    dossier->fasen_count++;
}


static bool
read_fasen(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    size_t count = dosis_json_count(value);
    domain_place_t at = { .up = place };

    if (!domain_member_is_list(
            reader, place, value, member->max, DOSIS_RULE_TE_VEEL_FASEN)) {
        return true;
    }

    for (at.index = 0; at.index < count; at.index++) {
        uint16_t fase = 0;

        (void) member->element->read(reader, &at,
            dosis_json_at(value, at.index), member->element, &fase);
        if (fase != 0) {
            fase_add(target, fase);
        }
    }

    return true;
}


static const domain_member_t fase_element = { CODE(FASE) };

static const domain_member_t identificatie_members[] = {
    { NAME("Bron"), .slot = 0, .required = true, TEXT, AT(bron),
        .max = DOSIS_BRON_MAX },
    { NAME("DossierNummer"), .slot = 1, .required = true,
        .read = domain_delivery_nummer, .soort = DOSIS_VELD_SLEUTEL, AT(nummer),
        .max = DOSIS_NUMMER_MAX },
};

/* In the order in which the real clients write them. */
static const domain_member_t dossier_members[] = {
    { NAME("Identificatie"), .slot = SLOT_IDENTIFICATIE, .required = true,
        OBJECT, SHAPE(identificatie_members) },
    { NAME("UploadId"), .slot = SLOT_UPLOAD_ID,
        .read = domain_delivery_upload_id, .soort = DOSIS_VELD_UUID,
        AT(upload_id) },
    { NAME("Naam"), .slot = SLOT_NAAM, .required = true, TEXT, AT(naam),
        .max = DOSIS_NAAM_MAX, .line_ends = true },
    { NAME("WijzigingsDatum"), .slot = SLOT_WIJZIGING, .with_status = true,
        .read = domain_delivery_wijziging, .soort = DOSIS_VELD_TIJDSTIP,
        AT(wijziging_ns), FLAG(has_wijziging) },
    { NAME("Status"), .slot = SLOT_STATUS, .with_status = true,
        .read = read_status, .soort = DOSIS_VELD_OBJECT,
        SHAPE(status_members) },
    { NAME("Doorverwijzing"), .slot = SLOT_DOORVERWIJZING,
        .read = domain_delivery_url, .soort = DOSIS_VELD_URL,
        AT(doorverwijzing), .max = DOSIS_URL_MAX },
    { NAME("TypeDossierCode"), .slot = SLOT_TYPE, TEXT, AT(type),
        .max = DOSIS_TYPE_MAX },
    { NAME("Producten"), .slot = SLOT_PRODUCTEN, .read = read_producten,
        .soort = DOSIS_VELD_LIJST, .max = DOSIS_PRODUCTEN_MAX,
        SHAPE(product_members) },
    { NAME("DossierBeheerder"), .slot = SLOT_BEHEERDER, .read = read_beheerder,
        .soort = DOSIS_VELD_OBJECT, SHAPE(beheerder_members) },
    { NAME("Agenten"), .slot = SLOT_AGENTEN, .required = true,
        .missing = DOSIS_RULE_AGENTEN_ONTBREKEN,
        .read = domain_delivery_agenten, .soort = DOSIS_VELD_LIJST,
        .max = DOSIS_AGENTEN_MAX,
        .shape = { domain_agent_members, DOMAIN_AGENT_MEMBERS } },
    { NAME("IsPubliek"), .slot = SLOT_PUBLIEK, .read = domain_member_bool,
        .soort = DOSIS_VELD_JA_NEE, AT(is_publiek) },
    { NAME("IsVertrouwelijk"), .slot = SLOT_VERTROUWELIJK,
        .read = domain_member_bool, .soort = DOSIS_VELD_JA_NEE,
        AT(is_vertrouwelijk) },
    { NAME("StreefDatum"), .slot = SLOT_STREEF, MOMENT, AT(streef_ns),
        FLAG(has_streef) },
    { NAME("UpdateFrequentieCode"), .slot = SLOT_FREQUENTIE, TEXT,
        AT(update_frequentie), .max = DOSIS_FREQUENTIE_MAX },
    { NAME("DossierUpdateFrequentie"), .slot = SLOT_FREQUENTIE, TEXT,
        AT(update_frequentie), .max = DOSIS_FREQUENTIE_MAX },
    { NAME("MogelijkeVlaamseFases"), .slot = SLOT_FASEN, .read = read_fasen,
        .soort = DOSIS_VELD_LIJST, .max = DOSIS_FASEN_MAX,
        .element = &fase_element },
};


domain_shape_t
domain_delivery_shape(void)
{
    return DOMAIN_SHAPE(dossier_members);
}


/* As in the list, else as sent; absent is a dossier with a status. */
static void
type_end(domain_reader_t *reader, dosis_dossier_t *dossier, uint32_t given)
{
    const dosis_codelijst_t *lijst =
        domain_delivery(reader)->rules->lijsten->type;
    dosis_slice_t type = dossier->type;

    if ((given & DOMAIN_SLOT(SLOT_TYPE)) == 0) {
        type = TYPE_STATUS;
    }

    dossier->type_nummer = dosis_codelijst_nummer(lijst, type);
    if (dossier->type_nummer != 0) {
        type = dosis_codelijst_code(lijst, dossier->type_nummer);
    }

    if (type.len > 0) {
        dossier->type = dosis_arena_copy(reader->arena, type);
        if (dossier->type.data == NULL) {
            reader->rc = DOSIS_ENOMEM;
        }
    }
}


static void
status_end(domain_reader_t *reader, dosis_dossier_t *dossier)
{
    const dosis_codelijsten_t *lijsten =
        domain_delivery(reader)->rules->lijsten;
    const char *fase;

    dossier->has_status = dossier->fase != 0 && dossier->code != 0;
    if (!dossier->has_status) {
        return;
    }

    fase =
        dosis_paar_unusual(dosis_codelijst_code(lijsten->fase, dossier->fase),
            dosis_codelijst_code(lijsten->code, dossier->code));
    if (fase != NULL) {
        domain_place_t status = { .name = "Status" };
        domain_place_t code = { .up = &status, .name = "VlaamsCode" };

        domain_reader_report(
            reader, DOSIS_RULE_ONGEBRUIKELIJK_PAAR, &code, fase);
    }
}


/* It is kept all the same: the registration of the source may change. */
static void
url_end(domain_reader_t *reader, const dosis_dossier_t *dossier)
{
    const dosis_bron_t *bron = domain_delivery(reader)->rules->bron;
    const domain_place_t place = { .name = "Doorverwijzing" };

    if (bron != NULL && dosis_url_valid(dossier->doorverwijzing)
        && !dosis_url_may_open(
            dossier->doorverwijzing, bron->hosten, bron->hosten_count)) {
        domain_reader_report(
            reader, DOSIS_RULE_URL_NIET_GEOPEND, &place, NULL);
    }
}


/* What a dossier with a status must have of that table. */
static void
require_with_status(domain_reader_t *reader, const domain_place_t *place,
    domain_shape_t shape, uint32_t given)
{
    for (size_t i = 0; i < shape.count; i++) {
        const domain_member_t *member = &shape.members[i];

        if (member->with_status && (given & DOMAIN_SLOT(member->slot)) == 0) {
            domain_reader_report_member(
                reader, DOSIS_RULE_VELD_ONTBREEKT, place, member->name.data);
        }
    }
}


/* A phase needs its code, whatever the type says. */
static void
status_require(
    domain_reader_t *reader, const dosis_dossier_t *dossier, uint32_t given)
{
    bool wanted = dosis_text_ieq(dossier->type, TYPE_STATUS);
    uint32_t pair = domain_delivery(reader)->status_given
        & (DOMAIN_SLOT(SLOT_FASE) | DOMAIN_SLOT(SLOT_CODE));
    bool has_status = (given & DOMAIN_SLOT(SLOT_STATUS)) != 0;
    domain_place_t status = { .name = "Status" };

    if (wanted) {
        require_with_status(reader, NULL, DOMAIN_SHAPE(dossier_members), given);
    }

    if (pair != 0 || (wanted && has_status)) {
        require_with_status(
            reader, &status, DOMAIN_SHAPE(status_members), pair);
    }
}


dosis_rc_t
dosis_dossier_from_json(const dosis_json_t *root,
    const dosis_dossier_rules_t *rules, dosis_arena_t *arena,
    dosis_dossier_t *ret_dossier, dosis_err_t *warnings, dosis_err_t *err)
{
    domain_delivery_t delivery = { .rules = rules };
    domain_reader_t reader = { .arena = arena,
        .err = err,
        .warnings = warnings,
        .unknown = DOSIS_RULE_ONBEKEND_VELD,
        .context = &delivery };
    uint32_t given;

    memset(ret_dossier, 0, sizeof(*ret_dossier));
    given = domain_shape_read(
        &reader, NULL, root, DOMAIN_SHAPE(dossier_members), ret_dossier);

    type_end(&reader, ret_dossier, given);
    status_end(&reader, ret_dossier);
    status_require(&reader, ret_dossier, given);
    url_end(&reader, ret_dossier);

    domain_delivery_agenten_end(&reader, ret_dossier);

    return domain_reader_rc(&reader);
}


dosis_slice_t
dosis_dossier_peek_bron(const dosis_json_t *root)
{
    const dosis_json_t *identificatie =
        domain_shape_find(root, DOSIS_SLICE("Identificatie"));
    const dosis_json_t *bron =
        domain_shape_find(identificatie, DOSIS_SLICE("Bron"));
    dosis_slice_t text = domain_member_strip(dosis_json_string(bron));

    return text.len == 0 ? dosis_slice(NULL, 0) : text;
}
