/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_rc.h"

typedef struct {
    const char *name;
    const char *text;
} rc_row_t;

/* Row -rc. */
static const rc_row_t rc_rows[] = {
    { "OK", "Done." },
    { "EINPUT", "The data given break a rule." },
    { "ENOTFOUND", "It is not there, or not visible." },
    { "ECONFLICT", "The same id was used with other content." },
    { "EDENIED", "This is not allowed." },
    { "EEXPIRED", "It was valid once, but no longer." },
    { "ELIMIT", "A ceiling is reached." },
    { "EBUSY", "Temporarily too busy; try again later." },
    { "EFULL", "The disk or the map is full." },
    { "EFORMAT", "The bytes do not have the form they must have." },
    { "EKEY", "The key is missing, or does not open this." },
    { "EIO", "The system below failed." },
    { "ENOMEM", "There is no memory left." },
    { "EPRECOND", "The precondition does not hold." },
    { "EPAUSED", "It is paused by an operator; try again later." },
};

#define RC_ROWS ((int) (sizeof(rc_rows) / sizeof(rc_rows[0])))

_Static_assert(sizeof(rc_rows) / sizeof(rc_rows[0]) == -DOSIS_EPAUSED + 1,
    "every result code has a row");

static const rc_row_t rc_unknown = { "EUNKNOWN", "An unknown result code." };


static const rc_row_t *
rc_row(dosis_rc_t rc)
{
    int code = rc;

    if (code > 0 || code <= -RC_ROWS) {
        return &rc_unknown;
    }
    return &rc_rows[-code];
}


const char *
dosis_rc_name(dosis_rc_t rc)
{
    return rc_row(rc)->name;
}


const char *
dosis_rc_text(dosis_rc_t rc)
{
    return rc_row(rc)->text;
}
