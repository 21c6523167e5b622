/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_toegang_model.h"

#include <stdio.h>
#include <string.h>

const char *const model_rights[MODEL_RIGHTS] = { "A", "B", "A - x",
    "Raadpleger" };

const char *const model_counters[MODEL_COUNTERS] = { "{}",
    "{\"Vertrouwelijk\":true}", "{\"AgentSoorten\":[\"KBO\",\"INSZ\"]}",
    "{\"Bronnen\":[\"%s\"]}", "{\"Producten\":[\"1984\"]}" };

enum { COUNTER_ASSURED = 1, COUNTER_KINDS = 2, COUNTER_SOURCE = 3,
    COUNTER_PRODUCT = 4 };


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
    agent->doelgroep = "EA";
}


/* Born in 1900-1909, so that nobody has it. */
static void
make_person(model_agent_t *agent, unsigned number)
{
    unsigned nine = number / 999 % 10 * 10000000 + 101000
        + number % 998 + 1 + number / 9990 % 12 * 100000;

    (void) snprintf(agent->id, sizeof(agent->id), "%09u%02u", nine,
        97 - nine % 97);
    agent->doelgroep = "BUR";
}


void
model_init(model_t *model, uint64_t seed, unsigned run)
{
    int i;
    unsigned number = run % 900000;

    memset(model, 0, sizeof(*model));
    model->random = seed * 2654435761u + 88172645463325252u;
    model->run = run;
    for (i = 0; i < MODEL_AGENTS; i++) {
        if (is_person(i)) {
            make_person(&model->agent[i], number * 2 + (unsigned) i);
        } else if (i < 3) {
            make_enterprise(&model->agent[i],
                (i < 2 ? 4000000u : 24000000u) + number * 3 + (unsigned) i);
        }
    }
    (void) snprintf(model->agent[3].id, 32, "V%07u", number);
    model->agent[3].doelgroep = "VER";
    (void) snprintf(model->agent[4].id, 32, "OVO%06u", number);
    model->agent[4].doelgroep = "GID";
    (void) snprintf(model->agent[5].id, 32, "school-%x", run);
    model->agent[5].doelgroep = "OV";
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
    d->product = (int) model_choose(model, 2);
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


void
model_ask(model_t *model, model_asker_t *asker)
{
    int i, first = (int) model_choose(model, MODEL_AGENTS);

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
    if (asker->user && first != 5 && model_choose(model, 3) == 0) {
        asker->mandataris = (first + 1 + (int) model_choose(model, 7)) % 8;
    }
}


bool
model_may_ask(const model_asker_t *asker)
{
    int i;

    for (i = 0; i < asker->count; i++) {
        if (!asker->user && asker->counter == COUNTER_KINDS
            && asker->asked[i].agent > 1 && !is_person(asker->asked[i].agent)) {
            return false;
        }
    }
    return true;
}


static bool
is_in_scope(const model_asker_t *asker, const model_dossier_t *d)
{
    return asker->user
        || ((asker->counter != COUNTER_SOURCE || d->source == 0)
            && (asker->counter != COUNTER_PRODUCT || d->product == 0));
}


/* "One of": rule 4 of the contract, without the public one. */
static bool
has_right(const model_asker_t *asker, const model_asked_t *asked,
    const model_dossier_t *d)
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
    return listed == 0 ? d->source == 1 : (listed & held) != 0;
}


bool
model_sees_one(const model_asker_t *asker, int asked, const model_dossier_t *d,
    bool by_id)
{
    bool assured = asker->user ? asker->assured
                               : asker->counter == COUNTER_ASSURED;

    if (!d->stored || d->withdrawn || (d->vertrouwelijk && !assured)
        || !is_in_scope(asker, d)) {
        return false;
    }
    if (d->publiek && by_id) {
        return true;
    }
    if (!(d->agents & (1u << asker->asked[asked].agent))) {
        return false;
    }
    return d->publiek || has_right(asker, &asker->asked[asked], d);
}


bool
model_sees(const model_asker_t *asker, const model_dossier_t *d, bool by_id)
{
    int i;

    for (i = 0; i < asker->count; i++) {
        if (model_sees_one(asker, i, d, by_id)) {
            return true;
        }
    }
    return false;
}
