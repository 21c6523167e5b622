/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl export: the dossiers of a source as a file that can be delivered */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_options.h"
#include "domain/dosis_csv_schrijf.h"
#include "store/dosis_export.h"

#define EXPORT_ARENA_MAX ((size_t) 4 << 20)    /* of one dossier */
#define EXPORT_ROWS_MAX ((size_t) 4 << 20)     /* of one dossier, as CSV */

typedef struct {
    FILE *to;
    const dosis_codelijsten_t *lijsten;
    dosis_buf_t rows;
    uint64_t dossiers;
    uint64_t missing[DOSIS_CSV_MIST_MAX];    /* dossiers with such a member */
} export_t;


static dosis_rc_t
flush_rows(export_t *export)
{
    dosis_buf_t *rows = &export->rows;
    size_t written;

    if (rows->rc != DOSIS_OK) {
        return rows->rc;
    }
    written = fwrite(rows->data, 1, rows->len, export->to);
    return written == rows->len ? DOSIS_OK : DOSIS_EIO;
}


static dosis_rc_t
on_dossier(const dosis_dossier_t *dossier, void *payload)
{
    export_t *export = payload;
    unsigned bits;
    size_t i;

    dosis_buf_reset(&export->rows);
    bits = dosis_csv_schrijf(&export->rows, dossier, export->lijsten);
    export->dossiers++;
    for (i = 0; i < DOSIS_CSV_MIST_MAX; i++) {
        export->missing[i] += (bits >> i) & 1u;
    }
    return flush_rows(export);
}


/* One snapshot. */
static dosis_rc_t
next_part(dosis_reader_t *reader, dosis_export_t *at, export_t *export,
    bool *ret_more)
{
    dosis_rc_t rc = dosis_reader_begin(reader);

    if (rc == DOSIS_OK) {
        export->lijsten = dosis_ref_lijsten(dosis_reader_ref(reader));
        rc = dosis_export_next(reader, at, ret_more);
        dosis_reader_end(reader);
    }
    return rc;
}


/* Before anything is written. */
static dosis_rc_t
look_up(dosis_reader_t *reader, dosis_slice_t bron)
{
    dosis_rc_t rc = dosis_reader_begin(reader);

    if (rc == DOSIS_OK) {
        rc = dosis_ref_bron(dosis_reader_ref(reader), bron) == NULL
            ? DOSIS_ENOTFOUND
            : DOSIS_OK;
        dosis_reader_end(reader);
    }
    return rc;
}


static dosis_rc_t
write_all(dosis_store_t *store, dosis_slice_t bron, export_t *export)
{
    dosis_export_t at = { .bron = bron, .on_dossier = on_dossier,
        .payload = export };
    dosis_reader_t *reader = NULL;
    bool more = true;
    dosis_rc_t rc = dosis_reader_create(store, &reader);

    at.arena = dosis_arena_create(EXPORT_ARENA_MAX);
    if (rc == DOSIS_OK && at.arena == NULL) {
        rc = DOSIS_ENOMEM;
    }
    if (rc == DOSIS_OK) {
        rc = look_up(reader, bron);
    }
    if (rc == DOSIS_OK) {
        dosis_csv_schrijf_kop(&export->rows);
        rc = flush_rows(export);
    }
    while (rc == DOSIS_OK && more) {
        more = false;
        rc = next_part(reader, &at, export, &more);
    }
    dosis_arena_free(at.arena);
    dosis_reader_free(reader);
    return rc;
}


/* It holds personal data: for its owner, and in no place of another file. */
static FILE *
create_file(const char *path)
{
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "wb");

    if (file == NULL) {
        ctl_say("%s: %s", path, strerror(errno));
    }
    return file;
}


/* On standard error: the file may be standard output. */
static int
say_end(const export_t *export, const char *bron)
{
    bool whole = true;
    size_t i;

    fprintf(stderr, "%" PRIu64 " dossiers of %s\n", export->dossiers, bron);
    for (i = 0; i < DOSIS_CSV_MIST_MAX; i++) {
        if (export->missing[i] > 0) {
            whole = false;
            fprintf(stderr, "not in the file: %s, of %" PRIu64 " dossiers\n",
                dosis_csv_mist_naam((dosis_csv_mist_t) i), export->missing[i]);
        }
    }
    return whole ? CTL_FINE : CTL_FOUND;
}


static int
export_to(dosis_store_t *store, const char *bron, const char *path)
{
    export_t export = { .to = stdout };
    dosis_rc_t rc;

    export.to = path == NULL ? stdout : create_file(path);
    if (export.to == NULL) {
        return CTL_FAILED;
    }
    dosis_buf_init(&export.rows, EXPORT_ROWS_MAX);
    rc = write_all(store, dosis_slice_of(bron), &export);
    dosis_buf_done(&export.rows);
    if (fflush(export.to) != 0 && rc == DOSIS_OK) {
        rc = DOSIS_EIO;
    }
    if (path != NULL && fclose(export.to) != 0 && rc == DOSIS_OK) {
        rc = DOSIS_EIO;
    }
    if (rc == DOSIS_OK) {
        return say_end(&export, bron);
    }
    if (path != NULL) {
        (void) unlink(path);
    }
    if (rc == DOSIS_ENOTFOUND) {
        ctl_say("not exported: no source %s is registered; "
                "'dosisctl bron list' has them", bron);
    } else {
        ctl_say(
            "not exported: %s (%s)", dosis_rc_text(rc), dosis_rc_name(rc));
    }
    return CTL_FAILED;
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    const char *bron = NULL, *path = NULL, *dir = NULL, *key_file = NULL;
    const ctl_option_t options[] = {
        { .name = "bron", .text = &bron },
        { .name = "uit", .text = &path },
        { .name = "store", .text = &dir },
        { .name = "key-file", .text = &key_file },
        { .name = NULL },
    };
    ctl_options_verdict_t verdict;
    dosis_store_t *store;
    int code;

    verdict = ctl_options_parse(command, argc, argv, options, NULL);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    if (bron == NULL) {
        ctl_say("--bron URI says which source; 'dosisctl bron list' has them");
        return CTL_FAILED;
    }
    if (ctl_home_open_given(dir, key_file, &store) != DOSIS_OK) {
        return CTL_FAILED;
    }
    code = export_to(store, bron, path);
    dosis_store_close(store);
    return code;
}


const ctl_command_t ctl_export = {
    .word = "export",
    .summary = "the dossiers of a source as CSV",
    .help =
        "usage: dosisctl export --bron URI [--uit FILE]\n"
        "                       [--store DIR] [--key-file FILE]\n"
        "\n"
        "Opens the store itself, read-only, with the engine up or down, and\n"
        "writes the dossiers that the source has, those withdrawn left out,\n"
        "in the columns of a delivery: `dosisctl import` takes the file as it\n"
        "is. It holds personal data: FILE is made for its owner alone, and\n"
        "must not be there yet; without it standard output gets it.\n"
        "\n"
        "What changes while it runs is in it as it was or as it is. Members\n"
        "that CSV has no column for are counted on standard error.\n"
        "\n"
        "Exit codes: 0 all of it, 1 without some members, 2 not exported.\n",
    .run = run,
};
