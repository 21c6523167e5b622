/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_rc.h: the result codes of the whole tree.
 *
 * Layer      base
 * Threads    pure
 * Blocking   never
 * Memory     none
 * Errors     a new code needs a caller that acts differently on it
 */

#ifndef DOSIS_BASE_DOSIS_RC_H
#define DOSIS_BASE_DOSIS_RC_H

typedef enum {
    DOSIS_OK = 0,
    DOSIS_EINPUT = -1,     /* the sender's data break a rule; see dosis_err_t */
    DOSIS_ENOTFOUND = -2,  /* not there, or not for you: one answer */
    DOSIS_ECONFLICT = -3,  /* same id, other content */
    DOSIS_EDENIED = -4,    /* known, but not allowed */
    DOSIS_EEXPIRED = -5,   /* was valid once: cursor, handle */
    DOSIS_ELIMIT = -6,     /* a ceiling of ours is reached by this input */
    DOSIS_EBUSY = -7,      /* temporary: come back later */
    DOSIS_EFULL = -8,      /* disk or map full */
    DOSIS_EFORMAT = -9,    /* bytes are not what they must be */
    DOSIS_EKEY = -10,      /* key missing, or it does not open this */
    DOSIS_EIO = -11,       /* the system below failed */
    DOSIS_ENOMEM = -12,    /* no memory */
    DOSIS_EPRECOND = -13,  /* If-Match, If-None-Match do not hold */
    DOSIS_EPAUSED = -14    /* an operator keeps it out for a while */
} dosis_rc_t;

#define DOSIS_CHECK __attribute__((warn_unused_result))

/* "EINPUT"; never NULL. For log lines. */
const char *dosis_rc_name(dosis_rc_t rc);

/* One English sentence; never NULL. For operators. */
const char *dosis_rc_text(dosis_rc_t rc);

#endif
