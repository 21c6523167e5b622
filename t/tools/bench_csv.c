/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * bench_csv: what it costs to read a CSV file of deliveries, without a store.
 *
 *   bench_csv [ROWS [PER_DOSSIER]]    200000 rows, 1 of each dossier
 *
 * One line for each stage, each with those before it, in processor time:
 *
 *   records   the cells of each row
 *   dossiers  the tree of each delivery
 *   rules     the dossier of each, all rules kept
 *   ids       the UploadId of each
 *   gzip      the same of the file packed: unpacking included
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include <zlib.h>

#include "../lib/lijsten.h"
#include "base/dosis_csv.h"
#include "base/dosis_gzip.h"
#include "base/dosis_time.h"
#include "crypto/dosis_digest.h"
#include "domain/dosis_csv_dossier.h"
#include "domain/dosis_dossier_json.h"

#define PIECE 65536
#define ROW_BYTES 400
#define ARENA_BYTES ((size_t) 1 << 20)
#define NOW_NS (INT64_C(1795521600) * DOSIS_NS_PER_S) /* 2026-11-24 */

static const char kop_text[] =
    "Bron;DossierNummer;UploadId;Naam;WijzigingsDatum;TypeDossier;"
    "StatusVlaamsFase;StatusVlaamsCode;StatusDetail1;StatusActieNodig;"
    "StatusActie;StatusActieVoor;Doorverwijzing;ProductId;"
    "AgentIdentificatie;Toegangsrechten;AgentRol\n";

typedef struct {
    dosis_buf_t text;
    dosis_buf_t packed;
    dosis_csv_kop_t kop;
    dosis_codelijsten_t lijsten;
    dosis_arena_t *arena;
    dosis_csv_lezer_t *lezer;
    dosis_csv_reader_t *reader;
    bool rules;
    bool ids;
    uint64_t rows;
    uint64_t seen;
    uint64_t refused;
} bench_t;


static void
must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "bench_csv: %s\n", what);
        exit(1);
    }
}


static double
now_s(void)
{
    struct timespec now;

    (void) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}


static void
text_make(bench_t *bench, uint64_t per_dossier)
{
    uint64_t i;

    dosis_buf_init(&bench->text, bench->rows * ROW_BYTES + sizeof(kop_text));
    dosis_buf_add(&bench->text, kop_text, sizeof(kop_text) - 1);
    for (i = 0; i < bench->rows; i++) {
        unsigned kbo = 2000000 + (unsigned) (i % 5000000);

        dosis_buf_addf(&bench->text,
            "urn://test/subsidies;2026-%08" PRIu64
            ";;Subsidie kmo-portefeuille;2026-11-20T11:16:50;DossierStatus;"
            "Behandeling;InBehandeling;Wacht op factuur;nee;;15/12/2026;"
            "https://loket.example.be/%08" PRIu64
            ";1984;%08u%02u;SubsidieLezer - kmo;Aanvrager\n",
            i / per_dossier, i, kbo, 97 - kbo % 97);
    }
    must(bench->text.rc == DOSIS_OK, "memory");
}


static void
text_pack(bench_t *bench)
{
    z_stream stream = { 0 };

    dosis_buf_init(&bench->packed, bench->text.len);
    must(deflateInit2(
             &stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY)
            == Z_OK,
        "zlib");
    stream.next_in = (Bytef *) bench->text.data;
    stream.avail_in = (uInt) bench->text.len;
    stream.next_out =
        (Bytef *) dosis_buf_grow(&bench->packed, bench->packed.max);
    stream.avail_out = (uInt) bench->packed.max;
    must(stream.next_out != NULL && deflate(&stream, Z_FINISH) == Z_STREAM_END,
        "zlib");
    bench->packed.len = stream.total_out;
    (void) deflateEnd(&stream);
}


static dosis_rc_t
on_row(const dosis_csv_row_t *row, void *payload)
{
    bench_t *bench = payload;

    bench->refused += row->fault != DOSIS_CSV_FINE;
    bench->seen++;
    return DOSIS_OK;
}


static void
judge(bench_t *bench, const dosis_csv_dossier_t *dossier)
{
    const dosis_dossier_rules_t rules = { .lijsten = &bench->lijsten,
        .now_ns = NOW_NS,
        .future_ns = INT64_C(86400) * DOSIS_NS_PER_S };
    dosis_dossier_t value;
    dosis_err_t warnings;
    dosis_err_t err;

    dosis_err_init(&warnings);
    dosis_err_init(&err);
    if (dosis_dossier_from_json(
            dossier->json, &rules, bench->arena, &value, &warnings, &err)
        != DOSIS_OK) {
        bench->refused++;
        fprintf(stderr, "%s %s\n", err.item[0].field, err.item[0].text);
    }
    dosis_arena_reset(bench->arena);
}


static dosis_rc_t
on_dossier(const dosis_csv_dossier_t *dossier, void *payload)
{
    bench_t *bench = payload;
    uint8_t bestand[16] = { 1 };
    char text[37];

    bench->seen += dossier->rijen;
    if (dossier->json == NULL) {
        bench->refused++;
        return DOSIS_OK;
    }
    if (bench->ids) {
        must(dosis_digest_upload_id(bestand, dossier->rij[0].lijn, text)
                == DOSIS_OK,
            "digest");
    }
    if (bench->rules) {
        judge(bench, dossier);
    }
    return DOSIS_OK;
}


static void
piece_read(bench_t *bench, dosis_slice_t piece, bool last)
{
    dosis_rc_t rc = bench->lezer != NULL
        ? dosis_csv_lezer_add(bench->lezer, piece, last, on_dossier, bench)
        : dosis_csv_reader_add(bench->reader, piece, last, on_row, bench);

    must(rc == DOSIS_OK, dosis_rc_name(rc));
}


static void
plain_read(bench_t *bench)
{
    size_t at = 0;

    while (at < bench->text.len) {
        size_t left = bench->text.len - at;
        size_t len = left < PIECE ? left : PIECE;

        piece_read(bench, dosis_slice(bench->text.data + at, len), len == left);
        at += len;
    }
}


static void
packed_read(bench_t *bench)
{
    static char plain[PIECE];
    dosis_slice_t packed = dosis_buf_slice(&bench->packed);
    dosis_gzip_t *gzip = NULL;
    size_t len = PIECE;

    must(dosis_gzip_create(&gzip) == DOSIS_OK, "memory");
    while (len == PIECE) {
        must(dosis_gzip_add(gzip, &packed, plain, PIECE, &len) == DOSIS_OK,
            "gzip");
        piece_read(bench, dosis_slice(plain, len), len < PIECE);
    }
    dosis_gzip_free(gzip);
}


static void
stage(bench_t *bench, const char *name, bool dossiers, bool packed)
{
    const dosis_csv_options_t options = { .separator = ';',
        .row_max = DOSIS_CSV_RIJ_MAX,
        .fields_max = DOSIS_CSV_KOLOMMEN_MAX,
        .line = 1 };
    double start = now_s();

    bench->seen = 0;
    bench->refused = 0;
    bench->lezer = NULL;
    bench->reader = NULL;
    must((dossiers ? dosis_csv_lezer_create(&bench->kop, 0, 0, &bench->lezer)
                   : dosis_csv_reader_create(&options, &bench->reader))
            == DOSIS_OK,
        "memory");
    if (packed) {
        packed_read(bench);
    } else {
        plain_read(bench);
    }
    dosis_csv_lezer_free(bench->lezer);
    dosis_csv_reader_free(bench->reader);
    start = now_s() - start;
    printf("stage=%s rows=%" PRIu64 " refused=%" PRIu64
           " us_per_row=%.2f rows_per_s=%.0f mb_per_s=%.0f\n",
        name, bench->seen, bench->refused, start * 1e6 / (double) bench->rows,
        (double) bench->rows / start, (double) bench->text.len / 1e6 / start);
}


int
main(int argc, char **argv)
{
    static bench_t bench;
    struct rusage usage;
    dosis_err_t warnings = { 0 };
    dosis_err_t err = { 0 };

    bench.rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
    text_make(&bench, argc > 2 ? strtoull(argv[2], NULL, 10) : 1);
    text_pack(&bench);
    bench.lijsten = lijsten_load();
    bench.arena = dosis_arena_create(ARENA_BYTES);
    must(bench.arena != NULL
            && dosis_csv_kop_read(dosis_slice(bench.text.data, PIECE),
                   &bench.kop, &warnings, &err)
                == DOSIS_OK,
        "header");
    stage(&bench, "records", false, false);
    stage(&bench, "dossiers", true, false);
    bench.rules = true;
    stage(&bench, "rules", true, false);
    bench.ids = true;
    stage(&bench, "ids", true, false);
    stage(&bench, "gzip", true, true);
    (void) getrusage(RUSAGE_SELF, &usage);
    printf("row_bytes=%.0f file_mb=%.0f peak_mb=%.0f\n",
        (double) bench.text.len / (double) bench.rows,
        (double) (bench.text.cap + bench.packed.cap) / 1e6,
        (double) usage.ru_maxrss / 1e3);
    return 0;
}
