/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_schema.h: the table of settings for people: as help, as JSON, as the
 * page in engine/doc.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   never
 * Memory     the caller's buffer
 * Errors     sticky in the buffer
 */

#ifndef DOSIS_CTL_CTL_SCHEMA_H
#define DOSIS_CTL_CTL_SCHEMA_H

#include "domain/dosis_setting.h"

void ctl_schema_add_text(dosis_buf_t *to, const dosis_settings_t *settings);

void ctl_schema_add_json(dosis_buf_t *to, const dosis_settings_t *settings);

/* word: of dosisctl, "bron". */
void ctl_schema_add_page(
    dosis_buf_t *to, const dosis_settings_t *settings, const char *word);

#endif
