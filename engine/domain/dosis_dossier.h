/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_dossier.h: one dossier as delivered: the value, its ceilings, its
 * canonical content.
 *
 * Layer      domain
 * Threads    a value belongs to one thread at a time
 * Blocking   never
 * Memory     every slice is borrowed from the arena given to the reader
 *            (dosis_dossier_json.h) and lives as long as that arena
 * Errors     none here
 *
 * An absent text is {NULL, 0}. An empty or blank text is absent too.
 */

#ifndef DOSIS_DOMAIN_DOSIS_DOSSIER_H
#define DOSIS_DOMAIN_DOSIS_DOSSIER_H

#include "base/dosis_buf.h"
#include "domain/dosis_agent.h"
#include "domain/dosis_codelijst.h"

/* Ceilings in bytes of UTF-8; published. */
#define DOSIS_BRON_MAX        200
#define DOSIS_NUMMER_MAX      100
#define DOSIS_NAAM_MAX        320
#define DOSIS_DETAIL_MAX      500
#define DOSIS_ACTIE_MAX       500
#define DOSIS_URL_MAX         1000
#define DOSIS_PRODUCT_MAX     50
#define DOSIS_PRODUCTEN_MAX   10
#define DOSIS_CONTACT_MAX     254
#define DOSIS_TYPE_MAX        50
#define DOSIS_FREQUENTIE_MAX  50
#define DOSIS_FASEN_MAX       20
#define DOSIS_AGENTEN_MAX     50
#define DOSIS_RECHTEN_MAX     20
#define DOSIS_RECHT_MAX       200

typedef struct {
    dosis_agent_t agent;
    uint16_t rol;               /* number in ParticipatieRol, 0 = absent */
    uint8_t rechten_count;
    dosis_slice_t *rechten;     /* normalised (dosis_recht.h), sorted, once */
} dosis_agent_rechten_t;

enum {
    DOSIS_CONTACT_NAAM,
    DOSIS_CONTACT_DIENST,
    DOSIS_CONTACT_TELEFOON,
    DOSIS_CONTACT_EMAIL,
    DOSIS_CONTACT_WEBSITE,
    DOSIS_CONTACT_STRAAT,
    DOSIS_CONTACT_NUMMER,
    DOSIS_CONTACT_POSTCODE,
    DOSIS_CONTACT_GEMEENTE,
    DOSIS_CONTACT_FIELDS
};                              /* stored in this order: never change it */

typedef struct {
    dosis_slice_t field[DOSIS_CONTACT_FIELDS];
} dosis_contact_t;

typedef struct {
    /* key and envelope: no part of the canonical content */
    dosis_slice_t bron;
    dosis_slice_t nummer;
    dosis_slice_t upload_id;        /* lower-case UUID, or absent */
    bool has_wijziging;
    int64_t wijziging_ns;

    /* content */
    dosis_slice_t naam;
    dosis_slice_t type;             /* as in the list, else as sent */
    uint16_t type_nummer;           /* in TypeDossier, 0 = free text */
    bool has_status;                /* fase and code are set */
    uint16_t fase;
    uint16_t code;
    uint16_t edrl;                  /* 0 = absent */
    dosis_slice_t detail1;
    dosis_slice_t detail2;
    bool has_status_streef;
    int64_t status_streef_ns;       /* Status.StreefDatum */
    bool has_actie_nodig;           /* ActieNodig was given */
    bool actie_nodig;
    dosis_slice_t actie;
    bool has_voor;
    int32_t voor_dag;               /* Actie.Voor, days since 1970 */
    dosis_slice_t doorverwijzing;
    uint8_t producten_count;
    dosis_slice_t producten[DOSIS_PRODUCTEN_MAX];    /* sorted, once each */
    bool has_beheerder;
    dosis_contact_t beheerder;
    uint8_t agenten_count;
    dosis_agent_rechten_t *agenten;    /* sorted by soort, id; once each */
    bool is_publiek;
    bool is_vertrouwelijk;
    bool has_streef;
    int64_t streef_ns;
    dosis_slice_t update_frequentie;
    uint8_t fasen_count;               /* MogelijkeVlaamseFases */
    uint16_t fasen[DOSIS_FASEN_MAX];   /* sorted, once each */
} dosis_dossier_t;

/*
 * Adds the canonical content: every content member in a fixed order, absent
 * ones marked, lengths in front, so that two dossiers have equal bytes
 * exactly when they have equal content (api.md 2). Code-list values are
 * added by their code text, not by number, so that sites agree.
 */
void dosis_dossier_canonical(dosis_buf_t *buf, const dosis_dossier_t *dossier,
    const dosis_codelijsten_t *lijsten);

/* true when one of the agents is a person. */
bool dosis_dossier_has_person(const dosis_dossier_t *dossier);

#endif
