/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_csv_rijen: rows of a CSV file, in pieces of any size. Each byte is in
 * one row or in an empty line; where the file is cut makes no difference; what
 * is told is text.
 */

#include "base/dosis_csv.h"
#include "base/dosis_json_value.h"
#include "domain/dosis_csv_dossier.h"
#include "fuzz.h"

#define KOP_PUNT                                                               \
    "Bron;DossierNummer;Naam;WijzigingsDatum;StatusVlaamsFase;"                \
    "StatusVlaamsCode;IsPubliek;AgentIdentificatie;Toegangsrechten;X\n"
#define KOP_TAB                                                                \
    "Naam\tBron\tDossierNummer\tWijzigingsDatum\tStatusVlaamsFase\t"           \
    "StatusVlaamsCode\tAgentIdentificatie\tProductId\n"
#define SAID_MAX ((size_t) 1 << 22)
#define ROW_MAX 32

static dosis_csv_kop_t kop;
static dosis_buf_t said;
static dosis_slice_t file;
static uint64_t last_end;
static uint64_t last_line;


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    dosis_buf_init(&said, SAID_MAX);

    return 0;
}


/* The bytes between two rows. */
static void
gap_check(uint64_t from, uint64_t to)
{
    MUST(from <= to && to <= file.len);
    for (uint64_t i = from; i < to; i++) {
        MUST(strchr("\r\n\t ", file.data[i]) != NULL && file.data[i] != '\0');
    }
}


static dosis_rc_t
on_row(const dosis_csv_row_t *row, void *payload)
{
    (void) payload;
    gap_check(last_end, row->begin);
    MUST(row->end > row->begin && row->end <= file.len);
    MUST(row->line >= last_line && row->line_after > row->line);
    MUST(row->filled <= row->fields && row->text.len <= ROW_MAX);
    MUST(row->text.len <= row->end - row->begin);
    MUST(memcmp(row->text.data, file.data + row->begin, row->text.len) == 0);
    dosis_buf_addf(&said, "%llu %llu %d %zu", (unsigned long long) row->begin,
        (unsigned long long) row->line, (int) row->fault, row->fields);
    for (size_t i = 0; i < row->fields && i < 3; i++) {
        dosis_buf_add_byte(&said, '|');
        dosis_buf_add_slice(&said, row->field[i]);
    }
    last_end = row->end;
    last_line = row->line_after;

    return DOSIS_OK;
}


static void
rows_read(size_t piece)
{
    const dosis_csv_options_t options = { .separator = kop.separator,
        .row_max = ROW_MAX,
        .fields_max = 3,
        .line = 1 };
    dosis_csv_reader_t *reader = NULL;
    size_t at = 0;

    last_end = 0;
    last_line = 1;
    MUST(dosis_csv_reader_create(&options, &reader) == DOSIS_OK);
    do {
        size_t len = file.len - at < piece ? file.len - at : piece;

        MUST(dosis_csv_reader_add(reader, dosis_slice(file.data + at, len),
                 at + len == file.len, on_row, NULL)
            == DOSIS_OK);
        at += len;
    } while (at < file.len);
    gap_check(last_end, file.len);
    dosis_csv_reader_free(reader);
}


static void
texts_check(const dosis_csv_dossier_t *dossier)
{
    MUST(dosis_utf8_valid(dossier->bron) && dosis_utf8_valid(dossier->nummer));
    MUST((dossier->bron.len == 0) == (dossier->nummer.len == 0));
    for (size_t i = 0; i < dossier->rijen; i++) {
        dosis_slice_t tekst = dossier->rij[i].tekst;

        MUST(dosis_utf8_valid(tekst) && tekst.len > 0);
        MUST(memchr(tekst.data, '\0', tekst.len) == NULL);
        dosis_buf_add_slice(&said, tekst);
    }
}


static dosis_rc_t
on_dossier(const dosis_csv_dossier_t *dossier, void *payload)
{
    dosis_err_t err = { 0 };

    (void) payload;
    MUST(dossier->rijen > 0 && dossier->rijen <= DOSIS_CSV_RIJEN_MAX);
    MUST(dossier->json != NULL || dossier->problems->count > 0);
    MUST(dossier->einde > last_end && dossier->lijn_na > last_line);
    fuzz_problems(dossier->problems);
    fuzz_problems(dossier->warnings);
    texts_check(dossier);
    dosis_err_add(&err, "X", "/Agenten/1/Identificatie", "x");
    dosis_err_add(&err, "X", "/Status", "x");
    dosis_csv_dossier_place(dossier, &kop, &err);
    MUST(strcmp(err.item[0].field, "AgentIdentificatie") == 0);
    MUST(err.item[0].line >= last_line && err.item[1].line >= last_line);
    if (dossier->json != NULL) {
        MUST(dosis_json_add_value(&said, dossier->json));
    }
    dosis_buf_addf(&said, "%llu\n", (unsigned long long) dossier->rij[0].lijn);
    last_end = dossier->einde;
    last_line = dossier->lijn_na;

    return DOSIS_OK;
}


static void
dossiers_read(size_t piece)
{
    dosis_csv_lezer_t *lezer = NULL;
    size_t at = 0;

    last_end = 1000;
    last_line = 2;
    MUST(dosis_csv_lezer_create(&kop, 1000, 2, &lezer) == DOSIS_OK);
    do {
        size_t len = file.len - at < piece ? file.len - at : piece;

        MUST(dosis_csv_lezer_add(lezer, dosis_slice(file.data + at, len),
                 at + len == file.len, on_dossier, NULL)
            == DOSIS_OK);
        at += len;
    } while (at < file.len);
    MUST(last_end <= 1000 + file.len);
    dosis_csv_lezer_free(lezer);
}


/* In pieces, and at once: the same. */
static void
read_twice(void (*read)(size_t), size_t piece)
{
    size_t len;

    dosis_buf_reset(&said);
    read(file.len + 1);
    len = said.len;
    read(piece);
    MUST(said.rc == DOSIS_OK && said.len == 2 * len);
    MUST(len == 0 || memcmp(said.data, said.data + len, len) == 0);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_err_t warnings = { 0 };
    dosis_err_t err = { 0 };
    unsigned way;
    size_t piece;

    file = dosis_slice(data, size);
    way = fuzz_choice(&file, 6);
    piece = 1 + fuzz_choice(&file, 64);
    MUST(dosis_csv_kop_read(
             way % 2 == 0 ? DOSIS_SLICE(KOP_PUNT) : DOSIS_SLICE(KOP_TAB), &kop,
             &warnings, &err)
        == DOSIS_OK);
    kop.codering = (dosis_csv_codering_t) (way / 2);
    read_twice(rows_read, piece);
    read_twice(dossiers_read, piece);

    return 0;
}
