/* SPDX-License-Identifier: EUPL-1.2 */
/* Columns in the tree of a delivery, and what their cells say. */

#include "domain/domain_csv.h"

#include "base/dosis_text.h"
#include "domain/domain_member.h"

#define LIJST_MAX 256 /* more than any list may have: the rule refuses it */
#define MOMENT_MAX (sizeof("2026-12-15T10:30:00") - 1)

static const domain_csv_ouder_t ouders[DOMAIN_CSV_OUDERS] = {
    [DOMAIN_CSV_DOSSIER] = { NULL, DOMAIN_CSV_DOSSIER, 16 },
    [DOMAIN_CSV_IDENTIFICATIE] = { "Identificatie", DOMAIN_CSV_DOSSIER, 2 },
    [DOMAIN_CSV_STATUS] = { "Status", DOMAIN_CSV_DOSSIER, 8 },
    [DOMAIN_CSV_ACTIE] = { "Actie", DOMAIN_CSV_STATUS, 4 },
    [DOMAIN_CSV_BEHEERDER] = { "DossierBeheerder", DOMAIN_CSV_DOSSIER, 8 },
    [DOMAIN_CSV_PRODUCT] = { "Producten", DOMAIN_CSV_DOSSIER, 1 },
    [DOMAIN_CSV_AGENT] = { "Agenten", DOMAIN_CSV_DOSSIER, 4 },
    [DOMAIN_CSV_RECHT] = { "Toegangsrechten", DOMAIN_CSV_AGENT, 1 },
};

/* Where the members of each stand, as a column has it. */
static const char *const paden[DOMAIN_CSV_OUDERS] = {
    [DOMAIN_CSV_DOSSIER] = "",
    [DOMAIN_CSV_IDENTIFICATIE] = "/Identificatie",
    [DOMAIN_CSV_STATUS] = "/Status",
    [DOMAIN_CSV_ACTIE] = "/Status/Actie",
    [DOMAIN_CSV_BEHEERDER] = "/DossierBeheerder",
    [DOMAIN_CSV_PRODUCT] = "/Producten/*",
    [DOMAIN_CSV_AGENT] = "/Agenten/*",
    [DOMAIN_CSV_RECHT] = "/Agenten/*/Toegangsrechten/*",
};


const domain_csv_ouder_t *
domain_csv_ouder(size_t ouder)
{
    return &ouders[ouder];
}


static void
on_veld(const dosis_veld_t *veld, void *payload)
{
    domain_csv_plan_t *plan = payload;
    size_t i;

    for (i = 0; i < plan->count; i++) {
        if (strcmp(dosis_csv_kolom(i)->pad, veld->pad) == 0) {
            plan->plaats[i].soort = veld->soort;
        }
    }
}


static uint8_t
ouder_find(dosis_slice_t pad)
{
    uint8_t i = 0;

    while (!dosis_slice_eq(dosis_slice_of(paden[i]), pad)) {
        i++;
    }
    return i;
}


static size_t
kolom_find(const domain_csv_plan_t *plan, const char *naam)
{
    size_t i = 0;

    while (i < plan->count && strcmp(dosis_csv_kolom(i)->naam, naam) != 0) {
        i++;
    }
    return i;
}


void
domain_csv_plan(domain_csv_plan_t *plan)
{
    size_t i;

    memset(plan, 0, sizeof(*plan));
    plan->count = dosis_csv_kolom_count();
    for (i = 0; i < plan->count; i++) {
        const char *pad = dosis_csv_kolom(i)->pad;
        const char *naam = strrchr(pad, '/');

        plan->plaats[i].ouder =
            ouder_find(dosis_slice(pad, (size_t) (naam - pad)));
        plan->plaats[i].naam = naam + 1;
    }
    plan->bron = kolom_find(plan, "Bron");
    plan->nummer = kolom_find(plan, "DossierNummer");
    plan->upload_id = kolom_find(plan, "UploadId");
    dosis_veld_each(on_veld, plan);
}


/* --- yes or no ------------------------------------------------------------ */

static bool
ja_nee(dosis_slice_t cel, bool *ret_is)
{
    static const struct {
        dosis_slice_t woord;
        bool is;
    } woorden[] = {
        { { "true", 4 }, true },
        { { "false", 5 }, false },
        { { "ja", 2 }, true },
        { { "nee", 3 }, false },
        { { "waar", 4 }, true },
        { { "onwaar", 6 }, false },
        { { "1", 1 }, true },
        { { "0", 1 }, false },
    };
    size_t i;

    for (i = 0; i < sizeof(woorden) / sizeof(woorden[0]); i++) {
        if (dosis_text_ieq(cel, woorden[i].woord)) {
            *ret_is = woorden[i].is;
            return true;
        }
    }
    return false;
}


/* --- moments -------------------------------------------------------------- */

/* Takes min to max digits, and what must stand behind them. */
static bool
take_number(dosis_slice_t *text, size_t min, size_t max, dosis_slice_t *ret)
{
    size_t len = 0;

    while (len < text->len && len < max && text->data[len] >= '0'
        && text->data[len] <= '9') {
        len++;
    }
    *ret = dosis_slice(text->data, len);
    text->data += len;
    text->len -= len;
    return len >= min;
}


static bool
take_mark(dosis_slice_t *text, char mark)
{
    if (text->len == 0 || text->data[0] != mark) {
        return false;
    }
    text->data++;
    text->len--;
    return true;
}


static void
add_two(dosis_buf_t *to, char before, dosis_slice_t digits)
{
    dosis_buf_add_byte(to, before);
    if (digits.len < 2) {
        dosis_buf_add_byte(to, '0');
    }
    dosis_buf_add_slice(to, digits);
}


/* h:mm or h:mm:ss. false: it is something else. */
static bool
add_clock(dosis_buf_t *to, dosis_slice_t text)
{
    dosis_slice_t hour, minute, second;

    if (!take_number(&text, 1, 2, &hour) || !take_mark(&text, ':')
        || !take_number(&text, 2, 2, &minute)) {
        return false;
    }
    add_two(to, 'T', hour);
    add_two(to, ':', minute);
    if (text.len == 0) {
        return true;
    }
    if (!take_mark(&text, ':') || !take_number(&text, 2, 2, &second)) {
        return false;
    }
    add_two(to, ':', second);
    return text.len == 0;
}


/* As Excel writes it in Belgium, to ISO 8601. false: it is something else. */
static bool
add_moment(dosis_buf_t *to, dosis_slice_t text)
{
    dosis_slice_t day, month, year;

    if (!take_number(&text, 1, 2, &day) || !take_mark(&text, '/')
        || !take_number(&text, 1, 2, &month) || !take_mark(&text, '/')
        || !take_number(&text, 4, 4, &year)) {
        return false;
    }
    dosis_buf_add_slice(to, year);
    add_two(to, '-', month);
    add_two(to, '-', day);
    return text.len == 0 || (take_mark(&text, ' ') && add_clock(to, text));
}


/* text: MOMENT_MAX bytes, for one in the other form. */
static dosis_slice_t
moment(dosis_slice_t cel, char *text)
{
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, text, MOMENT_MAX);
    return add_moment(&buf, cel) && buf.rc == DOSIS_OK ? dosis_buf_slice(&buf)
                                                       : cel;
}


/* --- values --------------------------------------------------------------- */

static bool
is_moment(dosis_veld_soort_t soort)
{
    return soort == DOSIS_VELD_TIJDSTIP || soort == DOSIS_VELD_DATUM;
}


/* Part by part; empty ones are none. */
static dosis_json_t *
lijst(dosis_json_maker_t *maker, const char *naam, dosis_slice_t cel)
{
    dosis_json_t *list;
    size_t count = 1;
    size_t i;

    for (i = 0; i < cel.len && count < LIJST_MAX; i++) {
        count += cel.data[i] == '|';
    }
    list = dosis_json_make_array(maker, count);
    while (cel.len > 0 && count > 0 && maker->rc == DOSIS_OK) {
        const char *bar = memchr(cel.data, '|', cel.len);
        size_t len = bar == NULL ? cel.len : (size_t) (bar - cel.data);
        dosis_slice_t part = domain_member_strip(dosis_slice(cel.data, len));

        if (part.len > 0) {
            dosis_json_t *item = dosis_json_make_object(maker, 1);

            dosis_json_put(
                maker, item, naam, dosis_json_make_string(maker, part));
            dosis_json_put(maker, list, NULL, item);
            count--;
        }
        len += bar != NULL;
        cel = dosis_slice(cel.data + len, cel.len - len);
    }
    return list;
}


dosis_json_t *
domain_csv_waarde(dosis_json_maker_t *maker, const domain_csv_plaats_t *plaats,
    dosis_slice_t cel)
{
    char text[MOMENT_MAX];
    dosis_slice_t kept = cel;
    bool is;

    if (plaats->ouder == DOMAIN_CSV_RECHT
        || plaats->ouder == DOMAIN_CSV_PRODUCT) {
        return lijst(maker, plaats->naam, cel);
    }
    if (plaats->soort == DOSIS_VELD_JA_NEE && ja_nee(cel, &is)) {
        return dosis_json_make_bool(maker, is);
    }
    if (is_moment(plaats->soort)) {
        kept = moment(cel, text);
    }
    if (kept.data != cel.data) {
        kept = dosis_arena_copy(maker->arena, kept);
    }
    return dosis_json_make_string(maker, kept);
}


bool
domain_csv_gelijk(dosis_veld_soort_t soort, dosis_slice_t a, dosis_slice_t b)
{
    char text_a[MOMENT_MAX];
    char text_b[MOMENT_MAX];
    bool is_a;
    bool is_b;

    if (dosis_slice_eq(a, b)) {
        return true;
    }
    if (soort == DOSIS_VELD_JA_NEE) {
        return ja_nee(a, &is_a) && ja_nee(b, &is_b) && is_a == is_b;
    }
    return is_moment(soort)
        && dosis_slice_eq(moment(a, text_a), moment(b, text_b));
}
