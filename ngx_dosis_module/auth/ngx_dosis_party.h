/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_party.h: about whom a counter asks: agents, each with the rights
 * held for that agent alone. One named twice is one, with the rights of both.
 *
 * Layer      module
 * Threads    that of the call
 * Blocking   never
 * Memory     the call's arena; texts may be borrowed from the JSON
 * Errors     false: the refusal stands in call->reply, all problems at once;
 *            403 only when nothing else is wrong
 */

#ifndef NGX_DOSIS_PARTY_H
#define NGX_DOSIS_PARTY_H

#include "base/dosis_json.h"
#include "http/ngx_dosis_params.h"

typedef struct {
    dosis_subject_t *subject; /* in the order named */
    size_t subjects;
} ngx_dosis_parties_t;

/* `Agenten`: 1 to max of {"Identificatie","Rechten"}. */
bool ngx_dosis_parties_of_list(ngx_dosis_call_t *call, const dosis_json_t *list,
    size_t max, ngx_dosis_parties_t *ret);

/* How they are read where nobody asks for himself. */
typedef struct {
    size_t max;
    bool mandated;      /* somebody acts for them: rights must name them */
    bool vertrouwelijk; /* the assurance that each of them has */
} ngx_dosis_parties_rule_t;

/* As list; about any kind: what a counter may ask is not judged here. */
bool ngx_dosis_parties_explained(ngx_dosis_call_t *call,
    const dosis_json_t *list, const ngx_dosis_parties_rule_t *rule,
    ngx_dosis_parties_t *ret);

/* `Agent` and `Rechten`. */
bool ngx_dosis_parties_of_one(ngx_dosis_call_t *call, const dosis_json_t *agent,
    const dosis_json_t *rechten, ngx_dosis_parties_t *ret);

/* agent= and recht=; never a person. */
bool ngx_dosis_parties_of_params(ngx_dosis_call_t *call,
    const ngx_dosis_params_t *params, ngx_dosis_parties_t *ret);

/* The header Dosis-Namens. */
bool ngx_dosis_parties_of_header(
    ngx_dosis_call_t *call, dosis_slice_t handle, ngx_dosis_parties_t *ret);

/*
 * `Gebruiker`, `Doel` and `Zekerheid` of a body, for the access ledger: texts
 * of at most 200 bytes, or absent.
 */
bool ngx_dosis_parties_why(ngx_dosis_call_t *call, const dosis_json_t *body);

/* A member by its name, its first letter in either case; NULL for null. */
const dosis_json_t *ngx_dosis_member(
    const dosis_json_t *object, const char *name);

#endif
