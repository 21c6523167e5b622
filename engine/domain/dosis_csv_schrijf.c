/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_csv_schrijf.h"

#include "base/dosis_text.h"
#include "base/dosis_time.h"

#define BOM "\xEF\xBB\xBF"
#define SEPARATOR ';'
#define BETWEEN_RIGHTS '|'
#define CELL_MAX 64    /* of one that is not a text of the dossier */

typedef struct {
    dosis_buf_t *to;
    const dosis_dossier_t *dossier;
    const dosis_codelijsten_t *lijsten;
    const dosis_agent_rechten_t *agent;    /* of this row */
} rij_t;


const char *
dosis_csv_mist_naam(dosis_csv_mist_t mist)
{
    static const char *const names[] = {
        [DOSIS_CSV_MIST_ADRES] = "DossierBeheerder.Adres",
        [DOSIS_CSV_MIST_PRODUCTEN] = "Producten na het eerste",
        [DOSIS_CSV_MIST_FASEN] = "MogelijkeVlaamseFases",
        [DOSIS_CSV_MIST_FREQUENTIE] = "UpdateFrequentieCode",
        [DOSIS_CSV_MIST_STREEF] = "Status.StreefDatum",
        [DOSIS_CSV_MIST_RECHT] = "Toegangsrechten met een |",
    };

    return names[mist];
}


/* --- cells --------------------------------------------------------------- */

static bool
has_byte(dosis_slice_t text, const char *set)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (text.data[i] != '\0' && strchr(set, text.data[i]) != NULL) {
            return true;
        }
    }
    return false;
}


static void
add_text(dosis_buf_t *to, dosis_slice_t text)
{
    size_t i;
    dosis_slice_t trimmed = dosis_text_trim(text);

    if (trimmed.len == text.len && !has_byte(text, ";\"\r\n")) {
        dosis_buf_add_slice(to, text);
        return;
    }
    dosis_buf_add_byte(to, '"');
    for (i = 0; i < text.len; i++) {
        if (text.data[i] == '"') {
            dosis_buf_add_byte(to, '"');
        }
        dosis_buf_add_byte(to, text.data[i]);
    }
    dosis_buf_add_byte(to, '"');
}


static void
add_flag(dosis_buf_t *to, bool has, bool flag)
{
    if (has) {
        dosis_buf_add_slice(
            to, flag ? DOSIS_SLICE("true") : DOSIS_SLICE("false"));
    }
}


/* To the nanosecond: what was delivered is what comes back. */
static void
add_moment(dosis_buf_t *to, bool has, int64_t ns)
{
    char memory[CELL_MAX];
    int64_t rest;
    dosis_buf_t text;

    if (!has) {
        return;
    }
    dosis_buf_init_fixed(&text, memory, sizeof(memory));
    dosis_time_add_utc(&text, ns);
    rest = ns % DOSIS_NS_PER_MS;
    rest += rest < 0 ? DOSIS_NS_PER_MS : 0;
    if (rest == 0) {
        dosis_buf_add_slice(to, dosis_buf_slice(&text));
        return;
    }
    dosis_buf_add(to, memory, text.len - 1);    /* without the Z */
    dosis_buf_addf(to, "%06dZ", (int) rest);
}


/* --- columns ------------------------------------------------------------- */

static void
bron(const rij_t *rij)
{
    add_text(rij->to, rij->dossier->bron);
}


static void
nummer(const rij_t *rij)
{
    add_text(rij->to, rij->dossier->nummer);
}


/* Another delivery is another upload. */
static void
upload_id(const rij_t *rij)
{
    (void) rij;
}


static void
naam(const rij_t *rij)
{
    add_text(rij->to, rij->dossier->naam);
}


static void
wijziging(const rij_t *rij)
{
    add_moment(
        rij->to, rij->dossier->has_wijziging, rij->dossier->wijziging_ns);
}


static void
type(const rij_t *rij)
{
    add_text(rij->to, rij->dossier->type);
}


static void
fase(const rij_t *rij)
{
    add_text(rij->to,
        dosis_codelijst_code(rij->lijsten->fase, rij->dossier->fase));
}


static void
code(const rij_t *rij)
{
    add_text(rij->to,
        dosis_codelijst_code(rij->lijsten->code, rij->dossier->code));
}


static void
detail1(const rij_t *rij)
{
    add_text(rij->to, rij->dossier->detail1);
}


static void
detail2(const rij_t *rij)
{
    add_text(rij->to, rij->dossier->detail2);
}


static void
edrl(const rij_t *rij)
{
    add_text(rij->to,
        dosis_codelijst_code(rij->lijsten->edrl, rij->dossier->edrl));
}


static void
actie_nodig(const rij_t *rij)
{
    add_flag(
        rij->to, rij->dossier->has_actie_nodig, rij->dossier->actie_nodig);
}


static void
actie(const rij_t *rij)
{
    add_text(rij->to, rij->dossier->actie);
}


static void
voor(const rij_t *rij)
{
    if (rij->dossier->has_voor) {
        dosis_date_add(rij->to, rij->dossier->voor_dag);
    }
}


static void
streef(const rij_t *rij)
{
    add_moment(rij->to, rij->dossier->has_streef, rij->dossier->streef_ns);
}


static void
publiek(const rij_t *rij)
{
    add_flag(rij->to, true, rij->dossier->is_publiek);
}


static void
vertrouwelijk(const rij_t *rij)
{
    add_flag(rij->to, true, rij->dossier->is_vertrouwelijk);
}


static void
doorverwijzing(const rij_t *rij)
{
    add_text(rij->to, rij->dossier->doorverwijzing);
}


static void
product(const rij_t *rij)
{
    if (rij->dossier->producten_count > 0) {
        add_text(rij->to, rij->dossier->producten[0]);
    }
}


static void
agent(const rij_t *rij)
{
    if (rij->agent != NULL) {
        add_text(rij->to, dosis_agent_id(&rij->agent->agent));
    }
}


/* All in one cell. */
static void
rechten(const rij_t *rij)
{
    char memory[DOSIS_RECHTEN_MAX * (DOSIS_RECHT_MAX + 1)];
    dosis_buf_t text;
    size_t i;

    dosis_buf_init_fixed(&text, memory, sizeof(memory));
    for (i = 0; rij->agent != NULL && i < rij->agent->rechten_count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(&text, BETWEEN_RIGHTS);
        }
        dosis_buf_add_slice(&text, rij->agent->rechten[i]);
    }
    add_text(rij->to, dosis_buf_slice(&text));
}


static void
rol(const rij_t *rij)
{
    if (rij->agent != NULL) {
        add_text(rij->to,
            dosis_codelijst_code(rij->lijsten->rol, rij->agent->rol));
    }
}


static void
contact(const rij_t *rij, size_t field)
{
    if (rij->dossier->has_beheerder) {
        add_text(rij->to, rij->dossier->beheerder.field[field]);
    }
}


#define CONTACT(name, field)                                                   \
    static void name(const rij_t *rij)                                         \
    {                                                                          \
        contact(rij, field);                                                   \
    }

CONTACT(beheerder_naam, DOSIS_CONTACT_NAAM)
CONTACT(beheerder_dienst, DOSIS_CONTACT_DIENST)
CONTACT(beheerder_telefoon, DOSIS_CONTACT_TELEFOON)
CONTACT(beheerder_email, DOSIS_CONTACT_EMAIL)
CONTACT(beheerder_website, DOSIS_CONTACT_WEBSITE)


/* By the name that the template gives them: the header is made of these. */
static const struct {
    const char *naam;
    void (*add)(const rij_t *rij);
} kolommen[] = {
    { "Bron", bron },
    { "DossierNummer", nummer },
    { "UploadId", upload_id },
    { "Naam", naam },
    { "WijzigingsDatum", wijziging },
    { "TypeDossier", type },
    { "StatusVlaamsFase", fase },
    { "StatusVlaamsCode", code },
    { "StatusDetail1", detail1 },
    { "StatusDetail2", detail2 },
    { "StatusEDRL", edrl },
    { "StatusActieNodig", actie_nodig },
    { "StatusActie", actie },
    { "StatusActieVoor", voor },
    { "StreefDatum", streef },
    { "IsPubliek", publiek },
    { "IsVertrouwelijk", vertrouwelijk },
    { "Doorverwijzing", doorverwijzing },
    { "ProductId", product },
    { "AgentIdentificatie", agent },
    { "Toegangsrechten", rechten },
    { "AgentRol", rol },
    { "DossierBeheerderNaam", beheerder_naam },
    { "DossierBeheerderDienst", beheerder_dienst },
    { "DossierBeheerderTelefoon", beheerder_telefoon },
    { "DossierBeheerderEmail", beheerder_email },
    { "DossierBeheerderWebsite", beheerder_website },
};

#define KOLOMMEN (sizeof(kolommen) / sizeof(kolommen[0]))


void
dosis_csv_schrijf_kop(dosis_buf_t *to)
{
    size_t i;

    DOSIS_BUF_LIT(to, BOM);
    for (i = 0; i < KOLOMMEN; i++) {
        if (i > 0) {
            dosis_buf_add_byte(to, SEPARATOR);
        }
        dosis_buf_add_slice(to, dosis_slice_of(kolommen[i].naam));
    }
    DOSIS_BUF_LIT(to, "\r\n");
}


/* --- a dossier ----------------------------------------------------------- */

static bool
has_bar(const dosis_dossier_t *d)
{
    const char bar[] = { BETWEEN_RIGHTS, '\0' };
    size_t i, j;

    for (i = 0; i < d->agenten_count; i++) {
        for (j = 0; j < d->agenten[i].rechten_count; j++) {
            if (has_byte(d->agenten[i].rechten[j], bar)) {
                return true;
            }
        }
    }
    return false;
}


static bool
has_address(const dosis_dossier_t *d)
{
    size_t i;

    for (i = DOSIS_CONTACT_STRAAT; i <= DOSIS_CONTACT_GEMEENTE; i++) {
        if (d->has_beheerder && d->beheerder.field[i].len > 0) {
            return true;
        }
    }
    return false;
}


static unsigned
missing(const dosis_dossier_t *d)
{
    const bool is[] = {
        [DOSIS_CSV_MIST_ADRES] = has_address(d),
        [DOSIS_CSV_MIST_PRODUCTEN] = d->producten_count > 1,
        [DOSIS_CSV_MIST_FASEN] = d->fasen_count > 0,
        [DOSIS_CSV_MIST_FREQUENTIE] = d->update_frequentie.len > 0,
        [DOSIS_CSV_MIST_STREEF] = d->has_status_streef,
        [DOSIS_CSV_MIST_RECHT] = has_bar(d),
    };
    unsigned bits = 0;
    size_t i;

    for (i = 0; i < DOSIS_CSV_MIST_MAX; i++) {
        bits |= is[i] ? 1u << i : 0;
    }
    return bits;
}


static void
add_row(const rij_t *rij)
{
    size_t i;

    for (i = 0; i < KOLOMMEN; i++) {
        if (i > 0) {
            dosis_buf_add_byte(rij->to, SEPARATOR);
        }
        kolommen[i].add(rij);
    }
    DOSIS_BUF_LIT(rij->to, "\r\n");
}


unsigned
dosis_csv_schrijf(dosis_buf_t *to, const dosis_dossier_t *dossier,
    const dosis_codelijsten_t *lijsten)
{
    rij_t rij = { .to = to, .dossier = dossier, .lijsten = lijsten };
    size_t i = 0;

    do {
        rij.agent = i < dossier->agenten_count ? &dossier->agenten[i] : NULL;
        add_row(&rij);
    } while (++i < dossier->agenten_count);
    return missing(dossier);
}
