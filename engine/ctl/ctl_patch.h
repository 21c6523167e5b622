/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_patch.h: KEY=VALUE arguments as one merge patch (RFC 7396), by the table
 * of settings.
 *
 *   Naam=Subsidies                      a text, as it is
 *   Actief=false  RitmeUren=24          as the type of the setting asks
 *   Bronnen=urn://a,urn://b             a list, or a JSON array
 *   "Mapping.Fase.in onderzoek=Beroep"  one name of an object
 *   Doorklik={"Methode":"url"}          an object as JSON, merged
 *   RitmeUren=                          nothing: back to the default
 *
 * Layer      ctl
 * Threads    one
 * Blocking   never
 * Memory     the caller's buffer
 * Errors     false, said on standard error
 */

#ifndef DOSIS_CTL_CTL_PATCH_H
#define DOSIS_CTL_CTL_PATCH_H

#include "base/dosis_buf.h"
#include "domain/dosis_setting.h"

#define CTL_PATCH_MAX 64 /* arguments */

bool ctl_patch_add(dosis_buf_t *to, const dosis_settings_t *settings,
    const char *const *argument, size_t count);

#endif
