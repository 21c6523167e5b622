/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_access.h: THE access function (api.md 4). Every door asks it; no
 * other place judges who may see a dossier.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     the caller's
 * Errors     none: a verdict
 *
 * Rules, in this order:
 *   1  withdrawn: invisible
 *   2  vertrouwelijk needs subject.vertrouwelijk (the configured acr, or the
 *      counter's registration); it beats publiek
 *   3  the subject is an agent of the dossier
 *   4  publiek; or a person whose rights there are empty or hold
 *      `Raadpleger`; or a right listed for that agent is held; or another
 *      agent without rights at a source registered zonder_recht: iedereen
 *   5  publiek waives 4 everywhere, and 3 only for detail and history by
 *      DossierId
 */

#ifndef DOSIS_DOMAIN_DOSIS_ACCESS_H
#define DOSIS_DOMAIN_DOSIS_ACCESS_H

#include "domain/dosis_agent.h"

#define DOSIS_HELD_MAX 200

/* Who asks, with the rights held for exactly this subject. */
typedef struct {
    dosis_agent_t agent;
    const dosis_slice_t *rechten;   /* from dosis_recht_held() */
    size_t rechten_count;
    bool vertrouwelijk;             /* assurance suffices for confidential */
} dosis_subject_t;

/* What the record says, for the one agent that is the subject. */
typedef struct {
    bool ingetrokken;
    bool publiek;
    bool vertrouwelijk;
    bool is_agent;                  /* the subject is an agent of it */
    dosis_agent_soort_t soort;      /* of that agent */
    const dosis_slice_t *rechten;   /* listed for that agent, normalised */
    size_t rechten_count;
    bool zonder_recht_iedereen;     /* the source's registration, of now */
} dosis_access_record_t;

typedef enum {
    DOSIS_DOOR_LIST,     /* lists, counts, feeds: the subject's own */
    DOSIS_DOOR_DETAIL    /* detail and history by DossierId */
} dosis_door_t;

typedef enum {
    DOSIS_SEEN_OWN,            /* visible as an agent */
    DOSIS_SEEN_PUBLIC,         /* visible because public, agents left out */
    DOSIS_UNSEEN_WITHDRAWN,
    DOSIS_UNSEEN_CONFIDENTIAL,
    DOSIS_UNSEEN_NO_AGENT,
    DOSIS_UNSEEN_NO_RIGHT
} dosis_verdict_t;

dosis_verdict_t dosis_access(const dosis_subject_t *subject,
    const dosis_access_record_t *record, dosis_door_t door);

static inline bool
dosis_verdict_sees(dosis_verdict_t verdict)
{
    return verdict == DOSIS_SEEN_OWN || verdict == DOSIS_SEEN_PUBLIC;
}

#endif
