/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * bench_store: what the store itself costs, without HTTP.
 *
 *   bench_store STORE KEYFILE load COMPANIES EACH [FIRST [BATCH PAUSE_MS]]
 *                                    fills it, BATCH (256) a commit and a pause
 *                                    after it; FIRST: the number of the first
 *                                    company (0)
 *   bench_store STORE KEYFILE update COMPANIES EACH COUNT BATCH UPLOADID(0|1)
 *                                    random updates: rate, KB and pages each
 *   bench_store DIR - sync           one fdatasync of 4 KiB
 *   bench_store DIR - disk           durable commits of plain LMDB
 *
 * MAP_GB in the environment: a map of that many GiB, as valgrind needs.
 * Prints one line of key=value. Deliveries go through the door's own
 * functions: parse, validate, prepare, deliver, commit.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "domain/dosis_dossier_json.h"
#include "store/dosis_deliver.h"
#include "store/store_lmdb.h"

#define BRON "urn://test/subsidies"
#define SYNCS 300

typedef struct {
    dosis_reader_t *reader;
    dosis_writer_t *writer;
    dosis_arena_t *arena;
    dosis_txn_t *txn;
    unsigned batch;
    unsigned in_batch;
    unsigned pause_ms;
    bool upload_id;
    dosis_err_t problems;
    dosis_err_t warnings;
} bench_t;


static void
must(dosis_rc_t rc, const char *what)
{
    if (rc != DOSIS_OK) {
        fprintf(stderr, "bench_store: %s: %s\n", what, dosis_rc_name(rc));
        exit(1);
    }
}


static int64_t
now_ns(void)
{
    struct timespec ts;

    (void) clock_gettime(CLOCK_REALTIME, &ts);
    return ts.tv_sec * DOSIS_NS_PER_S + ts.tv_nsec;
}


static uint64_t
draw(uint64_t below)
{
    static uint64_t x;

    if (x == 0) {
        x = (uint64_t) now_ns();    /* another run, other UploadIds */
    }
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return x % below;
}


/* Bytes written by this process so far. */
static unsigned long long
written(void)
{
    char line[64];
    unsigned long long n = 0;
    FILE *f = fopen("/proc/self/io", "r");

    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        if (sscanf(line, "wchar: %llu", &n) == 1) {
            break;
        }
    }
    if (f != NULL) {
        (void) fclose(f);
    }
    return n;
}


static size_t
body_of(char *to, size_t size, unsigned company, unsigned nummer, int64_t when)
{
    unsigned head = 1000000 + company;
    char datum[40] = { 0 };
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, datum, sizeof(datum) - 1);
    dosis_time_add_utc(&buf, when);
    return (size_t) snprintf(to, size,
        "{\"Identificatie\":{\"Bron\":\"" BRON "\",\"DossierNummer\":"
        "\"d%06u-%u\"},\"Naam\":\"Subsidie kmo-portefeuille\","
        "\"WijzigingsDatum\":\"%s\",\"TypeDossierCode\":\"DossierStatus\","
        "\"Status\":{\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":"
        "\"InBehandeling\",\"Detail1\":\"Ronde %llu\"},"
        "\"Producten\":[{\"Id\":\"1984\"}],\"Agenten\":[{\"Identificatie\":"
        "\"%08u%02u\",\"Toegangsrechten\":[{\"Code\":\"SubsidieLezer - "
        "kmo\"}]}]}",
        company, nummer, datum, (unsigned long long) draw(1000000), head,
        97 - head % 97);
}


static void
commit(bench_t *b)
{
    if (b->txn != NULL) {
        must(dosis_txn_commit(b->txn), "commit");
        b->txn = NULL;
        b->in_batch = 0;
        dosis_arena_reset(b->arena);
        if (b->pause_ms > 0) {
            (void) usleep(b->pause_ms * 1000);
        }
    }
}


static void
deliver(bench_t *b, const char *body, size_t len)
{
    static char uuid[64];
    dosis_json_t *root;
    dosis_delivery_t d = { .problems = &b->problems,
        .warnings = &b->warnings, .client = DOSIS_SLICE("bench") };
    dosis_dossier_rules_t rules = { .now_ns = now_ns(),
        .future_ns = 86400 * DOSIS_NS_PER_S };

    must(dosis_reader_begin(b->reader), "read");
    rules.lijsten = dosis_ref_lijsten(dosis_reader_ref(b->reader));
    must(dosis_json_parse(dosis_slice(body, len), &root, NULL), "json");
    must(dosis_dossier_from_json(root, &rules, b->arena, &d.dossier,
        &b->warnings, &b->problems), "dossier");
    dosis_json_free(root);
    if (b->upload_id) {
        (void) snprintf(uuid, sizeof(uuid), "%016llx%016llx",
            (unsigned long long) draw(UINT64_MAX),
            (unsigned long long) draw(UINT64_MAX));
        d.dossier.upload_id = dosis_arena_copy(b->arena, dosis_slice_of(uuid));
    }
    must(dosis_delivery_prepare(b->reader, &d, b->arena), "prepare");
    dosis_reader_end(b->reader);
    if (b->txn == NULL) {
        must(dosis_txn_begin(b->writer, now_ns(), &b->txn), "begin");
    }
    dosis_deliver(b->txn, &d);
    must(d.rc, "deliver");
    if (++b->in_batch == b->batch) {
        commit(b);
    }
}


static void
run_load(bench_t *b, unsigned companies, unsigned each, unsigned first)
{
    char body[2048];
    unsigned n, c;
    int64_t from = now_ns();

    b->upload_id = true;
    for (n = 0; n < each; n++) {
        for (c = 0; c < companies; c++) {
            deliver(b, body, body_of(body, sizeof(body), first + c, n,
                now_ns() - 3600 * DOSIS_NS_PER_S));
        }
    }
    commit(b);
    printf("dossiers=%u seconds=%.1f per_s=%.0f\n", companies * each,
        (double) (now_ns() - from) / 1e9,
        companies * each / ((double) (now_ns() - from) / 1e9));
}


static void
run_update(bench_t *b, unsigned companies, unsigned each, unsigned count)
{
    char body[2048];
    unsigned i;
    int64_t from = now_ns();
    unsigned long long before = written();
    double kb;

    for (i = 0; i < count; i++) {
        deliver(b, body, body_of(body, sizeof(body),
            (unsigned) draw(companies), (unsigned) draw(each), now_ns()));
    }
    commit(b);
    kb = (double) (written() - before) / count / 1024;
    printf("batch=%u upload=%d per_s=%.0f kb=%.1f pages=%.1f\n", b->batch,
        b->upload_id, count / ((double) (now_ns() - from) / 1e9), kb, kb / 4);
}


static int
cmp_double(const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;

    return x < y ? -1 : x > y;
}


static double
sync_p50(const char *dir)
{
    char path[512];
    static char block[4096];
    double us[SYNCS];
    int i, fd;
    int64_t from;

    (void) snprintf(path, sizeof(path), "%s/sync", dir);
    fd = open(path, O_CREAT | O_RDWR, 0600);
    for (i = 0; i < SYNCS; i++) {
        from = now_ns();
        if (pwrite(fd, block, sizeof(block), 0) < 0 || fdatasync(fd) != 0) {
            must(DOSIS_EIO, "sync");
        }
        us[i] = (double) (now_ns() - from) / 1000;
    }
    (void) close(fd);
    (void) unlink(path);
    qsort(us, SYNCS, sizeof(us[0]), cmp_double);
    return us[SYNCS / 2];
}


/* Durable commits of 600 B under random keys, plain LMDB. */
static double
commits_per_s(const char *dir, unsigned puts, unsigned commits)
{
    char path[512], value[600] = { 0 };
    unsigned i, k;
    int64_t from;
    store_env_t env;
    MDB_txn *txn;
    dosis_store_options_t options = { .map_bytes = (size_t) 4 << 30 };

    (void) snprintf(path, sizeof(path), "%s/ceiling.mdb", dir);
    must(store_lmdb_open(path, &options, true, &env), "lmdb");
    from = now_ns();
    for (i = 0; i < commits; i++) {
        must(store_lmdb_begin(&env, true, &txn), "begin");
        for (k = 0; k < puts; k++) {
            uint64_t key[2] = { draw(UINT64_MAX), draw(UINT64_MAX) };
            MDB_val mk = { sizeof(key), key }, mv = { sizeof(value), value };

            must(store_lmdb_rc(mdb_put(txn, env.dbi[DB_SLEUTEL], &mk, &mv, 0)),
                "put");
        }
        must(store_lmdb_rc(mdb_txn_commit(txn)), "commit");
    }
    store_lmdb_close(&env);
    (void) unlink(path);
    return puts * commits / ((double) (now_ns() - from) / 1e9);
}


static void
open_store(bench_t *b, const char *dir, const char *key)
{
    dosis_secret_t *kek;
    dosis_store_t *store;
    const char *map_gb = getenv("MAP_GB");    /* valgrind cannot map 256 */
    dosis_store_options_t options = { .dir = dir };

    must(dosis_secret_load(key, &kek), "key");
    options.kek = kek;
    if (map_gb != NULL) {
        options.map_bytes = (size_t) strtoul(map_gb, NULL, 10) << 30;
    }
    must(dosis_store_open(&options, &store), "open");
    must(dosis_reader_create(store, &b->reader), "reader");
    must(dosis_writer_create(store, &b->writer), "writer");
    b->arena = dosis_arena_create((size_t) 64 << 20);
}


int
main(int argc, char **argv)
{
    bench_t b = { 0 };
    unsigned a[6] = { 0 };
    int i;

    if (argc < 4) {
        fprintf(stderr, "usage: see the head of t/tools/bench_store.c\n");
        return 2;
    }
    for (i = 4; i < argc && i < 10; i++) {
        a[i - 4] = (unsigned) strtoul(argv[i], NULL, 10);
    }
    if (strcmp(argv[3], "sync") == 0) {
        printf("sync_us=%.0f\n", sync_p50(argv[1]));
        return 0;
    }
    if (strcmp(argv[3], "disk") == 0) {
        printf("commits_1=%.0f ", commits_per_s(argv[1], 1, 1500));
        printf("puts_64=%.0f\n", commits_per_s(argv[1], 64, 150));
        return 0;
    }
    dosis_json_init();
    open_store(&b, argv[1], argv[2]);
    if (strcmp(argv[3], "load") == 0) {
        b.batch = a[3] != 0 ? a[3] : 256;
        b.pause_ms = a[4];
        run_load(&b, a[0], a[1], a[2]);
    } else {
        b.batch = a[3];
        b.upload_id = a[4] != 0;
        run_update(&b, a[0], a[1], a[2]);
    }
    return 0;
}
