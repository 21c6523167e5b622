/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_registration.h: registrations, and what is wrong with them, as the
 * engine answered, for people.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   writes to standard output
 * Memory     borrowed
 * Errors     none
 */

#ifndef DOSIS_CTL_CTL_REGISTRATION_H
#define DOSIS_CTL_CTL_REGISTRATION_H

#include "base/dosis_json.h"
#include "domain/dosis_setting.h"

/* {"Nummer", "Registratie"}: each setting with its value or its default. */
void ctl_registration_print(
    const dosis_json_t *answer, const dosis_settings_t *settings);

/* A page of the list, a line each; *first: nothing has been printed yet. */
void ctl_registration_list(const dosis_json_t *page,
    const dosis_settings_t *settings, bool as_json, bool *first);

/* {"problems": [...]}, on standard error. */
void ctl_registration_say_problems(dosis_slice_t answer, long status);

#endif
