/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_toegang_model.h: a random register, small enough to hold, and an oracle
 * written from the words of the contract (api.md 4). It shares no code with
 * the access function, so that a mistake in one is no mistake in the other.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   never
 * Memory     the caller's
 * Errors     none
 */

#ifndef DOSIS_CTL_CTL_TOEGANG_MODEL_H
#define DOSIS_CTL_CTL_TOEGANG_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#define MODEL_AGENTS 8   /* the last two are persons */
#define MODEL_PERSONS 2
#define MODEL_DOSSIERS 40
#define MODEL_SOURCES 3
#define MODEL_COUNTERS 5
#define MODEL_PRODUCTS 2
#define MODEL_KINDS 6
#define MODEL_RIGHTS 4
#define MODEL_RAADPLEGER 3 /* among the rights */
#define MODEL_ASKED_MAX 3

extern const char *const model_rights[MODEL_RIGHTS];
extern const char *const model_kinds[MODEL_KINDS];
extern const char *const model_products[MODEL_PRODUCTS];

typedef struct {
    char id[32];
    int kind; /* of model_kinds */
} model_agent_t;

/* As registered. Bits of what it is limited to; 0: to nothing. */
typedef struct {
    bool vertrouwelijk;
    unsigned kinds;
    unsigned sources;
    unsigned products;
} model_counter_t;

typedef struct {
    bool iedereen; /* ZonderRecht */
} model_source_t;

typedef struct {
    bool stored;
    bool withdrawn;
    bool publiek;
    bool vertrouwelijk;
    int source;
    int product;
    unsigned agents;               /* bits */
    unsigned rights[MODEL_AGENTS]; /* bits, of each agent */
    int version;
    char id[32];                   /* DossierId */
} model_dossier_t;

typedef struct {
    int agent;
    unsigned plain; /* rights held without an organisation: bits */
    unsigned own;   /* with this agent behind the colon */
    unsigned other; /* with another */
} model_asked_t;

typedef struct {
    bool user;
    const char *doelgroep; /* of a user */
    int counter;
    int mandataris; /* an agent who acts for the first, or -1 */
    bool assured;   /* of a user */
    int count;
    model_asked_t asked[MODEL_ASKED_MAX];
} model_asker_t;

typedef struct {
    uint64_t random;
    unsigned run;
    model_agent_t agent[MODEL_AGENTS];
    model_source_t source[MODEL_SOURCES];
    model_counter_t counter[MODEL_COUNTERS];
    model_dossier_t dossier[MODEL_DOSSIERS];
} model_t;

/* seed decides what is chosen, run only how things are called. */
void model_init(model_t *model, uint64_t seed, unsigned run);

/* From 0 to below, each as likely. */
unsigned model_choose(model_t *model, unsigned below);

/* Another version of that dossier, as it is to be pushed. */
void model_change(model_t *model, model_dossier_t *dossier);
void model_ask(model_t *model, model_asker_t *asker);

/* May that counter ask for these kinds of agents? A user: always. */
bool model_may_ask(const model_t *model, const model_asker_t *asker);

/* by_id: detail, history and address; else lists, counts and the feed. */
bool model_sees_one(const model_t *model, const model_asker_t *asker, int asked,
    const model_dossier_t *dossier, bool by_id);
bool model_sees(const model_t *model, const model_asker_t *asker,
    const model_dossier_t *dossier, bool by_id);

#endif
