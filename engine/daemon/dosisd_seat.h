/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_seat.h: what the engine knows of each issuer whose keys it fetches.
 * Of dosisd_sleutels.c and its status.
 *
 * Layer      daemon
 * Threads    one: on the loop
 * Blocking   never
 * Memory     all of it belongs to dosisd_sleutels.c
 * Errors     none
 */

#ifndef DOSIS_DAEMON_DOSISD_SEAT_H
#define DOSIS_DAEMON_DOSISD_SEAT_H

#include "base/dosis_arena.h"
#include "daemon/dosisd_sleutels.h"
#include "store/dosis_notice.h"

#define DOSISD_FAILURE_MAX 32

/* One issuer; what it needs of its registration is copied. */
typedef struct {
    dosisd_sleutels_t *sleutels;
    size_t place; /* on the board */
    uint32_t issuer;
    uint64_t print;       /* of what says where its keys are */
    dosis_arena_t *arena; /* holds the texts */
    dosis_slice_t iss;
    const char *url; /* of the document, or of the keys */
    const char *ca_file;
    const char *introspection; /* what the document told, or NULL */
    bool discovers;
    uint32_t refresh_s;
    uint32_t pause_s;
    uint32_t overlap_s;
    uint32_t wait_ms; /* for one document */
    dosisd_fetch_call_t *call;
    int64_t begun_ms; /* of the last fetch; 0: never */
    int64_t due_ms;
    int64_t expires_s; /* an old key counts no more then */
    int64_t last_try_ns;
    int64_t last_good_ns;
    unsigned failures;
    char failure[DOSISD_FAILURE_MAX]; /* empty: fine */
} seat_t;

struct dosisd_sleutels_s {
    dosisd_loop_t *loop;
    dosisd_fetch_t *fetch;
    dosisd_store_t *store;
    dosis_notice_t *notice;
    dosisd_timer_t timer;
    uint64_t version; /* of the reference data that the seats are of */
    bool fails;       /* the store cannot be read */
    seat_t seat[DOSIS_NOTICE_SEATS];
};

/* The seat of that issuer, or NULL. */
seat_t *dosisd_seat_of(dosisd_sleutels_t *sleutels, uint32_t issuer);

#endif
