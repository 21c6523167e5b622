/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_socket.h: the unix socket that the engine listens on.
 *
 * Layer      daemon
 * Threads    one, at start
 * Blocking   never
 * Memory     none
 * Errors     -1, said in the log: somebody listens there, or the system failed
 */

#ifndef DOSIS_DAEMON_DOSISD_SOCKET_H
#define DOSIS_DAEMON_DOSISD_SOCKET_H

/* A descriptor that does not block. One left by a killed engine is replaced. */
int dosisd_socket_listen(const char *path);

#endif
