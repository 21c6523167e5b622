/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_problem.h: every answer that is an error: one table of code,
 * status, Dutch texts and log level, and the body that follows from it.
 *
 * Layer      module
 * Threads    pure
 * Blocking   never
 * Memory     static; the body goes into the caller's buffer
 * Errors     those of the buffer
 *
 * The codes are stable, on the wire. No status number stands elsewhere.
 */

#ifndef NGX_DOSIS_PROBLEM_H
#define NGX_DOSIS_PROBLEM_H

#include "base/dosis_buf.h"
#include "base/dosis_err.h"
#include "ngx_dosis_module.h"

typedef enum {
    NGX_DOSIS_FINE = 0,
    /* 400 */
    NGX_DOSIS_VALIDATIE_FOUT,
    NGX_DOSIS_JSON_ONGELDIG,
    NGX_DOSIS_PARAMETER_ONGELDIG,
    NGX_DOSIS_PARAMETER_ONTBREEKT,
    NGX_DOSIS_AGENT_ONTBREEKT,
    NGX_DOSIS_TE_VEEL_AGENTEN,
    NGX_DOSIS_NAMENS_ONGELDIG,
    NGX_DOSIS_NAMENS_VERLOPEN,
    NGX_DOSIS_AANVRAAG_ONGELDIG,
    /* 401, 403 */
    NGX_DOSIS_TOKEN_ONTBREEKT,
    NGX_DOSIS_TOKEN_ONGELDIG,
    NGX_DOSIS_TOKEN_VERLOPEN,
    NGX_DOSIS_SCOPE_ONTBREEKT,
    NGX_DOSIS_BRON_NIET_TOEGELATEN,
    NGX_DOSIS_CLIENT_ONBEKEND,
    NGX_DOSIS_GEEN_TOEGANG,
    NGX_DOSIS_TLS_VEREIST,
    /* the other 4xx */
    NGX_DOSIS_NIET_GEVONDEN,
    NGX_DOSIS_HISTORIEK_VERLOPEN,
    NGX_DOSIS_GEEN_DOORVERWIJZING,
    NGX_DOSIS_METHODE_NIET_TOEGELATEN,
    NGX_DOSIS_TIJD_OVERSCHREDEN,
    NGX_DOSIS_UPLOAD_ID_HERGEBRUIKT,
    NGX_DOSIS_CURSOR_VERLOPEN,
    NGX_DOSIS_VOLGPUNT_VERVALLEN,
    NGX_DOSIS_DOORVERWIJZING_VERVALLEN,
    NGX_DOSIS_LENGTE_VEREIST,
    NGX_DOSIS_VOORWAARDE_NIET_VERVULD,
    NGX_DOSIS_BODY_TE_GROOT,
    NGX_DOSIS_TE_VEEL_DOSSIERS,
    NGX_DOSIS_ADRES_TE_LANG,
    NGX_DOSIS_MEDIA_TYPE_NIET_ONDERSTEUND,
    NGX_DOSIS_BEREIK_ONGELDIG,
    NGX_DOSIS_SERVER_ONBEKEND,
    NGX_DOSIS_TE_VROEG,
    NGX_DOSIS_TE_VEEL_AANVRAGEN,
    NGX_DOSIS_TE_VEEL_DOORVERWIJZINGEN,
    NGX_DOSIS_AANVRAAG_GEWEIGERD,
    /* 5xx */
    NGX_DOSIS_INTERNE_FOUT,
    NGX_DOSIS_NIET_ONDERSTEUND,
    NGX_DOSIS_ACHTERLIGGEND_FAALT,
    NGX_DOSIS_TIJDELIJK_NIET_BESCHIKBAAR,
    NGX_DOSIS_TE_VEEL_LEVERINGEN,
    NGX_DOSIS_TE_VEEL_UPLOADS,
    NGX_DOSIS_ALLEEN_LEZEN,
    NGX_DOSIS_STILGELEGD,
    NGX_DOSIS_BRON_GEPAUZEERD,
    NGX_DOSIS_UITGEVER_ONBEREIKBAAR,
    NGX_DOSIS_ACHTERLIGGEND_TRAAG,
    NGX_DOSIS_HTTP_VERSIE,
    NGX_DOSIS_OPSLAG_VOL,
    NGX_DOSIS_PROBLEM_MAX
} ngx_dosis_problem_t;

typedef struct {
    const char *code;
    ngx_uint_t status;
    ngx_uint_t level;  /* for the error log */
    const char *title; /* Dutch, as JSON: nothing in it needs an escape */
    const char *detail;
} ngx_dosis_problem_row_t;

const ngx_dosis_problem_row_t *ngx_dosis_problem_row(
    ngx_dosis_problem_t problem);

/* What a result code of the library is at the door. */
ngx_dosis_problem_t ngx_dosis_problem_of_rc(dosis_rc_t rc);

/* The same for a delivery: what it may be denied for is its source. */
ngx_dosis_problem_t ngx_dosis_problem_of_delivery(dosis_rc_t rc);

/* What a status that nginx itself decided is; any 4xx or 5xx has an answer. */
ngx_dosis_problem_t ngx_dosis_problem_of_status(ngx_uint_t status);

/*
 * Adds the body: the members of RFC 9457, and Code, Message, Description.
 * err may be NULL; when it holds one problem, that one's text is the detail.
 * status: the row's, but for a status of nginx that has no row of its own.
 */
void ngx_dosis_problem_render(dosis_buf_t *out, ngx_dosis_problem_t problem,
    ngx_uint_t status, ngx_str_t request_id, const dosis_err_t *err);

#endif
