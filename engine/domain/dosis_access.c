/* SPDX-License-Identifier: EUPL-1.2 */
#include "domain/dosis_access.h"

#define INGETROKKEN DOSIS_FEIT_INGETROKKEN
#define VERTROUWELIJK DOSIS_FEIT_VERTROUWELIJK
#define ZEKER DOSIS_FEIT_ZEKER
#define AGENT DOSIS_FEIT_AGENT
#define PUBLIEK DOSIS_FEIT_PUBLIEK
#define OP_ID DOSIS_FEIT_OP_ID
#define PERSOON DOSIS_FEIT_PERSOON
#define RECHTEN DOSIS_FEIT_RECHTEN
#define RAADPLEGER DOSIS_FEIT_RAADPLEGER
#define IEDEREEN DOSIS_FEIT_IEDEREEN
#define RECHT DOSIS_FEIT_RECHT

/* The contract (api.md 4): the first that holds decides. */
const dosis_access_rule_t dosis_access_rules[DOSIS_ACCESS_RULES] = {
    { "Ingetrokken", INGETROKKEN, 0, DOSIS_UNSEEN_WITHDRAWN,
        "Een ingetrokken dossier is voor niemand zichtbaar." },
    { "Vertrouwelijk", VERTROUWELIJK, ZEKER, DOSIS_UNSEEN_CONFIDENTIAL,
        "Een vertrouwelijk dossier vraagt een hogere zekerheid, ook als het"
        " publiek is." },
    { "PubliekOpId", PUBLIEK | OP_ID, AGENT, DOSIS_SEEN_PUBLIC,
        "Een publiek dossier is met zijn DossierId voor iedereen zichtbaar,"
        " zonder agenten." },
    { "GeenAgent", 0, AGENT, DOSIS_UNSEEN_NO_AGENT,
        "Wie geen agent is van het dossier, ziet het niet." },
    { "Publiek", PUBLIEK, 0, DOSIS_SEEN_OWN,
        "Een publiek dossier is voor zijn agenten zichtbaar, ook zonder"
        " recht." },
    { "PersoonZonderRechten", PERSOON, RECHTEN, DOSIS_SEEN_OWN,
        "Een persoon bij wie geen rechten staan, ziet zijn dossier." },
    { "PersoonRaadpleger", PERSOON | RAADPLEGER, 0, DOSIS_SEEN_OWN,
        "Een persoon bij wie Raadpleger staat, ziet zijn dossier." },
    { "ZonderRechtIedereen", IEDEREEN, PERSOON | RECHTEN, DOSIS_SEEN_OWN,
        "De bron is geregistreerd met ZonderRecht iedereen: een agent bij wie"
        " geen rechten staan, ziet het dossier." },
    { "Recht", RECHT, 0, DOSIS_SEEN_OWN,
        "Wie een recht heeft dat bij deze agent staat, ziet het dossier." },
    { "GeenRecht", 0, 0, DOSIS_UNSEEN_NO_RIGHT,
        "Zonder een recht dat bij deze agent staat, is het dossier niet"
        " zichtbaar." },
};

const char *const dosis_access_feiten[DOSIS_FEITEN] = {
    "het dossier is ingetrokken",
    "het dossier is vertrouwelijk",
    "de zekerheid volstaat voor vertrouwelijke dossiers",
    "wie vraagt is agent van het dossier",
    "het dossier is publiek",
    "het is gevraagd met zijn DossierId",
    "de agent is een persoon",
    "bij die agent staan rechten",
    "een daarvan is Raadpleger",
    "de bron heeft ZonderRecht iedereen",
    "wie vraagt heeft een van die rechten",
};


static bool
held_meets_listed(
    const dosis_subject_t *subject, const dosis_access_record_t *record)
{
    for (size_t i = 0; i < record->rechten_count; i++) {
        if (dosis_slice_in(record->rechten[i], subject->rechten,
                subject->rechten_count)) {
            return true;
        }
    }

    return false;
}


/* All but RECHT, which takes longest: only the rule that needs it asks. */
static unsigned
facts_of(const dosis_subject_t *subject, const dosis_access_record_t *record,
    dosis_door_t door)
{
    bool person = record->soort == DOSIS_AGENT_INSZ;
    bool reader = person
        && dosis_slice_in(DOSIS_SLICE("Raadpleger"), record->rechten,
            record->rechten_count);

    return (record->ingetrokken ? INGETROKKEN : 0)
        | (record->vertrouwelijk ? VERTROUWELIJK : 0)
        | (subject->vertrouwelijk ? ZEKER : 0)
        | (record->is_agent ? AGENT : 0)
        | (record->publiek ? PUBLIEK : 0)
        | (door == DOSIS_DOOR_DETAIL ? OP_ID : 0)
        | (person ? PERSOON : 0)
        | (record->rechten_count > 0 ? RECHTEN : 0)
        | (reader ? RAADPLEGER : 0)
        | (record->zonder_recht_iedereen ? IEDEREEN : 0);
}


const dosis_access_rule_t *
dosis_access_decide(const dosis_subject_t *subject,
    const dosis_access_record_t *record, dosis_door_t door)
{
    unsigned facts = facts_of(subject, record, door);
    const dosis_access_rule_t *rule = dosis_access_rules;
    const dosis_access_rule_t *last = rule + DOSIS_ACCESS_RULES - 1;

    for (; rule < last; rule++) {
        unsigned missing = rule->wel & ~facts;

        if ((facts & rule->niet) == 0
            && (missing == 0
                || (missing == RECHT && held_meets_listed(subject, record)))) {
            break;
        }
    }

    return rule;
}
