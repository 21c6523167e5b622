/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_engine.h: ask the engine over its unix socket. With ctl_http.h
 * the only user of the HTTP client library.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   at most 5 s, a change 30 s; a file, as long as it takes
 * Memory     the caller's buffer
 * Errors     DOSIS_ENOTFOUND nobody listens there, DOSIS_EIO no answer,
 *            DOSIS_EFORMAT an answer other than 200
 */

#ifndef DOSIS_CTL_CTL_ENGINE_H
#define DOSIS_CTL_CTL_ENGINE_H

#include <stdio.h>

#include "base/dosis_buf.h"

typedef struct {
    const char *name;
    const char *value;    /* NULL: left out */
} ctl_engine_param_t;

/* A file instead of bytes in memory. */
typedef struct {
    FILE *from;           /* the body, or NULL */
    int64_t bytes;        /* of it; negative: nobody knows */
    FILE *to;             /* what is answered well, or NULL */
    void (*on_sent)(void *payload, int64_t bytes);    /* so far; or NULL */
    void *payload;
} ctl_engine_file_t;

typedef struct {
    const char *method;
    const char *path;     /* of the resource, "/bronnen" */
    const char *key;      /* of one parameter, or NULL */
    const char *value;    /* of it, as it is: it is escaped here */
    const ctl_engine_param_t *more;    /* parameters besides it */
    size_t more_count;
    const ctl_engine_file_t *file;     /* or NULL */
    dosis_slice_t body;   /* JSON, or empty */
    long status;          /* of the answer, out */
} ctl_engine_call_t;

/* DOSIS_OK for any answer; its status is in the call. */
DOSIS_CHECK dosis_rc_t ctl_engine_call(
    const char *socket_path, ctl_engine_call_t *call, dosis_buf_t *body);

/* path: of the resource, "/status". */
DOSIS_CHECK dosis_rc_t ctl_engine_get(
    const char *socket_path, const char *path, dosis_buf_t *body);

#endif
