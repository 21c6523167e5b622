/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_params.h: the query parameters that this interface knows. Names
 * in any case; values percent-decoded, a plus is a blank. Others are ignored.
 *
 * Layer      module
 * Threads    that of the call
 * Blocking   never
 * Memory     values lie in the call's arena
 * Errors     false: the refusal stands in call->reply, all problems at once
 */

#ifndef NGX_DOSIS_PARAMS_H
#define NGX_DOSIS_PARAMS_H

#include "http/ngx_dosis_call.h"

typedef enum {
    NGX_DOSIS_PARAM_AGENT,
    NGX_DOSIS_PARAM_RECHT,
    NGX_DOSIS_PARAM_LIMIET,
    NGX_DOSIS_PARAM_NA,
    NGX_DOSIS_PARAM_BRON,
    NGX_DOSIS_PARAM_DOSSIER_NUMMER,
    NGX_DOSIS_PARAM_WIJZIGINGS_DATUM,
    NGX_DOSIS_PARAM_UPLOAD_ID,
    NGX_DOSIS_PARAM_PROEF,
    NGX_DOSIS_PARAM_TOKEN,
    NGX_DOSIS_PARAM_BESTAND,
    NGX_DOSIS_PARAM_VOLLEDIG,
    NGX_DOSIS_PARAM_PEILDATUM,
    NGX_DOSIS_PARAM_ONTBREKEND,
    NGX_DOSIS_PARAM_OP_DATUM,
    /* filters of a list */
    NGX_DOSIS_PARAM_FASE,
    NGX_DOSIS_PARAM_CODE,
    NGX_DOSIS_PARAM_PRODUCT,
    NGX_DOSIS_PARAM_ACTIE_NODIG,
    NGX_DOSIS_PARAM_OPEN,
    NGX_DOSIS_PARAM_SINDS,
    NGX_DOSIS_PARAM_TOT,
    NGX_DOSIS_PARAM_ROL,
    NGX_DOSIS_PARAM_SORTEER,
    NGX_DOSIS_PARAM_MAX
} ngx_dosis_param_t;

#define NGX_DOSIS_PARAM(name) (1U << NGX_DOSIS_PARAM_##name)

/* What a list may be filtered by. */
#define NGX_DOSIS_PARAM_FILTERS                                                \
    (NGX_DOSIS_PARAM(FASE) | NGX_DOSIS_PARAM(CODE) | NGX_DOSIS_PARAM(BRON)     \
        | NGX_DOSIS_PARAM(PRODUCT) | NGX_DOSIS_PARAM(ACTIE_NODIG)              \
        | NGX_DOSIS_PARAM(OPEN) | NGX_DOSIS_PARAM(SINDS)                       \
        | NGX_DOSIS_PARAM(TOT) | NGX_DOSIS_PARAM(ROL)                          \
        | NGX_DOSIS_PARAM(SORTEER))

/* One value of a filter, as many as stand there. */
typedef struct {
    ngx_dosis_param_t param;
    dosis_slice_t value;
} ngx_dosis_pair_t;

#define NGX_DOSIS_PAIRS_MAX 300 /* parameters looked at */

typedef struct {
    unsigned given;                           /* NGX_DOSIS_PARAM(...) */
    dosis_slice_t value[NGX_DOSIS_PARAM_MAX]; /* the first one of each */
    dosis_slice_t *rechten;                   /* every recht */
    size_t rechten_count;
    ngx_dosis_pair_t *filter; /* every filter, when all are wanted */
    size_t filter_count;
} ngx_dosis_params_t;

/*
 * Reads the wanted ones; of those, each at most once, but for `recht`, and
 * filters when all of them are wanted.
 */
bool ngx_dosis_params_read(
    ngx_dosis_call_t *call, unsigned wanted, ngx_dosis_params_t *ret);

/* As on the wire: "dossierNummer". */
const char *ngx_dosis_param_name(ngx_dosis_param_t param);

#endif
