/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_dossier_json.h: one delivery from JSON, in all spellings and date
 * forms of the real clients, fully validated.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     everything kept is copied into the arena; the JSON may be freed
 *            after the call
 * Errors     DOSIS_EINPUT with all problems in err; DOSIS_ENOMEM. On EINPUT
 *            bron, nummer and upload_id are still set when they could be
 *            read, so that the refusal can be stored under its UploadId.
 *
 * Rules, texts and codes: dosis_rule.h. Unknown members and unusual pairs
 * are warnings. Both spellings (VlaamsFase, VlaamseFase), PascalCase and
 * camelCase are accepted for every member name; giving both is an error.
 */

#ifndef DOSIS_DOMAIN_DOSIS_DOSSIER_JSON_H
#define DOSIS_DOMAIN_DOSIS_DOSSIER_JSON_H

#include "base/dosis_arena.h"
#include "base/dosis_json.h"
#include "domain/dosis_bron.h"
#include "domain/dosis_dossier.h"

typedef struct {
    const dosis_codelijsten_t *lijsten;
    const dosis_bron_t *bron;         /* its settings; NULL: the defaults */
    int64_t now_ns;                   /* for WijzigingsDatum in the future */
    int64_t future_ns;                /* how far ahead is allowed (24 h) */
} dosis_dossier_rules_t;

/*
 * Reads only Identificatie.Bron, so that the source's settings can be found
 * before the rest is judged. The empty slice when there is none. Borrowed
 * from root.
 */
dosis_slice_t dosis_dossier_peek_bron(const dosis_json_t *root);

DOSIS_CHECK dosis_rc_t dosis_dossier_from_json(const dosis_json_t *root,
    const dosis_dossier_rules_t *rules, dosis_arena_t *arena,
    dosis_dossier_t *ret_dossier, dosis_err_t *warnings, dosis_err_t *err);

#endif
