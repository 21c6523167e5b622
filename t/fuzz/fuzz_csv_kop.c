/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_csv_kop: the beginning of a CSV file. A header that is accepted names
 * each column once and all that must be there; what is refused says why.
 */

#include "domain/dosis_csv_kop.h"
#include "fuzz.h"


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;

    return 0;
}


static bool
has(const dosis_csv_kop_t *kop, const char *pad)
{
    for (size_t i = 0; i < kop->kolommen; i++) {
        if (kop->kolom[i] != NULL && strcmp(kop->kolom[i]->pad, pad) == 0) {
            return true;
        }
    }

    return false;
}


static void
columns_check(const dosis_csv_kop_t *kop)
{
    MUST(kop->kolommen <= DOSIS_CSV_KOLOMMEN_MAX);
    for (size_t i = 0; i < kop->kolommen; i++) {
        for (size_t k = 0; kop->kolom[i] != NULL && k < i; k++) {
            MUST(kop->kolom[k] != kop->kolom[i]);
        }
    }
}


/* The same columns in our own spelling are the same header. */
static void
write_and_read(const dosis_csv_kop_t *kop)
{
    static char text[DOSIS_CSV_KOP_MAX];
    dosis_buf_t out;
    dosis_csv_kop_t again;
    dosis_err_t warnings = { 0 };
    dosis_err_t err = { 0 };

    dosis_buf_init_fixed(&out, text, sizeof(text));
    for (size_t i = 0; i < kop->kolommen; i++) {
        dosis_buf_addf(&out, "%s%s",
            kop->kolom[i] == NULL ? "Fout" : kop->kolom[i]->naam,
            i + 1 == kop->kolommen ? "\r\n" : (char[2]){ kop->separator, 0 });
    }
    MUST(dosis_csv_kop_read(dosis_buf_slice(&out), &again, &warnings, &err)
        == DOSIS_OK);
    MUST(again.kolommen == kop->kolommen && again.bytes == out.len
        && again.separator == kop->separator);
    MUST(memcmp(again.kolom, kop->kolom, sizeof(kop->kolom)) == 0);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_csv_kop_t kop;
    dosis_err_t warnings = { 0 };
    dosis_err_t err = { 0 };
    dosis_rc_t rc =
        dosis_csv_kop_read(dosis_slice(data, size), &kop, &warnings, &err);

    MUST(rc == DOSIS_OK || rc == DOSIS_EINPUT);
    MUST((rc == DOSIS_OK) == (err.count == 0));
    fuzz_problems(&warnings);
    fuzz_problems(&err);
    MUST(kop.bytes <= size);
    MUST(kop.separator == ';' || kop.separator == ',' || kop.separator == '\t'
        || kop.separator == '\0');
    columns_check(&kop);
    if (rc == DOSIS_OK) {
        MUST(has(&kop, "/Identificatie/Bron") && has(&kop, "/Naam")
            && has(&kop, "/Agenten/*/Identificatie"));
        write_and_read(&kop);
    }

    return 0;
}
