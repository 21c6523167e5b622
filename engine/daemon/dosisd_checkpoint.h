/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_checkpoint.h: keeps the journal of the store short, on a thread: what
 * is in it is in the file two seconds later, or sooner when there is much.
 *
 * Layer      daemon
 * Threads    start and stop: the loop's; between them one of its own
 * Blocking   stop waits for a checkpoint under way
 * Memory     in place; start and stop. stop accepts a zeroed one
 * Errors     false: no thread. A failure is said in the log once, and its end
 */

#ifndef DOSIS_DAEMON_DOSISD_CHECKPOINT_H
#define DOSIS_DAEMON_DOSISD_CHECKPOINT_H

#include <pthread.h>

#include "store/dosis_store.h"

typedef struct {
    dosis_store_t *store;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool running;
    bool stopping; /* guarded by lock */
} dosisd_checkpoint_t;

bool dosisd_checkpoint_start(dosisd_checkpoint_t *to, dosis_store_t *store);
void dosisd_checkpoint_stop(dosisd_checkpoint_t *checkpoint);

#endif
