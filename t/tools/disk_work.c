/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disk_work: a store's life in one program, and what must be left of it after
 * the plug was pulled.
 *
 *   disk_work run DIR KEYFILE COUNT    makes a store in DIR, which is empty,
 *   disk_work beside ...               and writes COUNT transactions; beside:
 *                                      with checkpoints meanwhile, and little
 *                                      room, so that records go round, and
 *                                      the file is synced in parts
 *   disk_work whole DIR KEYFILE        is it what such a run left?
 *   disk_work again DIR KEYFILE        opens it, and says what may be left
 *   disk_work acked DIR KEYFILE        is what was pushed over HTTP there?
 *
 * run makes marks (see t/disk/replay.c) and prints them: "try N DIGEST" before
 * each commit, "ack N DIGEST" when it returned DOSIS_OK, "fail N RC" when not;
 * then it tries again with the store as it is, and then with the store opened
 * anew. DIGEST is of every entry of every database. whole wants what was
 * acknowledged last before the cut, or what has been tried since: nothing in
 * between; a clean verify; and that work goes on.
 *
 * acked wants marks "sent DOSSIER NAME" and "ack DOSSIER NAME UPLOADID", each
 * dossier's in order. A name of "-" is a withdrawal, without an UploadId. What
 * is shown of a dossier must be of its last ack, or of what was sent since.
 */
#include <dlfcn.h>
#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#include "store/dosis_source.h"
#include "store/store_env.h"
#include "store/store_page.h"
#include "store/store_txn.h"
#include "t/lib/store_digest.h"
#include "t/lib/store_file.h"
#include "t/lib/store_fixture.h"

#define MARKS_MAX    20000
#define BATCH_MAX    64
#define COMPANIES    6
#define TRIES        3
#define LEAST_ROOM   ((size_t) 64 << 20)
#define FEW_RECORDS  ((uint64_t) 128 << 10)
#define SMALL_PART   ((uint64_t) 16 << 10)

static fixture_t f;
static void (*mark_in_log)(const char *text);
static unsigned drawn = 1, stored, beside;
static char *mark[MARKS_MAX];
static size_t marks, marked;


/* --- common -------------------------------------------------------------- */

static void
say(const char *text)
{
    puts(text);
    (void) fflush(stdout);
    if (mark_in_log != NULL) {
        mark_in_log(text);
    }
}


static unsigned
draw(unsigned below)
{
    drawn = drawn * 1103515245 + 12345;
    return (drawn >> 8) % below;
}


static void
give_little_room(void)
{
    store_env_t *env = store_env_take(f.store);

    env->journal.most = FEW_RECORDS;
    env->part_least = SMALL_PART;
    store_env_give(f.store, env);
}


static dosis_rc_t
open_store(void)
{
    dosis_rc_t rc;
    dosis_store_options_t options = { .dir = f.dir, .kek = f.kek };

    rc = dosis_store_open(&options, &f.store);
    if (rc == DOSIS_OK && beside) {
        give_little_room();
    }
    if (rc == DOSIS_OK) {
        rc = dosis_reader_create(f.store, &f.reader);
    }
    if (rc == DOSIS_OK) {
        rc = dosis_writer_create(f.store, &f.writer);
    }
    return rc;
}


static void
close_store(void)
{
    dosis_reader_free(f.reader);
    dosis_writer_free(f.writer);
    dosis_store_close(f.store);
    f.reader = NULL;
    f.writer = NULL;
    f.store = NULL;
}


static dosis_rc_t
digest_now(uint64_t *ret_digest)
{
    dosis_rc_t rc = dosis_reader_begin(f.reader);

    if (rc == DOSIS_OK) {
        rc = digest_of(&f.reader->snap, ret_digest);
        dosis_reader_end(f.reader);
    }
    return rc;
}


/* --- a run --------------------------------------------------------------- */

static void
dossier_json(char *to, size_t size, unsigned company, unsigned number)
{
    char kbo[11];
    unsigned minute = draw(1440);

    fixture_kbo(company, kbo);
    (void) snprintf(to, size,
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"d%u-%u\"},\"Naam\":\"Dossier %u\","
        "\"WijzigingsDatum\":\"2026-03-01T%02u:%02u:00\","
        "\"Status\":{\"VlaamsFase\":\"Behandeling\","
        "\"VlaamsCode\":\"InBehandeling\",\"Detail1\":\"%0*u\"},"
        "\"Agenten\":[{\"Identificatie\":\"%s\",\"Toegangsrechten\":[{"
        "\"Code\":\"Lezer\"}]}%s]}",
        company, number, draw(1000000), minute / 60, minute % 60,
        (int) draw(200) + 1, draw(1000), kbo,
        draw(9) == 0 ? ",{\"Identificatie\":\"nee\"}" : "");
}


/* New ones, changes, outdated ones; of nine about one is refused. */
static void
deliver_some(dosis_txn_t *txn, unsigned count, unsigned company)
{
    char json[2048];
    unsigned i;
    static dosis_delivery_t d[BATCH_MAX];

    for (i = 0; i < count; i++) {
        dossier_json(json, sizeof(json), company, draw(200));
        d[i] = fixture_delivery(&f, json);
        dosis_deliver(txn, &d[i]);
        stored += d[i].rc == DOSIS_OK;
    }
}


static void
withdraw_one(dosis_txn_t *txn, unsigned company)
{
    char number[32];
    dosis_delivery_t d = { .withdraw = true, .problems = &f.problems,
        .warnings = &f.warnings, .client = DOSIS_SLICE("proef") };

    memset(&f.problems, 0, sizeof(f.problems));
    (void) snprintf(number, sizeof(number), "d%u-%u", company, draw(200));
    d.dossier.bron = DOSIS_SLICE(FIXTURE_BRON);
    d.dossier.nummer = dosis_slice_of(number);
    fixture_must(dosis_reader_begin(f.reader), "reader begin");
    fixture_must(dosis_delivery_prepare(f.reader, &d, f.arena), "prepare");
    dosis_reader_end(f.reader);
    dosis_deliver(txn, &d);
}


/* The first six register; then one in four is a withdrawal, one in eight a
   large batch, one in sixteen a registration, and another one a file. */
static void
fill(dosis_txn_t *txn, unsigned n)
{
    char json[256];
    dosis_err_t err = { 0 };

    if (n % 16 == 7) {
        (void) snprintf(json, sizeof(json),
            "{\"Id\":\"%u\",\"Naam\":\"Product %u\"}", n, n);
        fixture_must(dosis_ref_put(txn, DOSIS_REF_PRODUCT,
            dosis_slice_of(json), &err), "product");
    } else if (n % 16 == 13) {
        file_live(txn, n);
    } else if (n % 4 == 3) {
        withdraw_one(txn, n % COMPANIES);
    } else {
        deliver_some(txn, n % 8 == 2 ? BATCH_MAX : 1 + draw(4),
            n % 8 == 2 ? 1 : n % COMPANIES);
    }
}


/* All that the commit would put before it writes is put now; then it puts the
   same again. */
static void
say_try(dosis_txn_t *txn, unsigned n)
{
    char text[64];
    uint64_t digest = 0;

    if (txn->rc == DOSIS_OK) {
        store_page_flush(txn);
        (void) store_txn_ok(txn, store_meta_put(&txn->snap, "klok", txn->hlc));
        (void) store_txn_ok(txn, digest_of(&txn->snap, &digest));
    }
    (void) snprintf(text, sizeof(text), "try %u %016" PRIx64, n, digest);
    say(text);
}


static dosis_rc_t
transact(unsigned n)
{
    dosis_rc_t rc;
    dosis_txn_t *txn;

    dosis_arena_reset(f.arena);
    rc = dosis_txn_begin(f.writer,
        FIXTURE_NOW + (int64_t) ++f.clock * DOSIS_NS_PER_MS, &txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    fill(txn, n);
    say_try(txn, n);
    return dosis_txn_commit(txn);
}


static void
acknowledge(unsigned n)
{
    char text[64];
    uint64_t digest;

    fixture_must(digest_now(&digest), "digest");
    (void) snprintf(text, sizeof(text), "ack %u %016" PRIx64, n, digest);
    say(text);
}


static void
register_one(dosis_ref_kind_t kind, dosis_slice_t json, unsigned n)
{
    dosis_txn_t *txn;
    dosis_err_t err = { 0 };

    fixture_must(dosis_txn_begin(f.writer, FIXTURE_NOW, &txn), "begin");
    fixture_must(dosis_ref_put(txn, kind, json, &err), "ref_put");
    say_try(txn, n);
    fixture_must(dosis_txn_commit(txn), "commit");
    acknowledge(n);
}


static void
register_list(const char *name, unsigned n)
{
    char path[128];
    static char text[65536];
    size_t len;
    FILE *file;

    (void) snprintf(path, sizeof(path), "conf/codelijsten/%s.json", name);
    file = fopen(path, "r");
    if (file == NULL) {
        printf("Bail out! open: %s\n", path);
        exit(1);
    }
    len = fread(text, 1, sizeof(text), file);
    (void) fclose(file);
    register_one(DOSIS_REF_CODELIJST, dosis_slice(text, len), n);
}


/* A store is made, with what a source needs; each step acknowledged. */
static void
begin_life(void)
{
    static const char *const lijst[] = { "StatusVlaamsFase", "StatusVlaamsCode",
        "StatusEDRL", "TypeDossier", "ParticipatieRol" };
    unsigned i, n = 0;
    dosis_store_options_t options = { .dir = f.dir, .kek = f.kek };

    fixture_must(dosis_store_create(&options, 1), "create");
    fixture_must(open_store(), "open");
    acknowledge(n++);
    for (i = 0; i < sizeof(lijst) / sizeof(lijst[0]); i++) {
        register_list(lijst[i], n++);
    }
    register_one(DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"" FIXTURE_BRON "\",\"Naam\":\"Proef\","
                    "\"Actief\":true}"), n);
}


static dosis_rc_t
transact_beside(unsigned n)
{
    dosis_rc_t rc;
    fixture_beside_t b;

    fixture_beside_begin(&f, &b);
    rc = transact(n);
    fixture_beside_end(&b);
    return rc;
}


/* As it is, once more, and with the store opened anew. */
static dosis_rc_t
transact_stubbornly(unsigned n)
{
    char text[64];
    unsigned tries;
    dosis_rc_t rc = DOSIS_EIO;

    for (tries = 0; tries < TRIES && rc != DOSIS_OK; tries++) {
        if (tries == TRIES - 1) {
            close_store();
            rc = open_store();
        }
        if (f.writer != NULL) {
            rc = beside && n % 3 != 0 ? transact_beside(n) : transact(n);
        }
        if (rc != DOSIS_OK) {
            (void) snprintf(text, sizeof(text), "fail %u %s", n,
                dosis_rc_name(rc));
            say(text);
        }
    }
    return rc;
}


static int
run(unsigned count)
{
    unsigned n, failed = 0;

    begin_life();
    for (n = 10; n < 10 + count && f.writer != NULL; n++) {
        if (transact_stubbornly(n) == DOSIS_OK) {
            acknowledge(n);
        } else {
            failed++;
        }
    }
    close_store();
    printf("stored %u\n", stored);
    return failed > 0 ? 3 : 0;
}


/* --- what must be left --------------------------------------------------- */

static void
read_marks(void)
{
    char *line = NULL, *path = getenv("DISK_MARKS"),
         *number = getenv("DISK_MARKED");
    size_t room = 0;
    ssize_t len;
    FILE *file = path != NULL ? fopen(path, "r") : NULL;

    while (file != NULL && marks < MARKS_MAX
           && (len = getline(&line, &room, file)) > 0) {
        line[len - 1] = '\0';
        mark[marks++] = strdup(line);
    }
    marked = number != NULL ? strtoull(number, NULL, 10) : marks;
    free(line);
    if (file == NULL || marks == MARKS_MAX || marked > marks) {
        printf("no marks\n");
        exit(2);
    }
    (void) fclose(file);
}


/* Power was lost while it was made: then it can be made again. */
static int
make_anew(void)
{
    dosis_rc_t rc;
    dosis_store_options_t options = { .dir = f.dir, .kek = f.kek };

    rc = open_store();
    if (rc == DOSIS_ENOTFOUND) {
        rc = dosis_store_create(&options, 1);
        if (rc != DOSIS_OK) {
            printf("not made again: %s\n", dosis_rc_name(rc));
            return 1;
        }
        rc = open_store();
    }
    if (rc != DOSIS_OK) {
        printf("half made, and does not open: %s\n", dosis_rc_name(rc));
    }
    return rc == DOSIS_OK ? 0 : 1;
}


/* The mark number of the last one before the cut that begins so, or -1. */
static long
last_mark(const char *word)
{
    size_t i;

    for (i = marked; i > 0; i--) {
        if (strncmp(mark[i - 1], word, strlen(word)) == 0) {
            return (long) i - 1;
        }
    }
    return -1;
}


static bool
is_whole(const char *when)
{
    dosis_rc_t rc;
    dosis_verify_t seen;

    memset(&seen, 0, sizeof(seen));
    rc = dosis_verify(f.store, fixture_print, NULL, &seen);
    if (rc != DOSIS_OK || seen.findings > 0) {
        printf("verify %s: %s, %" PRIu64 " findings\n", when,
            dosis_rc_name(rc), seen.findings);
    }
    return rc == DOSIS_OK && seen.findings == 0;
}


/* One registration more, which every state of the store takes. */
static bool
works_on(void)
{
    dosis_rc_t rc;
    dosis_txn_t *txn;
    dosis_err_t err = { 0 };

    rc = dosis_txn_begin(f.writer, FIXTURE_NOW * 2, &txn);
    if (rc == DOSIS_OK) {
        rc = dosis_ref_put(txn, DOSIS_REF_PRODUCT,
            DOSIS_SLICE("{\"Id\":\"na\",\"Naam\":\"Na de stroomuitval\"}"),
            &err);
        if (rc != DOSIS_OK) {
            dosis_txn_abort(txn);
        } else {
            rc = dosis_txn_commit(txn);
        }
    }
    if (rc != DOSIS_OK) {
        printf("work does not go on: %s\n", dosis_rc_name(rc));
    }
    return rc == DOSIS_OK && is_whole("after more work");
}


/* The digest is of that ack, or of a commit that was begun after it. */
static bool
is_state_since(long acked, uint64_t digest)
{
    char found[32];
    size_t i;

    (void) snprintf(found, sizeof(found), "%016" PRIx64, digest);
    for (i = (size_t) acked; i < marked; i++) {
        if (strstr(mark[i], found) != NULL) {
            return true;
        }
    }
    printf("%s was acknowledged, %s is there\n", mark[acked], found);
    return false;
}


static int
check_whole(void)
{
    long acked;
    bool fits;
    dosis_rc_t rc;
    uint64_t digest;

    read_marks();
    acked = last_mark("ack");
    if (acked < 0) {
        return make_anew();
    }
    rc = open_store();
    if (rc == DOSIS_OK) {
        rc = digest_now(&digest);
    }
    if (rc != DOSIS_OK) {
        printf("%s was acknowledged; the store does not open: %s\n",
            mark[acked], dosis_rc_name(rc));
        return 1;
    }
    fits = is_state_since(acked, digest);
    fits = is_whole("as found") && fits;
    return works_on() && fits ? 0 : 1;
}


/*
 * Whoever opens it brings it back; the power may fail in that as well. What may
 * be there is said in one mark: no cut comes between.
 */
static int
open_again(void)
{
    size_t i;
    long acked;
    dosis_buf_t all;

    read_marks();
    acked = last_mark("ack");
    dosis_buf_init(&all, (size_t) 1 << 20);
    for (i = (size_t) acked; acked >= 0 && i < marked; i++) {
        dosis_buf_addf(&all, "%s ", mark[i]);
    }
    if (all.len > 0) {
        dosis_buf_addf(&all, "%c", '\0');
        say(all.data);
    }
    dosis_buf_done(&all);
    if (open_store() == DOSIS_OK) {
        close_store();
    }
    return 0;
}


/* --- over HTTP ----------------------------------------------------------- */

/* Word n of a mark, from 0; "" when there are fewer. */
static const char *
word_of(const char *text, unsigned n, char to[96])
{
    while (n-- > 0 && text != NULL) {
        text = strchr(text, ' ');
        text = text != NULL ? text + 1 : NULL;
    }
    (void) snprintf(to, 96, "%.*s",
        text != NULL ? (int) strcspn(text, " ") : 0, text != NULL ? text : "");
    return to;
}


/* All dossiers of the source that a run delivers for. */
static dosis_rc_t
read_dossiers(dosis_buf_t *all, const char *bron)
{
    dosis_rc_t rc;
    dosis_buf_t body;
    dosis_json_t *root;
    char after[512] = "";
    dosis_source_page_t page = { .client = DOSIS_SLICE("leverancier-a"),
        .limit = DOSIS_PAGE_ROWS_MAX, .now_ns = FIXTURE_NOW };

    dosis_buf_init(&body, LEAST_ROOM);
    do {
        dosis_buf_reset(&body);
        rc = dosis_reader_begin(f.reader);
        if (rc != DOSIS_OK) {
            break;
        }
        page.bron = dosis_ref_bron(dosis_reader_ref(f.reader),
            dosis_slice_of(bron));
        page.after = dosis_slice_of(after);
        rc = page.bron == NULL ? DOSIS_ENOTFOUND
                               : dosis_source_dossiers(f.reader, &page, &body);
        dosis_reader_end(f.reader);
        if (rc != DOSIS_OK) {
            break;
        }
        dosis_buf_add_slice(all, dosis_slice(body.data, body.len));
        rc = dosis_json_parse(dosis_slice(body.data, body.len), &root, NULL);
        if (rc == DOSIS_OK) {
            dosis_slice_t next =
                dosis_json_string(dosis_json_get(root, "Volgende"));

            (void) snprintf(after, sizeof(after), "%.*s", (int) next.len,
                next.data != NULL ? next.data : "");
            dosis_json_free(root);
        }
    } while (rc == DOSIS_OK && after[0] != '\0');
    dosis_buf_done(&body);
    return rc;
}


/* The name in `all` of that dossier, or "-". */
static void
shown_name(const dosis_buf_t *all, const char *dossier, char to[96])
{
    char wanted[160];
    const char *at;

    (void) snprintf(to, 96, "-");
    (void) snprintf(wanted, sizeof(wanted), "\"DossierNummer\":\"%s\"",
        dossier);
    at = memmem(all->data, all->len, wanted, strlen(wanted));
    if (at == NULL) {
        return;
    }
    at = memmem(at, all->len - (size_t) (at - all->data), "\"Naam\":\"", 8);
    if (at != NULL) {
        (void) snprintf(to, 96, "%.*s", (int) strcspn(at + 8, "\""), at + 8);
    }
}


/* The name shown is of the last acknowledged delivery, or of one sent since
   (up to the cut). */
static bool
name_fits(size_t acked, const char *dossier, const char *name)
{
    char a[96], b[96];
    size_t i;

    if (strcmp(word_of(mark[acked], 2, b), name) == 0) {
        return true;
    }
    for (i = acked; i-- > 0;) {     /* an ack comes in after its sent */
        if (strncmp(mark[i], "sent ", 5) == 0
            && strcmp(word_of(mark[i], 1, a), dossier) == 0) {
            break;
        }
    }
    for (i = acked + 1; i < marked; i++) {
        if (strncmp(mark[i], "sent ", 5) == 0
            && strcmp(word_of(mark[i], 1, a), dossier) == 0
            && strcmp(word_of(mark[i], 2, b), name) == 0) {
            return true;
        }
    }
    return false;
}


static bool
is_last_of(size_t n, const char *dossier)
{
    char a[96];
    size_t i;

    for (i = n + 1; i < marked; i++) {
        if (strncmp(mark[i], "ack ", 4) == 0
            && strcmp(word_of(mark[i], 1, a), dossier) == 0) {
            return false;
        }
    }
    return true;
}


/* The delivery is remembered under its UploadId. */
static bool
result_fits(size_t n)
{
    char upload[96], dossier[96], wanted[160];
    bool fits;
    dosis_rc_t rc;
    dosis_buf_t body;

    (void) word_of(mark[n], 3, upload);
    if (strcmp(upload, "-") == 0) {
        return true;
    }
    dosis_buf_init(&body, (size_t) 1 << 20);
    rc = dosis_reader_begin(f.reader);
    if (rc == DOSIS_OK) {
        rc = dosis_result_of_upload(f.reader, DOSIS_SLICE("leverancier-a"),
            dosis_slice_of(upload), (int64_t) time(NULL) * DOSIS_NS_PER_S,
            &body);
        dosis_reader_end(f.reader);
    }
    (void) snprintf(wanted, sizeof(wanted), "\"DossierNummer\":\"%s\"",
        word_of(mark[n], 1, dossier));
    fits = rc == DOSIS_OK
           && memmem(body.data, body.len, wanted, strlen(wanted)) != NULL
           && memmem(body.data, body.len, "\"Succes\":true", 13) != NULL;
    if (!fits) {
        printf("%s: its result: %s\n", mark[n], dosis_rc_name(rc));
    }
    dosis_buf_done(&body);
    return fits;
}


static int
check_acked(void)
{
    int wrong = 0;
    size_t i;
    char dossier[96], name[96];
    dosis_rc_t rc;
    dosis_buf_t all;

    read_marks();
    if (last_mark("ack") < 0) {
        return make_anew();
    }
    dosis_buf_init(&all, LEAST_ROOM);
    rc = open_store();
    if (rc == DOSIS_OK) {
        rc = read_dossiers(&all, "urn://test/subsidies");
    }
    if (rc != DOSIS_OK) {
        printf("the store does not open: %s\n", dosis_rc_name(rc));
        return 1;
    }
    for (i = 0; i < marked; i++) {
        if (strncmp(mark[i], "ack ", 4) != 0) {
            continue;
        }
        wrong += !result_fits(i);
        (void) word_of(mark[i], 1, dossier);
        if (is_last_of(i, dossier)) {
            shown_name(&all, dossier, name);
            if (!name_fits(i, dossier, name)) {
                printf("%s: shown is %s\n", mark[i], name);
                wrong++;
            }
        }
    }
    dosis_buf_done(&all);
    return is_whole("as found") && works_on() && wrong == 0 ? 0 : 1;
}


int
main(int argc, char **argv)
{
    if (argc < 4 || strlen(argv[2]) >= sizeof(f.dir)) {
        fprintf(stderr, "usage: see the head of t/tools/disk_work.c\n");
        return 2;
    }
    dosis_json_init();
    (void) snprintf(f.dir, sizeof(f.dir), "%s", argv[2]);
    fixture_must(dosis_secret_load(argv[3], &f.kek), "key");
    f.arena = dosis_arena_create((size_t) 64 << 20);
    *(void **) &mark_in_log = dlsym(RTLD_DEFAULT, "disk_mark");
    beside = strcmp(argv[1], "beside") == 0;
    if ((beside || strcmp(argv[1], "run") == 0) && argc == 5) {
        return run((unsigned) strtoul(argv[4], NULL, 10));
    }
    return strcmp(argv[1], "whole") == 0   ? check_whole()
           : strcmp(argv[1], "again") == 0 ? open_again()
                                           : check_acked();
}
