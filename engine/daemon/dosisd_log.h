/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_log.h: one line per thing that happened, to standard error.
 *
 * Layer      daemon
 * Threads    the loop's thread
 * Blocking   as long as writing to standard error does
 * Memory     none
 * Errors     none: a line that cannot be written is lost
 *
 * Shape: `<time> <level> <verb phrase>: key=value ...`. Under systemd the
 * time is left to the journal and the level becomes its prefix. Never a
 * number of a person, a token, a key or a body.
 */

#ifndef DOSIS_DAEMON_DOSISD_LOG_H
#define DOSIS_DAEMON_DOSISD_LOG_H

#include <stdarg.h>

#include "base/dosis_rc.h"

typedef enum {
    DOSISD_ALERT = 1,  /* wake someone */
    DOSISD_ERROR = 3,  /* look today */
    DOSISD_WARN = 4,   /* we went on, and the line says how */
    DOSISD_NOTICE = 5, /* start, stop, reload */
    DOSISD_INFO = 6
} dosisd_level_t; /* numbers are those of syslog */

/* Of work in the store that is tried again: busy is over soon by itself. */
static inline dosisd_level_t
dosisd_log_level(dosis_rc_t rc)
{
    return rc == DOSIS_OK ? DOSISD_NOTICE
        : rc == DOSIS_EBUSY ? DOSISD_WARN
                            : DOSISD_ERROR;
}


void dosisd_log(dosisd_level_t level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
