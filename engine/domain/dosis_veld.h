/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_veld.h: the members of a delivery as data: which there are, of what
 * kind, how long, which must be there. Read from the very tables that read a
 * delivery (dosis_dossier_json.c).
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     what a callback gets is valid until it returns
 * Errors     none
 */

#ifndef DOSIS_DOMAIN_DOSIS_VELD_H
#define DOSIS_DOMAIN_DOSIS_VELD_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    DOSIS_VELD_GEEN,       /* of a table that is not published */
    DOSIS_VELD_OBJECT,
    DOSIS_VELD_LIJST,
    DOSIS_VELD_TEKST,
    DOSIS_VELD_SLEUTEL,    /* a text, or an integer as its digits */
    DOSIS_VELD_UUID,
    DOSIS_VELD_TIJDSTIP,
    DOSIS_VELD_DATUM,
    DOSIS_VELD_JA_NEE,
    DOSIS_VELD_URL,
    DOSIS_VELD_CODE,       /* of a code list */
    DOSIS_VELD_AGENT,      /* an identification of an agent */
    DOSIS_VELD_SOORTEN
} dosis_veld_soort_t;

typedef enum {
    DOSIS_VELD_MAG,        /* may be there */
    DOSIS_VELD_MOET,       /* must be there, when what holds it is there */
    DOSIS_VELD_MET_STATUS  /* must be there in a DossierStatus */
} dosis_veld_plicht_t;

#define DOSIS_VELD_NAMEN_MAX 3

typedef struct {
    const char *pad;       /* JSON pointer; * stands for any element */
    dosis_veld_soort_t soort;
    dosis_veld_plicht_t plicht;
    size_t max;            /* bytes of a text, elements of a list; or 0 */
    const char *lijst;     /* of a code: the name of its code list, or NULL */
    size_t namen;          /* other spellings of its name */
    const char *naam[DOSIS_VELD_NAMEN_MAX];
} dosis_veld_t;

typedef void (*dosis_veld_pt)(const dosis_veld_t *veld, void *payload);

/* Every member, in the order in which real clients write them. */
void dosis_veld_each(dosis_veld_pt on_veld, void *payload);

/* "tekst", "lijst", ...: on the wire; never NULL. */
const char *dosis_veld_soort_name(dosis_veld_soort_t soort);

/* "mag", "moet", "moet in een DossierStatus"; never NULL. */
const char *dosis_veld_plicht_name(dosis_veld_plicht_t plicht);

#endif
