/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_ready.h: go to the background, and tell whoever waits how we are:
 * the process that started us, and the service manager.
 *
 * Layer      daemon
 * Threads    the main thread
 * Blocking   background waits, in the parent, until the child is ready
 * Memory     none
 * Errors     none for notices: without a service manager they do nothing
 */

#ifndef DOSIS_DAEMON_DOSISD_READY_H
#define DOSIS_DAEMON_DOSISD_READY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Forks. Returns in the child only; the parent leaves with status 0 when the
 * child says up, with the child's own status when it ends before.
 * false: could not fork. Call it before the store is opened.
 */
bool dosisd_ready_background(void);

/* Up: the parent may go, the service manager may start what needs us. */
void dosisd_ready_up(void);

/* Once a second is enough; does nothing unless a watchdog is set for us. */
void dosisd_ready_alive(void);

void dosisd_ready_reloading(void);
void dosisd_ready_stopping(void);

#endif
