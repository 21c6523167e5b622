/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_handlers.h: the list of handlers, one line each. Which method and
 * path lead to which stands in http/ngx_dosis_route.c.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   page faults of the store only
 * Memory     the call's scratch arena, or the arena of a job
 * Errors     in the reply
 */

#ifndef NGX_DOSIS_HANDLERS_H
#define NGX_DOSIS_HANDLERS_H

#include "http/ngx_dosis_call.h"

ngx_int_t ngx_dosis_push(ngx_dosis_call_t *call);   /* one delivery */
ngx_int_t ngx_dosis_delete(ngx_dosis_call_t *call); /* one withdrawal */
ngx_int_t ngx_dosis_result(ngx_dosis_call_t *call); /* of one upload */
ngx_int_t ngx_dosis_result_last(ngx_dosis_call_t *call);     /* of a dossier */
ngx_int_t ngx_dosis_result_failures(ngx_dosis_call_t *call); /* of a source */
ngx_int_t ngx_dosis_uploads(ngx_dosis_call_t *call); /* files, its own */
ngx_int_t ngx_dosis_upload_get(ngx_dosis_call_t *call); /* one of them */
ngx_int_t ngx_dosis_upload_fouten(ngx_dosis_call_t *call); /* rows refused */
ngx_int_t ngx_dosis_upload_waarschuwingen(ngx_dosis_call_t *call);
ngx_int_t ngx_dosis_upload_cancel(ngx_dosis_call_t *call);
ngx_int_t ngx_dosis_sjabloon(ngx_dosis_call_t *call); /* of such a file */
ngx_int_t ngx_dosis_source_uris(ngx_dosis_call_t *call);     /* one's own */
ngx_int_t ngx_dosis_source_dossiers(ngx_dosis_call_t *call); /* all it has */
ngx_int_t ngx_dosis_settings_rules(ngx_dosis_call_t *call);
ngx_int_t ngx_dosis_settings_limits(ngx_dosis_call_t *call);
ngx_int_t ngx_dosis_settings_codes(ngx_dosis_call_t *call); /* a code list */
ngx_int_t ngx_dosis_list(ngx_dosis_call_t *call);   /* whose dossiers */
ngx_int_t ngx_dosis_search(ngx_dosis_call_t *call); /* the same, by body */
ngx_int_t ngx_dosis_detail(ngx_dosis_call_t *call); /* one dossier */
ngx_int_t ngx_dosis_feed(ngx_dosis_call_t *call);   /* what changed */
ngx_int_t ngx_dosis_history(ngx_dosis_call_t *call); /* what came in of it */
ngx_int_t ngx_dosis_overview(ngx_dosis_call_t *call); /* how many */
ngx_int_t ngx_dosis_inzagen(ngx_dosis_call_t *call); /* who looked */
ngx_int_t ngx_dosis_namens(ngx_dosis_call_t *call); /* a sealed question */
ngx_int_t ngx_dosis_uitleg(ngx_dosis_call_t *call); /* why it is seen */
ngx_int_t ngx_dosis_openapi(ngx_dosis_call_t *call); /* this, described */
ngx_int_t ngx_dosis_context(ngx_dosis_call_t *call); /* of linked data */
ngx_int_t ngx_dosis_doorverwijzing(ngx_dosis_call_t *call); /* an address */
ngx_int_t ngx_dosis_door(ngx_dosis_call_t *call); /* and opened */
ngx_int_t ngx_dosis_jwks(ngx_dosis_call_t *call); /* keys we sign with */
ngx_int_t ngx_dosis_beheer_toestand(ngx_dosis_call_t *call);
ngx_int_t ngx_dosis_beheer_uploads(ngx_dosis_call_t *call);
ngx_int_t ngx_dosis_beheer_upload(ngx_dosis_call_t *call); /* whoever's */
ngx_int_t ngx_dosis_beheer_upload_cancel(ngx_dosis_call_t *call);
ngx_int_t ngx_dosis_beheer_bronnen(ngx_dosis_call_t *call);
ngx_int_t ngx_dosis_beheer_clienten(ngx_dosis_call_t *call);
ngx_int_t ngx_dosis_health_live(ngx_dosis_call_t *call);
ngx_int_t ngx_dosis_health_ready(ngx_dosis_call_t *call);

/* Ends a handler: that upload's refused rows, as a file in pieces. */
ngx_int_t ngx_dosis_report(ngx_dosis_call_t *call, const char *upload_id);

#endif
