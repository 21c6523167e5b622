/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_upload.h: one file of deliveries (oplading), asked of the engine and
 * told to people.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   waits for the engine; follow, until the file is done
 * Memory     borrowed; a JSON tree that is given is the caller's to free
 * Errors     an exit code; what is wrong is said
 */

#ifndef DOSIS_CTL_CTL_UPLOAD_H
#define DOSIS_CTL_CTL_UPLOAD_H

#include "base/dosis_json.h"
#include "ctl/ctl_engine.h"

#define CTL_UPLOAD_PATH "/opladingen"
#define CTL_UPLOAD_PATH_MAX 128    /* with an UploadId and what is behind it */

/* Which one, of whom. */
typedef struct {
    const char *socket;
    const char *client;
    char id[40];
    const char *name;    /* of the file, for people */
} ctl_upload_t;

/* A call about it: the path behind its UploadId is part. */
int ctl_upload_ask(const ctl_upload_t *upload, const char *part,
    ctl_engine_call_t *call, dosis_buf_t *answer);

/*
 * Until it is done: with a bar on a terminal, else with a line now and then,
 * or quietly. *ret_last: as it then is.
 */
int ctl_upload_follow(
    const ctl_upload_t *upload, bool quiet, dosis_json_t **ret_last);

/* What came of it. */
void ctl_upload_print(const ctl_upload_t *upload, const dosis_json_t *json);

/* CTL_FINE: all of it is in. */
int ctl_upload_verdict(const dosis_json_t *json);

/* On a terminal: takes away the bar that stands there. */
void ctl_upload_clear(void);

#endif
