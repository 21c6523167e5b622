/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_question.h: about whom is asked, by whom, and which page: the
 * same question from every reading door.
 *
 *   a user       asks about the subject of its token, and may name nobody
 *   a counter    names one agent: `agent` and `recht` in the address (never a
 *                person), the header Dosis-Namens, or the body; its
 *                registration says about which kinds it may ask
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     the call's arena
 * Errors     false: the refusal stands in call->reply
 */

#ifndef NGX_DOSIS_QUESTION_H
#define NGX_DOSIS_QUESTION_H

#include "base/dosis_json.h"
#include "http/ngx_dosis_call.h"

typedef struct {
    dosis_question_t question;
    dosis_subject_t subject; /* of a counter */
} ngx_dosis_question_t;

/* body: the members of a question, or NULL when there is no body. */
bool ngx_dosis_question_read(ngx_dosis_call_t *call, const dosis_json_t *body,
    ngx_dosis_question_t *ret);

/* One element of `Agenten`, or the members Agent and Rechten. */
typedef struct {
    dosis_agent_t agent;
    dosis_slice_t *rechten; /* as given, borrowed from the JSON */
    size_t rechten_count;
} ngx_dosis_party_t;

/* Reads {"Identificatie","Rechten"}: for a counter that may ask about it. */
bool ngx_dosis_party_read(
    ngx_dosis_call_t *call, const dosis_json_t *json, ngx_dosis_party_t *ret);

/* The one element of `Agenten`; NULL with a refusal when it is not one. */
const dosis_json_t *ngx_dosis_party_one(
    ngx_dosis_call_t *call, const dosis_json_t *list);

/* A member by its name, its first letter in either case; NULL for null. */
const dosis_json_t *ngx_dosis_member(
    const dosis_json_t *object, const char *name);

#endif
