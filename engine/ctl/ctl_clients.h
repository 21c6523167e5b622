/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_clients.h: the one client that delivers, where there is one.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   waits for the engine
 * Memory     the caller's
 * Errors     false, said on standard error
 */

#ifndef DOSIS_CTL_CTL_CLIENTS_H
#define DOSIS_CTL_CTL_CLIENTS_H

#include <stdbool.h>

#define CTL_CLIENT_MAX 256

/* Its name, of those that are switched on and have sources. */
bool ctl_client_only(const char *socket_path, char name[CTL_CLIENT_MAX]);

#endif
