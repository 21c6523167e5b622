/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_toegang_model.h"

#include <stdio.h>
#include <string.h>

const char *const model_rights[MODEL_RIGHTS] = { "A", "B", "A - x",
    "Raadpleger" };

const char *const model_kinds[MODEL_KINDS] = { "KBO", "Vestiging",
    "Vereniging", "OVO", "Vreemd", "INSZ" };

const char *const model_products[MODEL_PRODUCTS] = { "1984", "2001" };

enum { KBO, VESTIGING, VERENIGING, OVO, VREEMD, INSZ };

static const int kind_of[MODEL_AGENTS] = { KBO, KBO, VESTIGING, VERENIGING, OVO,
    VREEMD, INSZ, INSZ };

/* The audiences of a kind, in the words of the contract; NULL behind them. */
static const char *const audiences[MODEL_KINDS][6] = {
    [KBO] = { "EA", "VER", "LB", "GID", "OV" },
    [VESTIGING] = { "EA", "OV" },
    [VERENIGING] = { "VER" },
    [OVO] = { "GID", "LB", "OV" },
    [VREEMD] = { "OV", "LB" },
    [INSZ] = { "BUR" },
};


unsigned
model_choose(model_t *model, unsigned below)
{
    uint64_t x = model->random;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    model->random = x;
    return (unsigned) ((x >> 16) % below);
}


static bool
is_person(int agent)
{
    return agent >= MODEL_AGENTS - MODEL_PERSONS;
}


/* Eight digits, and two that check them. */
static void
make_enterprise(model_agent_t *agent, unsigned eight)
{
    (void) snprintf(agent->id, sizeof(agent->id), "%08u%02u", eight,
        97 - eight % 97);
}


/* Born in 1900-1909, so that nobody has it. */
static void
make_person(model_agent_t *agent, unsigned number)
{
    unsigned nine = number / 999 % 10 * 10000000 + 101000
        + number % 998 + 1 + number / 9990 % 12 * 100000;

    (void) snprintf(agent->id, sizeof(agent->id), "%09u%02u", nine,
        97 - nine % 97);
}


/* Some of them, one time in two; else no limit. */
static unsigned
choose_limit(model_t *model, unsigned of)
{
    return model_choose(model, 2) == 0 ? model_choose(model, 1u << of) : 0;
}


/* Both kinds of source are always there, and a counter without a limit. */
static void
choose_registrations(model_t *model)
{
    int i;
    model_counter_t *counter;

    for (i = 0; i < MODEL_SOURCES; i++) {
        model->source[i].iedereen =
            i < 2 ? i == 1 : model_choose(model, 2) == 0;
    }
    for (i = 0; i < MODEL_COUNTERS; i++) {
        counter = &model->counter[i];
        counter->vertrouwelijk = model_choose(model, 2);
        counter->kinds = choose_limit(model, MODEL_KINDS);
        counter->sources = choose_limit(model, MODEL_SOURCES);
        counter->products = choose_limit(model, MODEL_PRODUCTS);
    }
    counter = &model->counter[0];
    counter->kinds = counter->sources = counter->products = 0;
}


static void
name_agents(model_t *model, unsigned run)
{
    int i;
    unsigned number = run % 900000;
    model_agent_t *agent = model->agent;

    for (i = 0; i < MODEL_AGENTS; i++) {
        agent[i].kind = kind_of[i];
        if (is_person(i)) {
            make_person(&agent[i], number * 2 + (unsigned) i);
        } else if (i < 3) {
            make_enterprise(&agent[i],
                (i < 2 ? 4000000u : 24000000u) + number * 3 + (unsigned) i);
        }
    }
    (void) snprintf(agent[3].id, sizeof(agent[3].id), "V%07u", number);
    (void) snprintf(agent[4].id, sizeof(agent[4].id), "OVO%06u", number);
    (void) snprintf(agent[5].id, sizeof(agent[5].id), "school-%x", run);
}


void
model_init(model_t *model, uint64_t seed, unsigned run)
{
    uint64_t x = seed + UINT64_C(0x9e3779b97f4a7c15);

    memset(model, 0, sizeof(*model));
    /* seeds beside each other must choose apart, and 0 would choose nothing */
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    model->random = (x ^ (x >> 31)) | 1;
    model->run = run;
    name_agents(model, run);
    choose_registrations(model);
}


void
model_change(model_t *model, model_dossier_t *d)
{
    int i, count = 1 + (int) model_choose(model, 3);

    if (!d->stored) {
        d->source = (int) model_choose(model, MODEL_SOURCES);
    }
    d->stored = true;
    d->withdrawn = false;
    d->product = (int) model_choose(model, MODEL_PRODUCTS);
    d->agents = 0;
    while (count-- > 0) {
        i = (int) model_choose(model, MODEL_AGENTS);
        d->agents |= 1u << i;
        d->rights[i] = model_choose(model, 3) == 0
            ? 0
            : model_choose(model, 1u << MODEL_RIGHTS);
    }
    d->vertrouwelijk = model_choose(model, 4) == 0;
    /* a person in a public dossier is refused */
    d->publiek = model_choose(model, 3) == 0
        && d->agents >> (MODEL_AGENTS - MODEL_PERSONS) == 0;
    d->version++;
}


/* Some of the rights, one time in so many. */
static unsigned
choose_rights(model_t *model, unsigned once_in)
{
    return model_choose(model, once_in) == 0
        ? model_choose(model, 1u << MODEL_RIGHTS)
        : 0;
}


static void
ask_rights(model_t *model, model_asked_t *asked)
{
    asked->plain = choose_rights(model, 4);
    asked->own = choose_rights(model, 2);
    asked->other = choose_rights(model, 3);
}


static const char *
choose_audience(model_t *model, int agent)
{
    const char *const *of = audiences[model->agent[agent].kind];
    unsigned count = 0;

    while (of[count] != NULL) {
        count++;
    }
    return of[model_choose(model, count)];
}


void
model_ask(model_t *model, model_asker_t *asker)
{
    int i, by, first = (int) model_choose(model, MODEL_AGENTS);

    memset(asker, 0, sizeof(*asker));
    asker->user = model_choose(model, 2);
    asker->counter = (int) model_choose(model, MODEL_COUNTERS);
    asker->assured = model_choose(model, 2);
    asker->count = asker->user ? 1 : 1 + (int) model_choose(model, 3);
    asker->mandataris = -1;
    for (i = 0; i < asker->count; i++) {
        asker->asked[i].agent = (first + i * 3) % MODEL_AGENTS;
        ask_rights(model, &asker->asked[i]);
    }
    /* an opaque identification gives no mandate */
    if (asker->user && model->agent[first].kind != VREEMD
        && model_choose(model, 3) == 0) {
        asker->mandataris =
            (first + 1 + (int) model_choose(model, MODEL_AGENTS - 1))
            % MODEL_AGENTS;
    }
    by = asker->mandataris >= 0 ? asker->mandataris : first;
    asker->doelgroep = asker->user ? choose_audience(model, by) : "";
}


static bool
is_within(unsigned limit, int one)
{
    return limit == 0 || (limit & (1u << one)) != 0;
}


bool
model_may_ask(const model_t *model, const model_asker_t *asker)
{
    int i;
    unsigned kinds = model->counter[asker->counter].kinds;

    for (i = 0; !asker->user && i < asker->count; i++) {
        if (!is_within(kinds, model->agent[asker->asked[i].agent].kind)) {
            return false;
        }
    }
    return true;
}


static bool
is_in_scope(const model_t *model, const model_asker_t *asker,
    const model_dossier_t *d)
{
    const model_counter_t *counter = &model->counter[asker->counter];

    return asker->user
        || (is_within(counter->sources, d->source)
            && is_within(counter->products, d->product));
}


/* "One of": rule 4 of the contract, without the public one. */
static bool
has_right(const model_t *model, const model_asker_t *asker,
    const model_asked_t *asked, const model_dossier_t *d)
{
    unsigned listed = d->rights[asked->agent];
    unsigned held = asked->own;

    if (asker->mandataris < 0) {
        held |= asked->plain;
    }
    if (is_person(asked->agent)) {
        return listed == 0 || (listed & (1u << MODEL_RAADPLEGER))
            || (listed & held);
    }
    return listed == 0 ? model->source[d->source].iedereen
                       : (listed & held) != 0;
}


bool
model_sees_one(const model_t *model, const model_asker_t *asker, int asked,
    const model_dossier_t *d, bool by_id)
{
    bool assured = asker->user ? asker->assured
                               : model->counter[asker->counter].vertrouwelijk;

    if (!d->stored || d->withdrawn || (d->vertrouwelijk && !assured)
        || !is_in_scope(model, asker, d)) {
        return false;
    }
    if (d->publiek && by_id) {
        return true;
    }
    if (!(d->agents & (1u << asker->asked[asked].agent))) {
        return false;
    }
    return d->publiek || has_right(model, asker, &asker->asked[asked], d);
}


bool
model_sees(const model_t *model, const model_asker_t *asker,
    const model_dossier_t *d, bool by_id)
{
    int i;

    for (i = 0; i < asker->count; i++) {
        if (model_sees_one(model, asker, i, d, by_id)) {
            return true;
        }
    }
    return false;
}
