/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl csv: whether the header of a CSV file is one of a delivery */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/dosis_buf.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_options.h"
#include "domain/dosis_csv_kop.h"

#define TEXT_MAX ((size_t) 1 << 20) /* by which the encoding is judged */


/* The beginning of the file, or of standard input; false: said. */
static bool
read_start(const char *path, dosis_buf_t *text)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char *to;
    bool fine;

    if (file == NULL) {
        ctl_say("%s: %s", path, strerror(errno));
        return false;
    }
    to = dosis_buf_grow(text, TEXT_MAX);
    if (to != NULL) {
        text->len = fread(to, 1, TEXT_MAX, file);
    }
    fine = to != NULL && ferror(file) == 0;
    if (!fine) {
        ctl_say("%s: cannot be read", path);
    }
    if (file != stdin) {
        (void) fclose(file);
    }
    return fine;
}


static void
print_problems(const char *severity, const dosis_err_t *err)
{
    uint32_t i;

    for (i = 0; i < err->count; i++) {
        const dosis_problem_t *item = &err->item[i];

        printf("%s %s: %s%s%s\n", severity, item->code, item->field,
            item->field[0] == '\0' ? "" : ": ", item->text);
    }
    if (err->more > 0) {
        printf("%s: %u more\n", severity, (unsigned) err->more);
    }
}


static void
print_columns(const dosis_csv_kop_t *kop)
{
    size_t i;

    printf("separator: %s\n", kop->separator == '\t' ? "tab"
            : kop->separator == ','                  ? ","
                                                     : ";");
    printf("encoding: %s\n", dosis_csv_codering_name(kop->codering));
    printf("columns: %zu\n", kop->kolommen);
    for (i = 0; i < kop->kolommen; i++) {
        if (kop->kolom[i] == NULL) {
            printf("%4zu  -\n", i + 1);
        } else {
            printf("%4zu  %-24s %s\n", i + 1, kop->kolom[i]->naam,
                kop->kolom[i]->pad);
        }
    }
}


static int
check_file(const char *path)
{
    dosis_buf_t text;
    dosis_csv_kop_t kop;
    dosis_err_t warnings = { 0 };
    dosis_err_t err = { 0 };
    dosis_rc_t rc;

    dosis_buf_init(&text, TEXT_MAX);
    if (!read_start(path, &text)) {
        dosis_buf_done(&text);
        return CTL_FAILED;
    }
    rc = dosis_csv_kop_read(dosis_buf_slice(&text), &kop, &warnings, &err);
    dosis_buf_done(&text);
    if (rc != DOSIS_OK && rc != DOSIS_EINPUT) {
        ctl_say("%s: %s", path, dosis_rc_text(rc));
        return CTL_FAILED;
    }
    if (kop.kolommen > 0) {
        print_columns(&kop);
    }
    print_problems("fout", &err);
    print_problems("waarschuwing", &warnings);
    return rc == DOSIS_OK ? CTL_FINE : CTL_FOUND;
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    const char *file = NULL;
    size_t files = 0;
    const ctl_option_t options[] = {
        { .name = "", .list = &file, .list_count = &files, .list_max = 1 },
        { .name = NULL },
    };
    ctl_options_verdict_t verdict;
    const char *word;

    verdict = ctl_options_parse(command, argc, argv, options, &word);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    if (word == NULL || strcmp(word, "controleer") != 0 || files != 1) {
        ctl_say("'dosisctl csv controleer FILE' is what it can do");
        return CTL_FAILED;
    }
    return check_file(file);
}


const ctl_command_t ctl_csv = {
    .word = "csv",
    .summary = "check the header of a CSV file with dossiers",
    .help = "usage: dosisctl csv controleer FILE|-\n"
            "\n"
            "Reads the first line of a CSV file and tells its separator, its\n"
            "encoding (judged by the first MiB), which member of a delivery\n"
            "each column is (- for one that is ignored), and every problem.\n"
            "The rows are not looked at. Needs no instance.\n",
    .run = run,
};
