/* SPDX-License-Identifier: EUPL-1.2 */
#include "domain/dosis_access.h"

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


/* Rule 4 without the flag: what this agent's own rights allow. */
static bool
rights_suffice(
    const dosis_subject_t *subject, const dosis_access_record_t *record)
{
    bool none = record->rechten_count == 0;

    if (record->soort == DOSIS_AGENT_INSZ) {
        if (none
            || dosis_slice_in(DOSIS_SLICE("Raadpleger"), record->rechten,
                record->rechten_count)) {
            return true;
        }
    } else if (none) {
        return record->zonder_recht_iedereen;
    }

    return held_meets_listed(subject, record);
}


dosis_verdict_t
dosis_access(const dosis_subject_t *subject,
    const dosis_access_record_t *record, dosis_door_t door)
{
    if (record->ingetrokken) {
        return DOSIS_UNSEEN_WITHDRAWN;
    }

    if (record->vertrouwelijk && !subject->vertrouwelijk) {
        return DOSIS_UNSEEN_CONFIDENTIAL;
    }

    if (!record->is_agent) {
        return record->publiek && door == DOSIS_DOOR_DETAIL
            ? DOSIS_SEEN_PUBLIC
            : DOSIS_UNSEEN_NO_AGENT;
    }

    if (record->publiek || rights_suffice(subject, record)) {
        return DOSIS_SEEN_OWN;
    }

    return DOSIS_UNSEEN_NO_RIGHT;
}
