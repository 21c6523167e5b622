/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_doorklik.h: what a source is told of who comes, by each of the four
 * ways of a click-through.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     adds to the caller's buffer
 * Errors     those of the buffer
 *
 * An audience (doelgroep) is one of ACM/IDM: BUR, EA, VER, LB, GID, OV. Of a
 * user it stood in the token; of a counter's agent it follows from the kind.
 */

#ifndef DOSIS_DOMAIN_DOSIS_DOORKLIK_H
#define DOSIS_DOMAIN_DOSIS_DOORKLIK_H

#include "base/dosis_buf.h"
#include "domain/dosis_agent.h"
#include "domain/dosis_bron.h"

/* "url", "login_hint", "oidc" or "assertie". */
const char *dosis_doorklik_name(dosis_doorklik_t methode);

/* given, or by the kind of agent; empty: no audience has such agents. */
dosis_slice_t dosis_doorklik_doelgroep(
    const dosis_agent_t *agent, dosis_slice_t given);

/*
 * Adds base64 of {"cap_hint":"EA","code_hint":"0123456749"}; of a citizen
 * {"cap_hint":"BUR"} alone: never a national number. Nothing without an
 * audience.
 */
void dosis_doorklik_hint(
    dosis_buf_t *to, const dosis_agent_t *agent, dosis_slice_t doelgroep);

#endif
