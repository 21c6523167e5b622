/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_toegang_run.h: one run of `dosisctl toegang test`: how it asks, what it
 * makes and takes away again, and the doors it compares with the model.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   each call, at most 30 s
 * Memory     of the run
 * Errors     false: it cannot go on, and it was said; a difference is counted
 *            and printed
 */

#ifndef DOSIS_CTL_CTL_TOEGANG_RUN_H
#define DOSIS_CTL_CTL_TOEGANG_RUN_H

#include "crypto/dosis_devkey.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_http.h"
#include "ctl/ctl_toegang_model.h"

#define RUN_TEXT_MAX 16384
#define RUN_ACR_HIGH "urn:dosis:acr:hoog"
#define V1 "/api/v1/dosis"

typedef struct {
    char text[RUN_TEXT_MAX];
    dosis_buf_t buf;
} run_text_t;

typedef struct {
    model_t model;
    uint64_t seed;
    unsigned round;
    ctl_http_t http;
    dosis_devkey_t *key;
    ctl_path_t socket;
    run_text_t importer;         /* tokens */
    run_text_t beheer;
    run_text_t token;            /* of who asks now, */
    run_text_t handle;           /* its handle; empty: a user */
    run_text_t body;             /* and what it puts in a body */
    model_asker_t asker;
    unsigned sources;            /* registered, in this order, */
    unsigned counters;
    bool client;                 /* and whoever delivers */
    unsigned checks;
    unsigned failed;
} run_t;

void run_text_begin(run_text_t *t);

/* true: it is whole, with a NUL behind it. */
bool run_text_end(run_text_t *t);

/* --- asking: ctl_toegang_ask.c -------------------------------------------- */

/* A token; claims: members with a comma in front of each. */
bool run_mint(
    run_t *run, const char *client, const char *claims, run_text_t *ret);
bool run_mint_user(run_t *run);
void run_add_rights(run_t *run, dosis_buf_t *out, const model_asked_t *asked);

/* As whoever asks now; body NULL: with its handle in a header. */
bool run_ask(
    run_t *run, const char *method, const char *path, const char *body);
bool run_ask_as(run_t *run, const run_text_t *token, const char *method,
    const char *path, const char *body);

/* Counts a difference, and prints what is needed to show it again. */
void run_differ(
    run_t *run, const char *door, const model_dossier_t *d, const char *said);

/* --- the world: ctl_toegang_world.c --------------------------------------- */

bool run_register(run_t *run);

/* A new version of one dossier, or its end. */
bool run_change(run_t *run);
bool run_push(run_t *run, model_dossier_t *d);

/* Switches one registration off and on: refused, and not any more. */
bool run_switch(run_t *run);

/*
 * All that was made goes again: dossiers are withdrawn, registrations removed.
 * A source that had a dossier cannot be: it is switched off.
 */
bool run_clean(run_t *run);

/* --- the doors: ctl_toegang_doors.c --------------------------------------- */

/* may: whoever asks has a token, and is not refused as such. */
void run_check_doors(run_t *run, bool may);

#endif
