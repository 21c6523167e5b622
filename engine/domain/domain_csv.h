/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * domain_csv.h: what the files that make deliveries of CSV rows share: the
 * columns as they stand in the tree of a delivery, a row with its cells in
 * place, the rows of one dossier. Private.
 *
 * Layer      domain
 * Threads    as the reader they belong to
 * Blocking   never
 * Memory     a row lives until it is kept or passed over; what is kept, until
 *            the dossier was given
 * Errors     problems of rows are collected with their dossier
 */

#ifndef DOSIS_DOMAIN_DOMAIN_CSV_H
#define DOSIS_DOMAIN_DOMAIN_CSV_H

#include "base/dosis_csv.h"
#include "base/dosis_json_made.h"
#include "domain/dosis_csv_dossier.h"
#include "domain/dosis_rule.h"
#include "domain/dosis_veld.h"

/* --- columns: domain_csv_cel.c -------------------------------------------- */

/* What in the tree holds the member of a column. */
enum {
    DOMAIN_CSV_DOSSIER,
    DOMAIN_CSV_IDENTIFICATIE,
    DOMAIN_CSV_STATUS,
    DOMAIN_CSV_ACTIE,
    DOMAIN_CSV_BEHEERDER,
    DOMAIN_CSV_PRODUCT,    /* a list of objects with that one member */
    DOMAIN_CSV_AGENT,      /* of each row, as all that follow */
    DOMAIN_CSV_RECHT,      /* a list of objects with that one member */
    DOMAIN_CSV_OUDERS
};

typedef struct {
    const char *naam;    /* in what holds it; NULL: the dossier itself */
    uint8_t in;
    uint8_t leden;       /* that there may be in it */
} domain_csv_ouder_t;

const domain_csv_ouder_t *domain_csv_ouder(size_t ouder);

typedef struct {
    uint8_t ouder;
    const char *naam;              /* of the member */
    dosis_veld_soort_t soort;
} domain_csv_plaats_t;

/* In the order of dosis_csv_kolom(). */
typedef struct {
    size_t count;
    size_t bron;         /* which they are */
    size_t nummer;
    size_t upload_id;
    domain_csv_plaats_t plaats[DOSIS_CSV_KOLOM_MAX];
} domain_csv_plan_t;

void domain_csv_plan(domain_csv_plan_t *plan);

/* What a cell says: the value of its member. */
dosis_json_t *domain_csv_waarde(dosis_json_maker_t *maker,
    const domain_csv_plaats_t *plaats, dosis_slice_t cel);

/* Do two cells say the same? */
bool domain_csv_gelijk(
    dosis_veld_soort_t soort, dosis_slice_t a, dosis_slice_t b);

/* --- a row: domain_csv_rij.c ---------------------------------------------- */

/* Of the file; the same for each of its rows. */
typedef struct {
    const domain_csv_plan_t *plan;
    dosis_csv_codering_t codering;
    size_t kolommen;               /* of the file, */
    uint8_t kolom[DOSIS_CSV_KOLOMMEN_MAX];    /*   which each is */
    bool vooraan;                  /* nothing can have moved its key */
    dosis_buf_t tekst;             /* of a row in another encoding */
} domain_csv_bestand_t;

#define DOMAIN_CSV_GEEN 0xFF       /* a column that is ignored */

void domain_csv_bestand_init(domain_csv_bestand_t *bestand,
    const domain_csv_plan_t *plan, const dosis_csv_kop_t *kop);

typedef struct {
    uint64_t lijn;
    uint64_t einde;
    uint64_t lijn_na;
    dosis_slice_t tekst;           /* UTF-8 */
    dosis_slice_t blok;            /* in which all cells lie */
    dosis_slice_t cel[DOSIS_CSV_KOLOM_MAX];    /* stripped; or empty */
    bool omgezet;                  /* read as Windows-1252 all the same */
    bool geweigerd;
    const char *kolom;             /* then: of which column, or "", */
    dosis_rule_id_t regel;         /*   which rule it breaks, its detail */
    char detail[64];
    bool sleutel;                  /* bron and nummer could be read */
} domain_csv_rij_t;

DOSIS_CHECK dosis_rc_t domain_csv_rij_read(domain_csv_bestand_t *bestand,
    const dosis_csv_row_t *row, domain_csv_rij_t *ret_rij);

/* A copy of it that outlives the next one. */
DOSIS_CHECK dosis_rc_t domain_csv_rij_copy(const domain_csv_bestand_t *bestand,
    const domain_csv_rij_t *rij, dosis_arena_t *arena,
    domain_csv_rij_t *ret_copy);

/* Refuses it when it was not refused yet: its key is missing. */
void domain_csv_rij_refuse(
    const domain_csv_bestand_t *bestand, domain_csv_rij_t *rij);

/* --- the rows of one dossier: domain_csv_groep.c -------------------------- */

typedef struct {
    const domain_csv_plan_t *plan;
    dosis_arena_t *arena;
    dosis_csv_dossier_t dossier;   /* what is given of it */
    dosis_csv_rij_t rij[DOSIS_CSV_RIJEN_MAX];
    dosis_slice_t cel[DOSIS_CSV_RIJEN_MAX][DOSIS_CSV_KOLOM_MAX];
    uint8_t van[DOSIS_CSV_KOLOM_MAX];
    bool geweigerd;                /* one of its rows */
    dosis_err_t problems;
    dosis_err_t warnings;
} domain_csv_groep_t;

/* No rows yet. */
void domain_csv_groep_init(domain_csv_groep_t *groep);

/* Is it a row of the same dossier? Not when there are no rows yet. */
bool domain_csv_groep_has(
    const domain_csv_groep_t *groep, const domain_csv_rij_t *rij);

DOSIS_CHECK dosis_rc_t domain_csv_groep_add(
    domain_csv_groep_t *groep, const domain_csv_rij_t *rij);

/* Judges them together; groep->dossier is whole then. */
DOSIS_CHECK dosis_rc_t domain_csv_groep_end(domain_csv_groep_t *groep);

void domain_csv_warn(
    domain_csv_groep_t *groep, dosis_rule_id_t rule, uint64_t lijn);

#endif
