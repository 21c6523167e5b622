/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_csv.h"

#include <stdlib.h>

#include <csv.h>

#define CSV_PIECE 65536 /* bytes taken at a time */
#define CSV_ENDING 2    /* bytes of the longest line end */

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
        if (csv_parse(
                parser, text.data + at, 1, csv_on_field, csv_on_record, reading)
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


/* --- a text that comes in pieces ------------------------------------------ */

typedef struct {
    size_t end;  /* of its text */
    size_t next; /* behind its line end */
    bool open;   /* the text ends without one */
} csv_line_t;

/* Places are offsets in text, which holds all that is not done with. */
struct dosis_csv_reader_s {
    dosis_csv_options_t options;
    struct csv_parser parser;
    bool ended; /* the parser saw the end of a record */

    char *text;
    size_t len;
    size_t cap;
    size_t begin;        /* of the record */
    size_t at;           /* of its next line: the parser has those before */
    size_t seen;         /* no line ends between `at` and here, */
    size_t lf;           /*   and no LF stands between here and there */
    csv_line_t first;    /* of the record, */
    size_t first_fields; /*   and its fields that end there */
    size_t first_filled;
    uint64_t lines;   /* of the record, up to `at` */
    uint64_t dropped; /* bytes of a line that is too long */
    uint64_t offset;  /* of text[0] in the whole */
    uint64_t line;    /* of the record */

    char *cells; /* the bytes of all fields */
    size_t cells_len;
    dosis_slice_t *field;
    size_t fields;
    size_t filled;

    dosis_csv_row_pt on_row;
    void *payload;
};


dosis_rc_t
dosis_csv_reader_create(
    const dosis_csv_options_t *options, dosis_csv_reader_t **ret_reader)
{
    dosis_csv_reader_t *reader = calloc(1, sizeof(*reader));

    if (reader == NULL) {
        return DOSIS_ENOMEM;
    }
    reader->options = *options;
    reader->offset = options->begin;
    reader->line = options->line;
    reader->cap = options->row_max + CSV_ENDING + CSV_PIECE;
    reader->text = malloc(reader->cap);
    reader->cells = malloc(options->row_max + CSV_ENDING);
    reader->field = calloc(options->fields_max, sizeof(*reader->field));
    if (reader->text == NULL || reader->cells == NULL || reader->field == NULL
        || csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        dosis_csv_reader_free(reader);
        return DOSIS_ENOMEM;
    }
    csv_set_delim(&reader->parser, (unsigned char) options->separator);
    csv_set_blk_size(&reader->parser, options->row_max + CSV_ENDING);
    *ret_reader = reader;
    return DOSIS_OK;
}


void
dosis_csv_reader_free(dosis_csv_reader_t *reader)
{
    if (reader != NULL) {
        csv_free(&reader->parser);
        free(reader->text);
        free(reader->cells);
        free(reader->field);
        free(reader);
    }
}


static void
reader_on_field(void *field, size_t len, void *payload)
{
    dosis_csv_reader_t *reader = payload;
    char *to = reader->cells + reader->cells_len;

    if (reader->fields < reader->options.fields_max) {
        memcpy(to, field, len);
        reader->field[reader->fields] = dosis_slice(to, len);
        reader->cells_len += len;
    }
    reader->fields++;
    if (len > 0) {
        reader->filled = reader->fields;
    }
}


static void
reader_on_record(int end, void *payload)
{
    dosis_csv_reader_t *reader = payload;

    (void) end;
    reader->ended = true;
}


/* DOSIS_EFORMAT: a quote stands where none may. */
static dosis_rc_t
reader_parse(dosis_csv_reader_t *reader, size_t from, size_t to)
{
    size_t len = to - from;

    return csv_parse(&reader->parser, reader->text + from, len, reader_on_field,
               reader_on_record, reader)
            == len
        ? DOSIS_OK
        : csv_rc(&reader->parser);
}


/* Nothing of a record is left in the parser; its memory stays. */
static void
reader_forget(dosis_csv_reader_t *reader)
{
    (void) csv_set_opts(&reader->parser, CSV_STRICT);
    (void) csv_fini(&reader->parser, NULL, NULL, NULL);
    (void) csv_set_opts(&reader->parser, CSV_STRICT | CSV_STRICT_FINI);
}


/* The next record begins behind that line, the last of `lines`. */
static void
reader_go_on(dosis_csv_reader_t *reader, size_t next, uint64_t lines)
{
    reader->lf = next < reader->seen ? next : reader->lf;
    reader->begin = reader->at = reader->seen = next;
    reader->line += lines;
    reader->offset += reader->dropped;
    reader->lines = 0;
    reader->dropped = 0;
    reader->ended = false;
    reader->cells_len = 0;
    reader->fields = 0;
    reader->filled = 0;
}


static dosis_rc_t
reader_give(dosis_csv_reader_t *reader, const csv_line_t *line, uint64_t lines,
    dosis_csv_fault_t fault)
{
    dosis_rc_t rc;
    size_t len = line->end - reader->begin;
    dosis_csv_row_t row = {
        .begin = reader->offset + reader->begin,
        .end = reader->offset + line->next + reader->dropped,
        .line = reader->line,
        .line_after = reader->line + lines,
        .fault = fault,
        .fields = reader->fields,
        .filled = reader->filled,
        .field = reader->field,
    };

    if (fault == DOSIS_CSV_LONG) {
        len = reader->options.row_max;
    }
    row.text = dosis_slice(reader->text + reader->begin, len);
    rc = reader->on_row(&row, reader->payload);
    reader_go_on(reader, line->next, lines);
    return rc;
}


/* Its first line is refused; what was found further on is read again. */
static dosis_rc_t
reader_refuse(dosis_csv_reader_t *reader, dosis_csv_fault_t fault)
{
    reader_forget(reader);
    reader->fields = reader->first_fields;
    reader->filled = reader->first_filled;
    return reader_give(reader, &reader->first, 1, fault);
}


/* Fields in the beginning of it are told as well. */
static dosis_rc_t
reader_refuse_long(dosis_csv_reader_t *reader, const csv_line_t *line)
{
    if (reader_parse(
            reader, reader->begin, reader->begin + reader->options.row_max)
        == DOSIS_ENOMEM) {
        return DOSIS_ENOMEM;
    }
    reader_forget(reader);
    return reader_give(reader, line, 1, DOSIS_CSV_LONG);
}


/* Where the next LF is, or the text ends: looked for once, also when many a
 * line ends with CR in front of it. */
static size_t
lf_find(dosis_csv_reader_t *reader)
{
    const char *lf;
    size_t from = reader->lf > reader->seen ? reader->lf : reader->seen;

    lf = memchr(reader->text + from, CSV_LF, reader->len - from);
    reader->lf = lf == NULL ? reader->len : (size_t) (lf - reader->text);
    return reader->lf;
}


/*
 * The line at `at`. false: its end is not known yet; a CR at the end of what
 * there is may be half of one.
 */
static bool
line_find(dosis_csv_reader_t *reader, bool last, csv_line_t *ret_line)
{
    size_t lf = lf_find(reader);
    const char *cr =
        memchr(reader->text + reader->seen, CSV_CR, lf - reader->seen);
    size_t end = cr == NULL ? lf : (size_t) (cr - reader->text);
    size_t next = end + 1;

    reader->seen = end;
    ret_line->open = end == reader->len;
    if (ret_line->open) {
        ret_line->end = ret_line->next = end;
        return last && reader->at < end;
    }
    if (cr != NULL && next == reader->len && !last) {
        return false;
    }
    if (cr != NULL && next < reader->len && reader->text[next] == CSV_LF) {
        next++;
    }
    ret_line->end = end;
    ret_line->next = next;
    return true;
}


/* Of a line that is too long only the beginning is kept, and half an end. */
static void
reader_drop(dosis_csv_reader_t *reader)
{
    size_t keep = reader->begin + reader->options.row_max;
    bool half = reader->text[reader->len - 1] == CSV_CR;

    reader->dropped += reader->len - keep - half;
    reader->len = keep;
    reader->seen = reader->lf = keep;
    if (half) {
        reader->text[reader->len++] = CSV_CR;
    }
}


static bool
is_blank(dosis_slice_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (text.data[i] != CSV_SPACE && text.data[i] != CSV_TAB) {
            return false;
        }
    }
    return true;
}


/* One more line of the record goes to the parser. */
static dosis_rc_t
reader_take(dosis_csv_reader_t *reader, const csv_line_t *line)
{
    bool is_first = reader->at == reader->begin;
    dosis_rc_t rc = reader_parse(reader, reader->at, line->next);

    if (is_first) {
        reader->first = *line;
        reader->first_fields = reader->fields;
        reader->first_filled = reader->filled;
    }
    if (rc == DOSIS_OK && !reader->ended && line->open
        && csv_fini(&reader->parser, reader_on_field, reader_on_record, reader)
            != 0) {
        rc = csv_rc(&reader->parser);
        is_first = false;
    }
    if (rc != DOSIS_OK) {
        return rc == DOSIS_EFORMAT
            ? reader_refuse(reader, is_first ? DOSIS_CSV_QUOTE : DOSIS_CSV_OPEN)
            : rc;
    }
    reader->at = reader->seen = line->next;
    reader->lines++;
    if (reader->ended) {
        return reader_give(reader, line, reader->lines, DOSIS_CSV_FINE);
    }
    if (is_first
        && is_blank(dosis_slice(
            reader->text + reader->begin, line->end - reader->begin))) {
        reader_go_on(reader, line->next, 1);
    }
    return DOSIS_OK;
}


/* One step; *ret_more: there may be another one before more bytes come. */
static dosis_rc_t
reader_step(dosis_csv_reader_t *reader, bool last, bool *ret_more)
{
    csv_line_t line;
    bool is_first = reader->at == reader->begin;
    bool found = line_find(reader, last, &line);
    size_t max = reader->options.row_max;

    *ret_more = true;
    if (found && line.end - reader->begin + reader->dropped <= max) {
        return reader_take(reader, &line);
    }
    if (found && is_first) {
        return reader_refuse_long(reader, &line);
    }
    if (found || (!is_first && last)
        || (!is_first && reader->len - reader->begin > max + CSV_ENDING)) {
        return reader_refuse(reader, DOSIS_CSV_OPEN);
    }
    if (reader->len - reader->begin > max + CSV_ENDING) {
        reader_drop(reader);
    }
    *ret_more = false;
    return DOSIS_OK;
}


/* What is done with makes room. */
static void
reader_compact(dosis_csv_reader_t *reader)
{
    size_t done = reader->begin;

    if (done == 0) {
        return;
    }
    memmove(reader->text, reader->text + done, reader->len - done);
    reader->len -= done;
    reader->begin = 0;
    reader->at -= done;
    reader->seen -= done;
    reader->lf = reader->lf > done ? reader->lf - done : 0;
    reader->first.end -= done;
    reader->first.next -= done;
    reader->offset += done;
}


dosis_rc_t
dosis_csv_reader_add(dosis_csv_reader_t *reader, dosis_slice_t bytes, bool last,
    dosis_csv_row_pt on_row, void *payload)
{
    dosis_rc_t rc = DOSIS_OK;
    bool more;

    reader->on_row = on_row;
    reader->payload = payload;
    do {
        size_t room = reader->cap - reader->len;
        size_t len = bytes.len < room ? bytes.len : room;

        if (len > 0) {
            memcpy(reader->text + reader->len, bytes.data, len);
            bytes.data += len;
            bytes.len -= len;
            reader->len += len;
        }
        more = true;
        while (rc == DOSIS_OK && more) {
            rc = reader_step(reader, last && bytes.len == 0, &more);
        }
        reader_compact(reader);
    } while (rc == DOSIS_OK && bytes.len > 0);
    return rc;
}


uint64_t
dosis_csv_lines(dosis_slice_t text)
{
    uint64_t lines = 0;
    size_t i;

    for (i = 0; i < text.len; i++) {
        bool half = text.data[i] == CSV_CR && i + 1 < text.len
            && text.data[i + 1] == CSV_LF;

        lines += !half && (text.data[i] == CSV_LF || text.data[i] == CSV_CR);
    }
    return lines;
}
