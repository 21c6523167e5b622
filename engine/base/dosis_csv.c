/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_csv.h"

#include <csv.h>

/* Of one record. */
typedef struct {
    const dosis_csv_t *csv;
    bool ended;
} csv_reading_t;


static void
csv_on_field(void *field, size_t len, void *payload)
{
    const csv_reading_t *reading = payload;

    reading->csv->on_field(dosis_slice(field, len), reading->csv->payload);
}


static void
csv_on_record(int end, void *payload)
{
    csv_reading_t *reading = payload;

    (void) end;
    reading->ended = true;
}


static dosis_rc_t
csv_rc(struct csv_parser *parser)
{
    return csv_error(parser) == CSV_EPARSE ? DOSIS_EFORMAT : DOSIS_ENOMEM;
}


/* A byte at a time: nothing behind the record may be read. */
static dosis_rc_t
csv_read(struct csv_parser *parser, csv_reading_t *reading, dosis_slice_t text,
    size_t *ret_used)
{
    size_t at = 0;

    while (at < text.len && !reading->ended) {
        if (csv_parse(parser, text.data + at, 1, csv_on_field, csv_on_record,
                reading)
            != 1) {
            return csv_rc(parser);
        }
        at++;
    }
    if (!reading->ended
        && csv_fini(parser, csv_on_field, csv_on_record, reading) != 0) {
        return csv_rc(parser);
    }
    if (at > 0 && at < text.len && text.data[at - 1] == CSV_CR
        && text.data[at] == CSV_LF) {
        at++;
    }
    *ret_used = at;
    return reading->ended ? DOSIS_OK : DOSIS_ENOTFOUND;
}


dosis_rc_t
dosis_csv_record(const dosis_csv_t *csv, dosis_slice_t text, size_t *ret_used)
{
    struct csv_parser parser;
    csv_reading_t reading = { .csv = csv };
    dosis_rc_t rc;

    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return DOSIS_ENOMEM;
    }
    csv_set_delim(&parser, (unsigned char) csv->separator);
    rc = csv_read(&parser, &reading, text, ret_used);
    csv_free(&parser);
    return rc;
}
