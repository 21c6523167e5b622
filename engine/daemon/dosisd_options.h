/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_options.h: the command line of dosisd.
 *
 * Layer      daemon
 * Threads    the main thread, at start
 * Blocking   never
 * Memory     everything is borrowed from argv
 * Errors     said on standard error
 */

#ifndef DOSIS_DAEMON_DOSISD_OPTIONS_H
#define DOSIS_DAEMON_DOSISD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const char *store_dir;
    const char *key_file;
    const char *reference_dir;
    const char *socket_path;
    uint64_t map_bytes; /* 0 when not given */
    uint16_t site; /* 1 when not given */
    uint32_t inzage_days; /* how long consultations are kept */
    bool init;     /* create the store when there is none */
    bool foreground;
} dosisd_options_t;

typedef enum {
    DOSISD_OPTIONS_RUN,
    DOSISD_OPTIONS_DONE, /* --help, --version: said what was asked */
    DOSISD_OPTIONS_WRONG
} dosisd_verdict_t;

dosisd_verdict_t dosisd_options_parse(
    int argc, char **argv, dosisd_options_t *ret_options);

#endif
