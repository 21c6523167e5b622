/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * domain_setting.h: reads a registration by the table of its settings.
 * Private.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     the reader's arena
 * Errors     reported to the reader
 */

#ifndef DOSIS_DOMAIN_DOMAIN_SETTING_H
#define DOSIS_DOMAIN_DOMAIN_SETTING_H

#include "domain/domain_member.h"
#include "domain/dosis_setting.h"

/* Settings of one level; a registration has at most two levels. */
#define DOMAIN_SETTINGS_LEVEL_MAX 24

/* Where a value is kept. */
#define DOMAIN_SETTING_AT(type, member)                                        \
    .offset = offsetof(type, member), .size = sizeof(((type *) 0)->member)

/*
 * Sets each default, then reads the object. The reader's context is taken for
 * the table during the call.
 */
void domain_settings_read(domain_reader_t *reader,
    const dosis_settings_t *settings, const dosis_json_t *json, void *target);

#endif
