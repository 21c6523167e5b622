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
 * The rules are one table: the first that holds decides, and the last always
 * does. What explains a verdict, and the page doc/toegang-matrix.md, read the
 * same table.
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

/* What a rule looks at. */
enum {
    DOSIS_FEIT_INGETROKKEN = 1 << 0,
    DOSIS_FEIT_VERTROUWELIJK = 1 << 1,
    DOSIS_FEIT_ZEKER = 1 << 2,      /* subject.vertrouwelijk */
    DOSIS_FEIT_AGENT = 1 << 3,
    DOSIS_FEIT_PUBLIEK = 1 << 4,
    DOSIS_FEIT_OP_ID = 1 << 5,      /* the door is that of a DossierId */
    DOSIS_FEIT_PERSOON = 1 << 6,
    DOSIS_FEIT_RECHTEN = 1 << 7,    /* rights are listed for that agent */
    DOSIS_FEIT_RAADPLEGER = 1 << 8, /* a person's: this one among them */
    DOSIS_FEIT_IEDEREEN = 1 << 9,   /* zonder_recht_iedereen */
    DOSIS_FEIT_RECHT = 1 << 10      /* one listed is held */
};

#define DOSIS_FEITEN 11

typedef struct {
    const char *code;        /* stable: clients know it */
    unsigned wel;            /* each of these DOSIS_FEIT_... holds, */
    unsigned niet;           /* and none of these */
    dosis_verdict_t verdict;
    const char *tekst;       /* what it says, one Dutch sentence */
} dosis_access_rule_t;

#define DOSIS_ACCESS_RULES 10

extern const dosis_access_rule_t dosis_access_rules[DOSIS_ACCESS_RULES];

/* What each fact says, in Dutch; by its bit. */
extern const char *const dosis_access_feiten[DOSIS_FEITEN];

/* The rule that decides; none before it holds. Never NULL. */
const dosis_access_rule_t *dosis_access_decide(const dosis_subject_t *subject,
    const dosis_access_record_t *record, dosis_door_t door);

/* What it decides. */
static inline dosis_verdict_t
dosis_access(const dosis_subject_t *subject,
    const dosis_access_record_t *record, dosis_door_t door)
{
    return dosis_access_decide(subject, record, door)->verdict;
}

static inline bool
dosis_verdict_sees(dosis_verdict_t verdict)
{
    return verdict == DOSIS_SEEN_OWN || verdict == DOSIS_SEEN_PUBLIC;
}

#endif
