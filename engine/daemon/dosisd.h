/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd.h: the engine as a whole: what its parts share.
 *
 * Layer      daemon
 * Threads    one: everything runs on the loop, but checkpoints and jobs
 * Blocking   a chunk of reference data waits for other writers
 * Memory     in place, in main
 * Errors     per function
 */

#ifndef DOSIS_DAEMON_DOSISD_H
#define DOSIS_DAEMON_DOSISD_H

#include "daemon/dosisd_checkpoint.h"
#include "daemon/dosisd_inzage.h"
#include "daemon/dosisd_fetch.h"
#include "daemon/dosisd_jobs.h"
#include "daemon/dosisd_load.h"
#include "daemon/dosisd_loop.h"
#include "daemon/dosisd_options.h"
#include "daemon/dosisd_sleutels.h"
#include "daemon/dosisd_store.h"

#ifndef DOSIS_VERSION
#define DOSIS_VERSION "0" /* the build sets it */
#endif

typedef struct dosisd_http_s dosisd_http_t;
typedef struct dosisd_introspect_s dosisd_introspect_t;

typedef struct {
    dosisd_options_t options;
    dosisd_loop_t loop;
    dosisd_store_t store;
    dosisd_checkpoint_t checkpoint;
    dosisd_jobs_t jobs;
    dosisd_load_t load;
    dosisd_inzage_t inzage;
    dosisd_fetch_t *fetch;
    dosisd_introspect_t *introspect;
    dosisd_sleutels_t *sleutels;
    dosisd_http_t *http;
    dosisd_timer_t tick;
    dosisd_timer_t load_timer;
    dosisd_timer_t inzage_timer;
    int64_t started_ns;
    int64_t started_ms; /* monotonic */
} dosisd_t;

/*
 * Reads and judges the reference data and starts to write them. DOSIS_EBUSY
 * while an earlier load is on its way; DOSIS_EINPUT: refused, what was held
 * is kept, load.problems says why. Its end is told to dosisd_http_loaded().
 */
DOSIS_CHECK dosis_rc_t dosisd_reload(dosisd_t *dosisd);

#endif
