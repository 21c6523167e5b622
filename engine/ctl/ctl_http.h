/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_http.h: ask a server of DOSIS as a client would, over one kept
 * connection.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   at most 30 s a call
 * Memory     the answer is the client's, until the next call
 * Errors     DOSIS_EIO no answer; any status is an answer
 */

#ifndef DOSIS_CTL_CTL_HTTP_H
#define DOSIS_CTL_CTL_HTTP_H

#include "base/dosis_buf.h"

typedef struct {
    void *curl;
    const char *base; /* "http://127.0.0.1:8480" */
    dosis_buf_t answer;
    long status;
} ctl_http_t;

typedef struct {
    const char *method;
    const char *path;   /* with its query */
    const char *token;
    const char *namens; /* a handle, or NULL */
    dosis_slice_t body; /* JSON, or empty */
} ctl_http_call_t;

DOSIS_CHECK dosis_rc_t ctl_http_open(ctl_http_t *http, const char *base);
void ctl_http_close(ctl_http_t *http);

DOSIS_CHECK dosis_rc_t ctl_http_ask(
    ctl_http_t *http, const ctl_http_call_t *call);

#endif
