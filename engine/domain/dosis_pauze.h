/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_pauze.h: a pause of the whole register, or of one source, as an
 * operator set it, from JSON.
 *
 * Layer      domain
 * Threads    read-only after parse
 * Blocking   never
 * Memory     everything kept is copied into the arena
 * Errors     DOSIS_EINPUT with all problems in err
 *
 * {"Bron": "*" or a source, "Stand": "lezen" or "stil", "Tot": "2026-...",
 *  "Reden": "..."}; the settings: dosis_pauze_settings.
 *
 * A source is never stopped, only its deliveries are: what is shown of it goes
 * on, with its Toestand beside it. A list without its rows would tell a
 * citizen that they do not exist, and a mirror that they are lost.
 */

#ifndef DOSIS_DOMAIN_DOSIS_PAUZE_H
#define DOSIS_DOMAIN_DOSIS_PAUZE_H

#include "base/dosis_arena.h"
#include "base/dosis_err.h"
#include "base/dosis_json.h"
#include "domain/dosis_setting.h"

#define DOSIS_PAUZE_ALLES      "*" /* in place of a source: the register */
#define DOSIS_PAUZE_REDEN_MAX  100 /* bytes */
#define DOSIS_PAUZE_RETRY_S    60  /* when nobody knows until when */
#define DOSIS_PAUZE_RETRY_MAX_S 3600

typedef enum {
    DOSIS_PAUZE_LEZEN = 1, /* nothing is delivered; all can be read */
    DOSIS_PAUZE_STIL = 2   /* nothing is answered; the register only */
} dosis_pauze_stand_t;

typedef struct {
    dosis_slice_t bron; /* or DOSIS_PAUZE_ALLES */
    dosis_pauze_stand_t stand;
    dosis_slice_t tot; /* as it was given; empty: until it is lifted */
    dosis_slice_t reden;
    int64_t tot_ns; /* INT64_MAX: until it is lifted */
} dosis_pauze_t;

extern const dosis_settings_t dosis_pauze_settings;

DOSIS_CHECK dosis_rc_t dosis_pauze_from_json(const dosis_json_t *json,
    dosis_arena_t *arena, dosis_pauze_t *ret_pauze, dosis_err_t *err);

bool dosis_pauze_is_alles(const dosis_pauze_t *pauze);

/* Is it in force at that moment? NULL is not. */
bool dosis_pauze_geldt(const dosis_pauze_t *pauze, int64_t now_ns);

/* When a client may come back, in seconds; at least 1. */
uint32_t dosis_pauze_retry_s(const dosis_pauze_t *pauze, int64_t now_ns);

/* Adds "Gepauzeerd tot ...: reden" under that code. */
void dosis_pauze_tell(
    const dosis_pauze_t *pauze, const char *code, dosis_err_t *err);

/*
 * Adds {"stand":"lezen"|"stil"|null,"tot","reden","bronnen":n}: the pause of
 * the register, or NULL, and how many sources have one of their own.
 */
void dosis_pauze_add(
    dosis_buf_t *buf, const dosis_pauze_t *pauze, size_t bronnen);

#endif
