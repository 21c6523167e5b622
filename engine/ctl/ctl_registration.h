/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_registration.h: registrations, and what is wrong with them, asked of the
 * engine and told to people.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   waits for the engine; writes to standard output
 * Memory     borrowed
 * Errors     an exit code; what is wrong is said
 */

#ifndef DOSIS_CTL_CTL_REGISTRATION_H
#define DOSIS_CTL_CTL_REGISTRATION_H

#include "base/dosis_json.h"
#include "ctl/ctl_engine.h"
#include "domain/dosis_setting.h"

#define CTL_REGISTRATION_ANSWER_MAX (8 * 1024 * 1024)

/* Which registrations, and how they are told. */
typedef struct {
    const char *socket;
    const char *path; /* on it, "/bronnen" */
    const dosis_settings_t *settings;
    bool json;
    void (*print)(const dosis_json_t *registration); /* NULL: its settings */
} ctl_registrations_t;

/* Sets call->path. A refusal, or no answer, is said. */
int ctl_registration_ask(const ctl_registrations_t *which,
    ctl_engine_call_t *call, dosis_buf_t *answer);

/* All of them, page by page. */
int ctl_registration_pages(const ctl_registrations_t *which);

/* {"Nummer", "Registratie"}: each setting with its value or its default. */
void ctl_registration_print(
    const dosis_json_t *answer, const dosis_settings_t *settings);

/* A page of the list, a line each; *first: nothing has been printed yet. */
void ctl_registration_list(const dosis_json_t *page,
    const dosis_settings_t *settings, bool as_json, bool *first);

/* {"problems": [...]}, on standard error. */
void ctl_registration_say_problems(dosis_slice_t answer, long status);

#endif
