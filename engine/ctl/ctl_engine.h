/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_engine.h: ask the engine over its unix socket. The only user of the
 * HTTP client library.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   at most 5 s
 * Memory     the caller's buffer
 * Errors     DOSIS_ENOTFOUND nobody listens there, DOSIS_EIO no answer,
 *            DOSIS_EFORMAT an answer other than 200
 */

#ifndef DOSIS_CTL_CTL_ENGINE_H
#define DOSIS_CTL_CTL_ENGINE_H

#include "base/dosis_buf.h"

/* path: of the resource, "/status". */
DOSIS_CHECK dosis_rc_t ctl_engine_get(
    const char *socket_path, const char *path, dosis_buf_t *body);

#endif
