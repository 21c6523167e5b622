/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_agent.h: who a dossier is about: recognise, check and normalise an
 * identification. There is no type field on the wire: the form decides
 * (domain.md 5.7).
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     the caller's
 * Errors     a short static code: NULL = fine, else "KboOngeldig",
 *            "VestigingOngeldig", "InszOngeldig", "AgentOngeldig",
 *            "AgentAfgerond"
 *
 * There is no function that prints a person's number for a log.
 */

#ifndef DOSIS_DOMAIN_DOSIS_AGENT_H
#define DOSIS_DOMAIN_DOSIS_AGENT_H

#include <stdint.h>

#include "base/dosis_slice.h"

typedef enum {
    DOSIS_AGENT_KBO = 1,         /* enterprise: 10 digits, starts 0 or 1 */
    DOSIS_AGENT_VESTIGING = 2,   /* establishment: 10 digits, starts 2-8 */
    DOSIS_AGENT_INSZ = 3,        /* person: 11 digits, RRN or BIS */
    DOSIS_AGENT_VERENIGING = 4,  /* association: V + 7 digits */
    DOSIS_AGENT_OVO = 5,         /* Flemish organisation: OVO + 6 digits */
    DOSIS_AGENT_VREEMD = 6       /* anything else: a foreign id, opaque */
} dosis_agent_soort_t;           /* numbers are stored: never change them */

#define DOSIS_AGENT_ID_MAX 100   /* bytes, of a foreign id */

/* How hard a check digit is judged; a setting of the source. */
typedef enum {
    DOSIS_STRENG,   /* check digits must hold */
    DOSIS_VORM      /* length and digits only */
} dosis_strengheid_t;

typedef struct {
    dosis_agent_soort_t soort;
    uint8_t len;
    char id[DOSIS_AGENT_ID_MAX + 1];   /* normalised, NUL behind it */
} dosis_agent_t;

/*
 * Normalised: digits only for numbers (dots, blanks, hyphens and a leading
 * BE removed; 9 digits get a 0 in front: an enterprise), V and OVO in upper
 * case, a foreign id trimmed and otherwise as sent. A text that consists of
 * 11 digits (after removing dots, blanks, hyphens) is always judged as a
 * person's number, one of 9 or 10 digits as KBO or establishment. BE with any
 * other count of digits is a broken enterprise number, never a foreign id. A
 * number as a spreadsheet rounds it (8,5073E+10) lost its digits: refused.
 */
const char *dosis_agent_parse(dosis_slice_t text, dosis_strengheid_t strengheid,
    dosis_agent_t *ret_agent);

/* The checks alone; digits only, of the exact length. */
bool dosis_kbo_valid(dosis_slice_t ten_digits);
bool dosis_insz_valid(dosis_slice_t eleven_digits);

/* "KBO", "Vestiging", "INSZ", "Vereniging", "OVO", "Vreemd"; never NULL. */
const char *dosis_agent_soort_name(dosis_agent_soort_t soort);

/* false when the name is none of these (ASCII case-insensitive). */
bool dosis_agent_soort_parse(dosis_slice_t name, dosis_agent_soort_t *ret);

static inline dosis_slice_t
dosis_agent_id(const dosis_agent_t *agent)
{
    return dosis_slice(agent->id, agent->len);
}

#endif
