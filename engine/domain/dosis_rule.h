/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_rule.h: the validation rules as a table: code, field, severity, Dutch
 * text, where the rule comes from. The same rows drive the checks, the error
 * texts and the published rules.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     static
 * Errors     none
 */

#ifndef DOSIS_DOMAIN_DOSIS_RULE_H
#define DOSIS_DOMAIN_DOSIS_RULE_H

#include "base/dosis_buf.h"
#include "base/dosis_err.h"

/*
 * One word per rule; the row stands in dosis_rule.c. Several rules may share
 * one code on the wire: the code tells a client what to do, the text why.
 */
typedef enum {
    /* of every delivery */
    DOSIS_RULE_VELD_ONTBREEKT,
    DOSIS_RULE_VELD_SOORT,   /* wrong JSON type; detail: expected */
    DOSIS_RULE_VELD_TEKENS,  /* control characters */
    DOSIS_RULE_VELD_TE_LANG, /* detail: the ceiling in bytes */
    DOSIS_RULE_DUBBEL_VELD,
    DOSIS_RULE_ONBEKEND_VELD,
    DOSIS_RULE_UPLOAD_ID_ONGELDIG,
    DOSIS_RULE_INSZ_ALS_NUMMER,
    DOSIS_RULE_DATUM_ONGELDIG,
    DOSIS_RULE_DATUM_IN_TOEKOMST,
    DOSIS_RULE_FASE_ONBEKEND,
    DOSIS_RULE_CODE_ONBEKEND,
    DOSIS_RULE_EDRL_ONBEKEND,
    DOSIS_RULE_ROL_ONBEKEND,
    DOSIS_RULE_ONGEBRUIKELIJK_PAAR, /* detail: the phase */
    DOSIS_RULE_TE_VEEL_FASEN,
    DOSIS_RULE_TE_VEEL_PRODUCTEN,
    DOSIS_RULE_AGENTEN_ONTBREKEN,
    DOSIS_RULE_TE_VEEL_AGENTEN,
    DOSIS_RULE_TE_VEEL_RECHTEN,
    DOSIS_RULE_GEEN_RECHTEN,
    DOSIS_RULE_KBO_ONGELDIG,
    DOSIS_RULE_VESTIGING_ONGELDIG,
    DOSIS_RULE_INSZ_ONGELDIG,
    DOSIS_RULE_AGENT_ONGELDIG,
    DOSIS_RULE_AGENT_AFGEROND, /* by a spreadsheet */
    DOSIS_RULE_AGENT_VREEMD,
    DOSIS_RULE_URL_ONGELDIG,
    DOSIS_RULE_INSZ_IN_URL,
    DOSIS_RULE_URL_NIET_GEOPEND,
    DOSIS_RULE_PUBLIEK_MET_PERSOON,

    /* of registrations and code lists, the operator's files */
    DOSIS_RULE_VELD_BESTAAT_NIET,
    DOSIS_RULE_WAARDE_DUBBEL,
    DOSIS_RULE_WAARDE_ONBEKEND,
    DOSIS_RULE_TE_VEEL_WAARDEN,

    /* of the header of a CSV delivery */
    DOSIS_RULE_CSV_CODERING,
    DOSIS_RULE_CSV_NUL,
    DOSIS_RULE_KOP_ONTBREEKT,
    DOSIS_RULE_KOP_TE_LANG,
    DOSIS_RULE_KOP_AANHALING,
    DOSIS_RULE_KOLOM_ONTBREEKT,
    DOSIS_RULE_KOLOM_STATUS,    /* one that a DossierStatus needs */
    DOSIS_RULE_KOLOM_DUBBEL,
    DOSIS_RULE_KOLOM_TE_LANG,
    DOSIS_RULE_KOLOM_ONBEKEND,
    DOSIS_RULE_KOLOM_ZONDER_NAAM, /* detail: which one, from 1 */
    DOSIS_RULE_TE_VEEL_KOLOMMEN,
    DOSIS_RULE_CSV_ZONDER_RIJEN,
    DOSIS_RULE_CSV_GZIP,

    /* of its rows, before they are deliveries */
    DOSIS_RULE_RIJ_TE_LANG,
    DOSIS_RULE_RIJ_AANHALING, /* a quote where none may stand */
    DOSIS_RULE_RIJ_OPEN,      /* one that is not closed as it must */
    DOSIS_RULE_RIJ_NUL,
    DOSIS_RULE_RIJ_CODERING,
    DOSIS_RULE_RIJ_TE_VEEL,   /* cells; detail: how many, and columns */
    DOSIS_RULE_RIJ_TE_WEINIG, /* the same */
    DOSIS_RULE_RIJ_STRIJDIG,  /* with another of its dossier; detail: line */
    DOSIS_RULE_RIJ_WINDOWS_1252,
    DOSIS_RULE_SLEUTEL_OPNIEUW,
    DOSIS_RULE_RIJ_BRON,      /* a source that is another's, or unknown */
    DOSIS_RULE_RIJ_UPLOAD_ID, /* of another delivery, that was accepted */

    DOSIS_RULE_MAX
} dosis_rule_id_t;

/* The first rule that is not about a delivery. */
#define DOSIS_RULE_DELIVERY_END DOSIS_RULE_VELD_BESTAAT_NIET

/* From here on they are about CSV files. */
#define DOSIS_RULE_CSV DOSIS_RULE_CSV_CODERING

typedef struct {
    const char *code;     /* stable, on the wire */
    const char *ernst;    /* "fout" or "waarschuwing" */
    const char *text;     /* Dutch; may hold one %s for a name */
    const char *gat;      /* what stands for %s when the rule is published */
    const char *velden;   /* JSON pointers with blanks between; * for any
                             element, alone for any member */
    const char *herkomst; /* where the rule comes from */
} dosis_rule_t;

/* Never NULL for an id below DOSIS_RULE_MAX. */
const dosis_rule_t *dosis_rule(dosis_rule_id_t id);

/* A warning: it never refuses a delivery. */
bool dosis_rule_warns(dosis_rule_id_t id);

/* Adds its text; detail fills its %s, or NULL. */
void dosis_rule_add_text(dosis_buf_t *buf, const dosis_rule_t *rule,
    const char *detail);

/* Adds the rule's problem for that field; detail fills its %s, or NULL. */
void dosis_rule_broken(dosis_err_t *err, dosis_rule_id_t id, const char *field,
    const char *detail);

#endif
