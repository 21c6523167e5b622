/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_http.h: the engine's ear: HTTP on a unix socket. The only user of
 * the HTTP server library.
 *
 *   GET  /status   engine, store, reference data
 *   GET  /health   UP, DEGRADED, or 503 and DOWN
 *   POST /reload   loads the reference data anew; answers when it is done:
 *                  200, 422 with the problems, 409 while another load runs,
 *                  503 when the store could not be written (we try on)
 *   POST /introspectie   the body is an opaque token: what is known of it, now
 *                  or when its issuer was asked (dosisd_introspect.h): 200
 *                  {"Actief":true,"Uitgever","Tot","Claims"} or
 *                  {"Actief":false,"Reden","Tot"}; 400 no such token; 503
 *   /sleutels      the signing keys: dosisd_signing.h
 *   /bronnen, /clients, /uitgevers  registrations: dosisd_register.h
 *   /opladingen    files of deliveries: dosisd_oplading.h to bring one,
 *                  dosisd_opladingen.h to ask about them
 *
 * Who may connect is who may open the socket (mode 0660).
 *
 * Layer      daemon
 * Threads    one: served from the loop
 * Blocking   only where a route says so
 * Memory     open gives, close takes
 * Errors     false, said in the log
 */

#ifndef DOSIS_DAEMON_DOSISD_HTTP_H
#define DOSIS_DAEMON_DOSISD_HTTP_H

#include "daemon/dosisd.h"

bool dosisd_http_open(dosisd_t *dosisd);

/* NULL is fine. Removes the socket. */
void dosisd_http_close(dosisd_http_t *http);

/* A load has ended, or has to wait for the store: whoever waits is told. */
void dosisd_http_loaded(dosisd_http_t *http);

#endif
