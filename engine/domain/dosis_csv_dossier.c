/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_csv_dossier.h"

#include <stdlib.h>

#include "base/dosis_siphash.h"
#include "domain/domain_csv.h"

#define BOM "\xEF\xBB\xBF"

/*
 * Keys that were seen, to warn of one that comes back: a place of the hash
 * says which (18 bits), 32 others of it are kept there. A later key may take
 * the place; two keys look the same once in 2^50.
 */
#define GEZIEN_PLAATSEN ((size_t) 1 << 18)
#define GEZIEN_SHIFT 32

/* Of one dossier: its rows twice, as text and cells, and their tree. */
#define GROEP_BYTES ((size_t) 64 << 20)

/* In UTF-8 so many are never so much; what is converted may grow threefold. */
#define LOS_MAX DOSIS_CSV_RIJEN_MAX
#define LOS_BYTES ((size_t) 8 << 20)

struct dosis_csv_lezer_s {
    domain_csv_plan_t plan;
    domain_csv_bestand_t bestand;
    domain_csv_groep_t groep;
    domain_csv_rij_t rij;          /* the last one */
    domain_csv_rij_t los[LOS_MAX]; /* behind groep, without a key */
    size_t los_count;
    dosis_arena_t *los_arena;
    dosis_csv_reader_t *reader;
    char separator;
    size_t kop;         /* bytes of the header still to come */
    uint64_t kop_bytes; /* and those passed over */
    uint64_t kop_lijnen;
    bool kop_cr;       /* its last byte so far */
    bool gewaarschuwd; /* of rows in another encoding */
    uint32_t *gezien;
    dosis_csv_dossier_pt on_dossier;
    void *payload;
};


static dosis_rc_t
begin(dosis_csv_lezer_t *lezer, uint64_t bytes, uint64_t lijn)
{
    const dosis_csv_options_t options = {
        .separator = lezer->separator,
        .row_max = DOSIS_CSV_RIJ_MAX,
        .fields_max = lezer->bestand.kolommen,
        .begin = bytes,
        .line = lijn,
    };

    return dosis_csv_reader_create(&options, &lezer->reader);
}


dosis_rc_t
dosis_csv_lezer_create(const dosis_csv_kop_t *kop, uint64_t bytes,
    uint64_t lijn, dosis_csv_lezer_t **ret_lezer)
{
    dosis_csv_lezer_t *lezer = calloc(1, sizeof(*lezer));
    dosis_rc_t rc = DOSIS_OK;

    if (lezer == NULL) {
        return DOSIS_ENOMEM;
    }
    domain_csv_plan(&lezer->plan);
    domain_csv_bestand_init(&lezer->bestand, &lezer->plan, kop);
    lezer->separator = kop->separator;
    lezer->groep.plan = &lezer->plan;
    lezer->groep.arena = dosis_arena_create(GROEP_BYTES);
    lezer->los_arena = dosis_arena_create(GROEP_BYTES);
    lezer->gezien = calloc(GEZIEN_PLAATSEN, sizeof(*lezer->gezien));
    if (lezer->groep.arena == NULL || lezer->los_arena == NULL
        || lezer->gezien == NULL) {
        rc = DOSIS_ENOMEM;
    } else {
        domain_csv_groep_init(&lezer->groep);
    }
    lezer->kop = bytes == 0 ? kop->bytes : 0;
    if (rc == DOSIS_OK && bytes > 0) {
        rc = begin(lezer, bytes, lijn);
    }
    if (rc != DOSIS_OK) {
        dosis_csv_lezer_free(lezer);
        return rc;
    }
    *ret_lezer = lezer;
    return DOSIS_OK;
}


void
dosis_csv_lezer_free(dosis_csv_lezer_t *lezer)
{
    if (lezer != NULL) {
        dosis_csv_reader_free(lezer->reader);
        dosis_arena_free(lezer->groep.arena);
        dosis_arena_free(lezer->los_arena);
        dosis_buf_done(&lezer->bestand.tekst);
        free(lezer->gezien);
        free(lezer);
    }
}


/* --- rows to dossiers ----------------------------------------------------- */

/* Was it there before? It is from now on. */
static bool
gezien(dosis_csv_lezer_t *lezer, const dosis_csv_dossier_t *dossier)
{
    uint8_t key[DOSIS_SIPHASH_KEY] = { 0 };
    uint64_t hash = dosis_siphash(key, dossier->bron);
    uint32_t *plaats;
    bool was;

    memcpy(key, &hash, sizeof(hash));
    hash = dosis_siphash(key, dossier->nummer);
    plaats = &lezer->gezien[hash % GEZIEN_PLAATSEN];
    was = *plaats == (uint32_t) (hash >> GEZIEN_SHIFT);
    *plaats = (uint32_t) (hash >> GEZIEN_SHIFT);
    return was;
}


/* What has been collected, and nothing is left of it. */
static dosis_rc_t
give(dosis_csv_lezer_t *lezer)
{
    dosis_csv_dossier_t *dossier = &lezer->groep.dossier;
    dosis_rc_t rc;

    if (dossier->rijen == 0) {
        return DOSIS_OK;
    }
    if (dossier->nummer.len > 0 && gezien(lezer, dossier)) {
        dossier->again = true;
        domain_csv_warn(
            &lezer->groep, DOSIS_RULE_SLEUTEL_OPNIEUW, dossier->rij[0].lijn);
    }
    rc = domain_csv_groep_end(&lezer->groep);
    if (rc == DOSIS_OK) {
        rc = lezer->on_dossier(dossier, lezer->payload);
    }
    domain_csv_groep_init(&lezer->groep);
    return rc;
}


static dosis_rc_t
add(dosis_csv_lezer_t *lezer, const domain_csv_rij_t *rij)
{
    if (rij->omgezet && !lezer->gewaarschuwd) {
        lezer->gewaarschuwd = true;
        domain_csv_warn(&lezer->groep, DOSIS_RULE_RIJ_WINDOWS_1252, rij->lijn);
    }
    return domain_csv_groep_add(&lezer->groep, rij);
}


static bool
los_has_room(const dosis_csv_lezer_t *lezer)
{
    return lezer->los_count < LOS_MAX
        && dosis_arena_taken(lezer->los_arena) < LOS_BYTES;
}


/*
 * A row without a key does not end a dossier: when a row of the same dossier
 * follows, it stood among its rows, and the dossier is refused with it. Else
 * it is on its own.
 */
static dosis_rc_t
los_keep(dosis_csv_lezer_t *lezer)
{
    return domain_csv_rij_copy(&lezer->bestand, &lezer->rij, lezer->los_arena,
        &lezer->los[lezer->los_count++]);
}


static void
los_forget(dosis_csv_lezer_t *lezer)
{
    lezer->los_count = 0;
    dosis_arena_reset(lezer->los_arena);
}


static dosis_rc_t
los_take(dosis_csv_lezer_t *lezer)
{
    dosis_rc_t rc = DOSIS_OK;
    size_t i;

    for (i = 0; rc == DOSIS_OK && i < lezer->los_count; i++) {
        domain_csv_rij_refuse(&lezer->bestand, &lezer->los[i]);
        rc = add(lezer, &lezer->los[i]);
    }
    los_forget(lezer);
    return rc;
}


/* The dossier, and each row without a key behind it. */
static dosis_rc_t
give_all(dosis_csv_lezer_t *lezer)
{
    dosis_rc_t rc = give(lezer);
    size_t i;

    for (i = 0; rc == DOSIS_OK && i < lezer->los_count; i++) {
        rc = add(lezer, &lezer->los[i]);
        rc = rc == DOSIS_OK ? give(lezer) : rc;
    }
    if (lezer->los_count > 0) {
        los_forget(lezer);
    }
    return rc;
}


static dosis_rc_t
on_row(const dosis_csv_row_t *row, void *payload)
{
    dosis_csv_lezer_t *lezer = payload;
    dosis_rc_t rc;

    if (row->fault == DOSIS_CSV_FINE && row->filled == 0) {
        return DOSIS_OK;
    }
    rc = domain_csv_rij_read(&lezer->bestand, row, &lezer->rij);
    if (rc == DOSIS_OK && !lezer->rij.sleutel
        && lezer->groep.dossier.nummer.len > 0 && los_has_room(lezer)) {
        return los_keep(lezer);
    }
    if (rc == DOSIS_OK && !domain_csv_groep_has(&lezer->groep, &lezer->rij)) {
        rc = give_all(lezer);
    } else if (rc == DOSIS_OK && lezer->los_count > 0) {
        rc = los_take(lezer);
    }
    return rc == DOSIS_OK ? add(lezer, &lezer->rij) : rc;
}


/* Takes the header off. A CRLF may be cut in two. */
static dosis_rc_t
pass_header(dosis_csv_lezer_t *lezer, dosis_slice_t *bytes)
{
    size_t len = bytes->len < lezer->kop ? bytes->len : lezer->kop;
    dosis_slice_t part = dosis_slice(bytes->data, len);

    if (len == 0) {
        return DOSIS_OK;
    }
    lezer->kop_lijnen +=
        dosis_csv_lines(part) - (lezer->kop_cr && part.data[0] == '\n');
    lezer->kop_cr = part.data[len - 1] == '\r';
    lezer->kop -= len;
    lezer->kop_bytes += len;
    bytes->data += len;
    bytes->len -= len;
    return lezer->kop == 0
        ? begin(lezer, lezer->kop_bytes, 1 + lezer->kop_lijnen)
        : DOSIS_OK;
}


dosis_rc_t
dosis_csv_lezer_add(dosis_csv_lezer_t *lezer, dosis_slice_t bytes, bool last,
    dosis_csv_dossier_pt on_dossier, void *payload)
{
    dosis_rc_t rc = pass_header(lezer, &bytes);

    lezer->on_dossier = on_dossier;
    lezer->payload = payload;
    if (rc == DOSIS_OK && lezer->reader != NULL) {
        rc = dosis_csv_reader_add(lezer->reader, bytes, last, on_row, lezer);
    }
    return rc == DOSIS_OK && last ? give_all(lezer) : rc;
}


/* --- places --------------------------------------------------------------- */

/* A JSON pointer, step by step; `*` in pad is any element. */
static bool
pad_next(const char **pad, dosis_slice_t *step)
{
    size_t len;

    if (**pad != '/') {
        return false;
    }
    len = strcspn(*pad + 1, "/");
    *step = dosis_slice(*pad + 1, len);
    *pad += 1 + len;
    return true;
}


/* Is the one in the other, or the other in it? *ret_rij: the agent on the way.
 */
static bool
pad_meets(const char *pad, const char *field, size_t *ret_rij)
{
    dosis_slice_t step, of;
    const char *any = pad;

    *ret_rij = SIZE_MAX;
    while (pad_next(&pad, &step) && pad_next(&field, &of)) {
        if (step.data[0] != '*' && !dosis_slice_eq(step, of)) {
            return false;
        }
        if (step.data[0] == '*' && *ret_rij == SIZE_MAX
            && strncmp(any, "/Agenten/", 9) == 0) {
            *ret_rij = strtoul(of.data, NULL, 10);
        }
    }
    return true;
}


/* The first column of it: one that the file has, else any. */
static size_t
kolom_of(const dosis_csv_kop_t *kop, const char *field, size_t *ret_rij)
{
    size_t count = dosis_csv_kolom_count();
    size_t found = count;
    size_t i, at, rij;

    for (i = 0; i < count; i++) {
        if (!pad_meets(dosis_csv_kolom(i)->pad, field, &rij)) {
            continue;
        }
        for (at = 0; at < kop->kolommen; at++) {
            if (kop->kolom[at] == dosis_csv_kolom(i)) {
                *ret_rij = rij;
                return i;
            }
        }
        if (found == count) {
            found = i;
            *ret_rij = rij;
        }
    }
    return found;
}


void
dosis_csv_dossier_place(const dosis_csv_dossier_t *dossier,
    const dosis_csv_kop_t *kop, dosis_err_t *err)
{
    uint32_t i;

    for (i = 0; i < err->count; i++) {
        dosis_problem_t *item = &err->item[i];
        size_t rij = SIZE_MAX;
        size_t kolom = item->field[0] == '/' ? kolom_of(kop, item->field, &rij)
                                             : dosis_csv_kolom_count();

        if (kolom < dosis_csv_kolom_count()) {
            const char *naam = dosis_csv_kolom(kolom)->naam;

            memcpy(item->field, naam, strlen(naam) + 1);
            rij = rij == SIZE_MAX ? dossier->van[kolom] : rij;
        }
        if (item->line == 0) {
            item->line =
                (uint32_t) dossier->rij[rij < dossier->rijen ? rij : 0].lijn;
        }
    }
}


/* --- template ------------------------------------------------------------- */

/* What Excel leaves as it is when it opens and saves it. */
static const struct {
    const char *naam;
    const char *cel;
} voorbeeld[] = {
    { "Bron", "urn://vlaio/subsidies" },
    { "DossierNummer", "2026-000123" },
    { "Naam", "Subsidie kmo-portefeuille" },
    { "WijzigingsDatum", "2026-11-20T11:16:50" },
    { "TypeDossier", "DossierStatus" },
    { "StatusVlaamsFase", "Behandeling" },
    { "StatusVlaamsCode", "DossierOnvolledig" },
    { "StatusDetail1", "Wacht op factuur" },
    { "StatusActieNodig", "ja" },
    { "StatusActie", "Bezorg de factuur" },
    { "StatusActieVoor", "15/12/2026" },
    { "StreefDatum", "31/01/2027" },
    { "IsPubliek", "nee" },
    { "IsVertrouwelijk", "nee" },
    { "Doorverwijzing", "https://loket.example.be/dossier/123" },
    { "ProductId", "1984" },
    { "AgentIdentificatie", "0123.456.749" },
    { "Toegangsrechten", "SubsidieLezer - kmo|SubsidieBeheerder - kmo" },
    { "AgentRol", "Aanvrager" },
    { "DossierBeheerderNaam", "Team subsidies" },
    { "DossierBeheerderDienst", "VLAIO" },
    { "DossierBeheerderTelefoon", "02/000 00 00" },
    { "DossierBeheerderEmail", "subsidies@example.be" },
    { "DossierBeheerderWebsite", "https://www.example.be" },
};


static const char *
voorbeeld_of(const char *naam)
{
    size_t i;

    for (i = 0; i < sizeof(voorbeeld) / sizeof(voorbeeld[0]); i++) {
        if (strcmp(voorbeeld[i].naam, naam) == 0) {
            return voorbeeld[i].cel;
        }
    }
    return "";
}


void
dosis_csv_sjabloon(dosis_buf_t *body)
{
    size_t count = dosis_csv_kolom_count();
    size_t i;

    DOSIS_BUF_LIT(body, BOM);
    for (i = 0; i < count; i++) {
        dosis_buf_addf(body, "%s%s", dosis_csv_kolom(i)->naam,
            i + 1 < count ? ";" : "\r\n");
    }
    for (i = 0; i < count; i++) {
        dosis_buf_addf(body, "%s%s", voorbeeld_of(dosis_csv_kolom(i)->naam),
            i + 1 < count ? ";" : "\r\n");
    }
}
