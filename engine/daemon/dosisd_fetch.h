/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_fetch.h: the engine's one way out: HTTP to others, by the loop. The
 * only user of the HTTP client library's multi interface.
 *
 * TLS with the certificate and the name checked, 1.2 at least; plain HTTP only
 * to this machine itself (development). No redirects, no proxy, no name and
 * password in an address. Bounded in size, in time and in number at once.
 *
 * Layer      daemon
 * Threads    one: all on the loop; names are looked up in threads of the
 *            library, which the loop does not wait for
 * Blocking   reads the CA file at the first handshake
 * Memory     open gives, close takes; a call is its own, and ends with its
 *            handler or with cancel. What is sent is copied, and wiped after
 * Errors     DOSIS_EINPUT an address that may not be asked, DOSIS_EBUSY as
 *            many are under way as may be, DOSIS_ENOMEM. What goes wrong later
 *            is a word in dosisd_fetched_t
 */

#ifndef DOSIS_DAEMON_DOSISD_FETCH_H
#define DOSIS_DAEMON_DOSISD_FETCH_H

#include "base/dosis_rc.h"
#include "base/dosis_slice.h"
#include "daemon/dosisd_loop.h"

#define DOSISD_FETCH_CALLS 64              /* under way at once */
#define DOSISD_FETCH_URL_MAX 2000          /* bytes */
#define DOSISD_FETCH_BYTES (1024 * 1024)   /* of an answer, unless told */
#define DOSISD_FETCH_MS 10000              /* in all, unless told */
#define DOSISD_FETCH_CONNECT_MS 5000

typedef struct dosisd_fetch_s dosisd_fetch_t;
typedef struct dosisd_fetch_call_s dosisd_fetch_call_t;

/*
 * failure: NULL, there is an answer, of whatever status; else one of
 *   naam         the host's name has no address
 *   verbinding   it cannot be reached, or it broke off
 *   tls          its certificate or name is not the one, or no TLS
 *   tijd         not done within its time
 *   te-groot     the answer is beyond its ceiling
 *   antwoord     what came is no HTTP
 *   geheugen     we had none
 */
typedef struct {
    const char *failure;
    unsigned status;    /* 0 with a failure */
    dosis_slice_t body; /* borrowed until the handler returns */
    dosis_slice_t type; /* Content-Type without parameters; may be empty */
    int64_t max_age_s;  /* of Cache-Control; -1: it does not say */
} dosisd_fetched_t;

/* Once per call, from the loop, never before start has returned. */
typedef void (*dosisd_fetched_pt)(void *payload, const dosisd_fetched_t *got);

typedef struct {
    const char *url;
    const char *ca_file;       /* instead of the system's own; or NULL */
    const char *accept;        /* or NULL */
    const char *authorization; /* the value of that header, or NULL */
    const char *type;          /* Content-Type of the body */
    dosis_slice_t body;        /* data NULL: GET, else POST */
    size_t max_bytes;          /* 0: DOSISD_FETCH_BYTES */
    int64_t max_ms;            /* 0: DOSISD_FETCH_MS */
    dosisd_fetched_pt handler;
    void *payload;
} dosisd_fetch_ask_t;

/* NULL: no memory, or no room in the loop. */
dosisd_fetch_t *dosisd_fetch_open(dosisd_loop_t *loop);

/* NULL is fine. Calls under way end without their handler. */
void dosisd_fetch_close(dosisd_fetch_t *fetch);

/* https, or http to 127.0.0.0/8, [::1] or localhost. */
bool dosisd_fetch_may(const char *url);

/* ret_call: NULL, or where to keep what cancel wants. */
DOSIS_CHECK dosis_rc_t dosisd_fetch_start(dosisd_fetch_t *fetch,
    const dosisd_fetch_ask_t *ask, dosisd_fetch_call_t **ret_call);

/* NULL is fine. Its handler is not called; not from within that handler. */
void dosisd_fetch_cancel(dosisd_fetch_call_t *call);

#endif
