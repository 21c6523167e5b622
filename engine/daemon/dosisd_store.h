/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_store.h: the engine's hold on its store: create, open, heartbeat,
 * dead readers. One engine per store, by a lock on <store>/dosisd.lock.
 *
 * Layer      daemon
 * Threads    one
 * Blocking   open reads the store; tick touches one file and, while an older
 *            store lacks side rows, commits one short transaction
 * Memory     in place; open and close. close accepts a zeroed one
 * Errors     said in the log; tick says a failure once, and its end once
 */

#ifndef DOSIS_DAEMON_DOSISD_STORE_H
#define DOSIS_DAEMON_DOSISD_STORE_H

#include <limits.h>

#include "daemon/dosisd_options.h"
#include "store/dosis_side.h"

#define DOSISD_HEARTBEAT "heartbeat" /* its mtime: the engine is alive */

typedef struct {
    dosis_store_t *store;
    dosis_writer_t *writer;
    dosis_reader_t *reader;
    int lock_fd;
    char heartbeat[PATH_MAX];
    uint64_t dead_readers; /* slots freed since the start */
    bool heartbeat_fails;
    bool readers_fail;
    dosis_side_t side; /* an older store gets its side rows */
    bool side_fails;
} dosisd_store_t;

DOSIS_CHECK dosis_rc_t dosisd_store_open(
    dosisd_store_t *to, const dosisd_options_t *options);
void dosisd_store_close(dosisd_store_t *store);

/* Every second: the heartbeat, the reader check, a step for the side rows. */
void dosisd_store_tick(dosisd_store_t *store);

#endif
