/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Every combination of what the access function looks at, against an oracle
 * that follows the published wording, rule by rule, and shares no code.
 */

#include "../lib/tap.h"
#include "domain/dosis_access.h"

/* What the record lists for the agent, and what the subject holds. */
typedef enum {
    LIST_NONE,
    LIST_RAADPLEGER,
    LIST_OTHER,     /* a right that nobody here holds */
    LIST_HELD,      /* the right that the subject may hold */
    LIST_HELD_LAST, /* the same behind another one */
    LIST_MIXED,     /* another right and Raadpleger */
    LISTS
} list_t;

typedef enum {
    HOLD_NOTHING,
    HOLD_IT,
    HOLD_RAADPLEGER,
    HOLD_WRONG_CASE, /* case counts */
    HOLDS
} hold_t;

static const dosis_slice_t list_none[1] = { { NULL, 0 } };
static const dosis_slice_t list_raadpleger[] = { { "Raadpleger", 10 } };
static const dosis_slice_t list_other[] = { { "Ander", 5 } };
static const dosis_slice_t list_held[] = { { "Lezer-kmo", 9 } };
static const dosis_slice_t list_held_last[] = { { "Ander", 5 },
    { "Lezer-kmo", 9 } };
static const dosis_slice_t list_mixed[] = { { "Ander", 5 },
    { "Raadpleger", 10 } };
static const dosis_slice_t hold_case[] = { { "lezer-KMO", 9 } };

static const struct {
    const dosis_slice_t *rechten;
    size_t count;
} lists[LISTS] = {
    [LIST_NONE] = { list_none, 0 },
    [LIST_RAADPLEGER] = { list_raadpleger, 1 },
    [LIST_OTHER] = { list_other, 1 },
    [LIST_HELD] = { list_held, 1 },
    [LIST_HELD_LAST] = { list_held_last, 2 },
    [LIST_MIXED] = { list_mixed, 2 },
}, holds[HOLDS] = {
    [HOLD_NOTHING] = { list_none, 0 },
    [HOLD_IT] = { list_held, 1 },
    [HOLD_RAADPLEGER] = { list_raadpleger, 1 },
    [HOLD_WRONG_CASE] = { hold_case, 1 },
};

typedef struct {
    bool withdrawn;
    bool publiek;
    bool vertrouwelijk;
    bool is_agent;
    dosis_agent_soort_t soort;
    list_t list;
    hold_t hold;
    bool clearance;
    bool iedereen;
    dosis_door_t door;
} case_t;


/* "the rights listed for that agent meet a right held" */
static bool
oracle_meets(const case_t *c)
{
    switch (c->hold) {
    case HOLD_IT:
        return c->list == LIST_HELD || c->list == LIST_HELD_LAST;
    case HOLD_RAADPLEGER:
        return c->list == LIST_RAADPLEGER || c->list == LIST_MIXED;
    default:
        return false;
    }
}


/* "One of: IsPubliek; the agent is a person (INSZ) whose rights there are
 *  empty or hold Raadpleger; the rights listed for that agent meet a right
 *  held. Any other kind of agent without rights is visible to nobody, unless
 *  the source is registered zonderRecht: iedereen" */
static bool
oracle_rule_four(const case_t *c)
{
    bool person = c->soort == DOSIS_AGENT_INSZ;

    if (c->publiek) {
        return true;
    }
    if (person && c->list == LIST_NONE) {
        return true;
    }
    if (person && (c->list == LIST_RAADPLEGER || c->list == LIST_MIXED)) {
        return true;
    }
    if (oracle_meets(c)) {
        return true;
    }
    return !person && c->list == LIST_NONE && c->iedereen;
}


static dosis_verdict_t
oracle(const case_t *c)
{
    /* 1. Withdrawn: invisible. */
    if (c->withdrawn) {
        return DOSIS_UNSEEN_WITHDRAWN;
    }
    /* 2. IsVertrouwelijk needs the assurance; it beats IsPubliek. */
    if (c->vertrouwelijk && !c->clearance) {
        return DOSIS_UNSEEN_CONFIDENTIAL;
    }
    /* 3. The subject is an agent of the dossier; 5. IsPubliek waives this
     *    only for detail and history by DossierId, then without agents. */
    if (!c->is_agent) {
        if (c->publiek && c->door == DOSIS_DOOR_DETAIL) {
            return DOSIS_SEEN_PUBLIC;
        }
        return DOSIS_UNSEEN_NO_AGENT;
    }
    return oracle_rule_four(c) ? DOSIS_SEEN_OWN : DOSIS_UNSEEN_NO_RIGHT;
}


static const dosis_access_rule_t *
decide(const case_t *c)
{
    dosis_subject_t subject = { .vertrouwelijk = c->clearance,
        .rechten = holds[c->hold].rechten,
        .rechten_count = holds[c->hold].count };
    dosis_access_record_t record = { .ingetrokken = c->withdrawn,
        .publiek = c->publiek,
        .vertrouwelijk = c->vertrouwelijk,
        .is_agent = c->is_agent,
        .soort = c->soort,
        .rechten = lists[c->list].rechten,
        .rechten_count = lists[c->list].count,
        .zonder_recht_iedereen = c->iedereen };

    return dosis_access_decide(&subject, &record, c->door);
}


static dosis_verdict_t
judge(const case_t *c)
{
    return decide(c)->verdict;
}


/* The case of that number: each digit of it is one choice. */
static case_t
case_of(unsigned number)
{
    case_t c;

#define CHOOSE(field, type, choices)                                           \
    c.field = (type) (number % (choices));                                     \
    number /= (choices)

    CHOOSE(withdrawn, bool, 2);
    CHOOSE(publiek, bool, 2);
    CHOOSE(vertrouwelijk, bool, 2);
    CHOOSE(is_agent, bool, 2);
    CHOOSE(soort, dosis_agent_soort_t, 6);
    CHOOSE(list, list_t, LISTS);
    CHOOSE(hold, hold_t, HOLDS);
    CHOOSE(clearance, bool, 2);
    CHOOSE(iedereen, bool, 2);
    CHOOSE(door, dosis_door_t, 2);
#undef CHOOSE
    c.soort++;

    return c;
}


/* The table itself: what whoever reads it relies on. */
static void
check_table(void)
{
    const dosis_access_rule_t *last =
        &dosis_access_rules[DOSIS_ACCESS_RULES - 1];
    bool distinct = true;

    for (int i = 0; i < DOSIS_ACCESS_RULES; i++) {
        const dosis_access_rule_t *rule = &dosis_access_rules[i];

        CHECK(rule->code[0] != '\0' && rule->tekst[0] != '\0'
                && (rule->wel & rule->niet) == 0
                && (rule->wel | rule->niet) >> DOSIS_FEITEN == 0
                && (rule->niet & DOSIS_FEIT_RECHT) == 0,
            rule->code);
        for (int j = 0; j < i; j++) {
            distinct &= strcmp(rule->code, dosis_access_rules[j].code) != 0;
        }
    }
    CHECK(distinct, "no code stands twice");
    CHECK(last->wel == 0 && last->niet == 0
            && !dosis_verdict_sees(last->verdict),
        "the last rule always holds, and shows nothing");
    for (int i = 0; i < DOSIS_FEITEN; i++) {
        CHECK(dosis_access_feiten[i] != NULL, "each fact has its words");
    }
}


/* Which rule decides, by hand. */
static void
check_decides(void)
{
    static const struct {
        case_t c;
        const char *code;
    } rows[] = {
        { { .withdrawn = true, .vertrouwelijk = true }, "Ingetrokken" },
        { { .vertrouwelijk = true, .publiek = true }, "Vertrouwelijk" },
        { { .publiek = true, .door = DOSIS_DOOR_DETAIL }, "PubliekOpId" },
        { { .publiek = true, .door = DOSIS_DOOR_LIST }, "GeenAgent" },
        { { .publiek = true, .is_agent = true }, "Publiek" },
        { { .is_agent = true, .soort = DOSIS_AGENT_INSZ },
            "PersoonZonderRechten" },
        { { .is_agent = true, .soort = DOSIS_AGENT_INSZ, .list = LIST_MIXED,
              .hold = HOLD_RAADPLEGER },
            "PersoonRaadpleger" },
        { { .is_agent = true, .iedereen = true }, "ZonderRechtIedereen" },
        { { .is_agent = true, .list = LIST_HELD_LAST, .hold = HOLD_IT },
            "Recht" },
        { { .is_agent = true, .list = LIST_HELD, .hold = HOLD_WRONG_CASE },
            "GeenRecht" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK(strcmp(decide(&rows[i].c)->code, rows[i].code) == 0,
            rows[i].code);
    }
}


static void
check_all(void)
{
    const unsigned all = 2 * 2 * 2 * 2 * 6 * LISTS * HOLDS * 2 * 2 * 2;
    unsigned seen[DOSIS_UNSEEN_NO_RIGHT + 1] = { 0 };
    unsigned wrong = 0;

    for (unsigned i = 0; i < all; i++) {
        case_t c = case_of(i);
        dosis_verdict_t verdict = judge(&c);

        seen[verdict]++;
        if (verdict != oracle(&c)) {
            wrong++;
            printf("# case %u: %d, wanted %d\n", i, verdict, oracle(&c));
        }
    }

    printf("# %u combinations\n", all);
    CHECK(wrong == 0, "every combination is judged as the rules are worded");
    for (int i = 0; i <= DOSIS_UNSEEN_NO_RIGHT; i++) {
        CHECK(seen[i] > 0, "each verdict occurs");
    }
}


/* The sentences themselves, by hand. */
static void
check_sentences(void)
{
    const case_t enterprise = { .is_agent = true, .soort = DOSIS_AGENT_KBO };
    const case_t person = { .is_agent = true, .soort = DOSIS_AGENT_INSZ };
    case_t c;

    CHECK(judge(&person) == DOSIS_SEEN_OWN,
        "a person without rights sees the own dossier");
    CHECK(judge(&enterprise) == DOSIS_UNSEEN_NO_RIGHT,
        "an enterprise without rights sees nothing");
    c = enterprise;
    c.iedereen = true;
    CHECK(judge(&c) == DOSIS_SEEN_OWN,
        "unless the source is registered for everybody");
    c.list = LIST_RAADPLEGER;
    CHECK(judge(&c) == DOSIS_UNSEEN_NO_RIGHT,
        "for an enterprise Raadpleger is an ordinary right");
    c.hold = HOLD_RAADPLEGER;
    CHECK(judge(&c) == DOSIS_SEEN_OWN, "that it may hold");
    c = person;
    c.list = LIST_OTHER;
    CHECK(judge(&c) == DOSIS_UNSEEN_NO_RIGHT,
        "a person with another right listed needs it");
    c.publiek = true;
    c.vertrouwelijk = true;
    CHECK(judge(&c) == DOSIS_UNSEEN_CONFIDENTIAL, "confidential beats public");
    c = (case_t){ .publiek = true, .door = DOSIS_DOOR_LIST };
    CHECK(judge(&c) == DOSIS_UNSEEN_NO_AGENT,
        "a public dossier is in nobody else's list");
    c.door = DOSIS_DOOR_DETAIL;
    CHECK(judge(&c) == DOSIS_SEEN_PUBLIC, "but found by its id");
    CHECK(dosis_verdict_sees(DOSIS_SEEN_OWN)
            && dosis_verdict_sees(DOSIS_SEEN_PUBLIC)
            && !dosis_verdict_sees(DOSIS_UNSEEN_WITHDRAWN)
            && !dosis_verdict_sees(DOSIS_UNSEEN_CONFIDENTIAL)
            && !dosis_verdict_sees(DOSIS_UNSEEN_NO_AGENT)
            && !dosis_verdict_sees(DOSIS_UNSEEN_NO_RIGHT),
        "two verdicts see, four do not");
}


int
main(void)
{
    check_table();
    check_decides();
    check_all();
    check_sentences();

    return tap_done();
}
