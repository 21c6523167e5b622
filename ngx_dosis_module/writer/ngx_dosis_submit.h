/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_submit.h: the last step of every door for one delivery: its
 * preconditions, and then to the writer; or, on trial, judged at once.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   page faults of the store only
 * Memory     the job is taken, whatever the outcome
 * Errors     in call->reply; NGX_DONE: the writer will answer
 */

#ifndef NGX_DOSIS_SUBMIT_H
#define NGX_DOSIS_SUBMIT_H

#include "http/ngx_dosis_call.h"
#include "store/dosis_intake.h"
#include "writer/ngx_dosis_job.h"

/* Whose delivery it is, and the settings it is read with. */
dosis_rc_t ngx_dosis_submit_intake(ngx_dosis_call_t *call,
    dosis_arena_t *arena, dosis_intake_t *ret_intake) DOSIS_CHECK;

/* ?proef=true; false: a refusal stands in call->reply. */
bool ngx_dosis_submit_is_trial(ngx_dosis_call_t *call, dosis_slice_t text,
    bool *ret_trial);

/* A job to the writer; with made not DOSIS_OK it is refused for that. */
ngx_int_t ngx_dosis_submit_made(
    ngx_dosis_call_t *call, ngx_dosis_job_t *job, dosis_rc_t made);

/* The delivery of the job is prepared. */
ngx_int_t ngx_dosis_submit(
    ngx_dosis_call_t *call, ngx_dosis_job_t *job, bool trial);

#endif
