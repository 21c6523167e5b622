/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Delivers a CSV file as the module does, without HTTP.
 *
 * usage: oplading_store STORE KEYFILE put CLIENT UPLOADID FILE [WORD...]
 *        oplading_store STORE KEYFILE show|cancel CLIENT UPLOADID
 *        oplading_store STORE KEYFILE fouten|waarschuwingen CLIENT UPLOADID
 *        oplading_store STORE KEYFILE versies CLIENT BRON
 *
 * WORD: gzip, proef, intrekken, volledig=BRON, peildatum=NS; gedaan=N and
 * van=N: so many of a window of so many are done. Prints the record as JSON,
 * its refused rows, or its dossiers with a warning; of a source
 * {"DossierNummer": Versie, ...}.
 */

#include "store/dosis_oplading.h"
#include "store/dosis_source.h"
#include "t/tools/tool_store.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>

static dosis_arena_t *arena;
static dosis_reader_t *reader;
static dosis_writer_t *writer;


static int64_t
now_ns(void)
{
    struct timespec ts;

    (void) clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t) ts.tv_sec * 1000000000 + ts.tv_nsec;
}


static void
spool(const char *dir, const char *path, dosis_oplading_t *oplading)
{
    static char bytes[1 << 16];
    dosis_spool_t *to;
    dosis_crypt_t *crypt = dosis_reader_crypt(reader);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;

    must(fd < 0 ? DOSIS_ENOTFOUND : DOSIS_OK, path);
    must(dosis_spool_create(dir, &to), "spool");
    while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
        must(dosis_spool_add(to, crypt, dosis_slice(bytes, (size_t) n)),
            "add");
    }
    close(fd);
    must(dosis_spool_finish(to, crypt), "finish");
    must(dosis_spool_keep(to), "keep");
    oplading->bytes = dosis_spool_bytes(to);
    oplading->print = dosis_spool_print(to);
    memcpy(oplading->spool, dosis_spool_id(to), sizeof(oplading->spool));
    dosis_spool_free(to);
}


static void
set_word(dosis_oplading_t *oplading, const char *word)
{
    if (strncmp(word, "volledig=", 9) == 0) {
        oplading->volledig = true;
        oplading->bron = dosis_slice_of(word + 9);
    } else if (strncmp(word, "gedaan=", 7) == 0) {
        oplading->positie[2] |= strtoull(word + 7, NULL, 10);
    } else if (strncmp(word, "van=", 4) == 0) {
        oplading->positie[2] |= strtoull(word + 4, NULL, 10) << 32;
    } else if (strncmp(word, "peildatum=", 10) == 0) {
        oplading->peildatum_ns = strtoll(word + 10, NULL, 10);
    } else {
        oplading->gzip = oplading->gzip || strcmp(word, "gzip") == 0;
        oplading->proef = oplading->proef || strcmp(word, "proef") == 0;
        oplading->intrekken
            = oplading->intrekken || strcmp(word, "intrekken") == 0;
    }
}


static void
put(int argc, char **argv)
{
    int i;
    bool again;
    dosis_txn_t *txn;
    const char *name = strrchr(argv[6], '/');
    dosis_oplading_t oplading = {
        .client = dosis_slice_of(argv[4]),
        .upload_id = dosis_slice_of(argv[5]),
        .bestand = dosis_slice_of(name != NULL ? name + 1 : argv[6]),
        .ontvangen_ns = now_ns(),
        .toestand = DOSIS_OPLADING_WACHTEND,
    };

    for (i = 7; i < argc; i++) {
        set_word(&oplading, argv[i]);
    }
    spool(argv[1], argv[6], &oplading);
    must(dosis_txn_begin(writer, now_ns(), &txn), "begin");
    must(dosis_oplading_put(txn, &oplading, &again), "put");
    if (oplading.positie[2] != 0) {
        oplading.toestand = DOSIS_OPLADING_BEZIG;
        oplading.begonnen_ns = now_ns();
        must(dosis_oplading_note(txn, &oplading, &again), "note");
    }
    must(dosis_txn_commit(txn), "commit");
}


static void
cancel(dosis_slice_t client, dosis_slice_t upload_id)
{
    dosis_txn_t *txn;
    dosis_oplading_t oplading;

    must(dosis_txn_begin(writer, now_ns(), &txn), "begin");
    must(dosis_oplading_cancel(txn, client, upload_id, arena, &oplading),
        "cancel");
    must(dosis_txn_commit(txn), "commit");
}


/* One page; the cursor of the next in *after. */
static bool
add_versies(const dosis_json_t *page, bool first, dosis_buf_t *after)
{
    size_t i;
    dosis_slice_t nummer;
    const dosis_json_t *one, *all = dosis_json_get(page, "Dossiers");

    for (i = 0; i < dosis_json_count(all); i++) {
        one = dosis_json_at(all, i);
        nummer = dosis_json_string(dosis_json_get(
            dosis_json_get(one, "Identificatie"), "DossierNummer"));
        printf("%s\"%.*s\":%lld", first && i == 0 ? "" : ",",
            (int) nummer.len, nummer.data,
            (long long) dosis_json_int(dosis_json_get(one, "Versie")));
    }
    dosis_buf_reset(after);
    dosis_buf_add_slice(
        after, dosis_json_string(dosis_json_get(page, "Volgende")));
    return after->len > 0;
}


static void
versies(dosis_slice_t client, const char *bron)
{
    bool more = true, first = true;
    dosis_buf_t body, after;
    dosis_json_t *root;
    dosis_source_page_t page = { .client = client, .limit = 500,
        .now_ns = now_ns() };

    dosis_buf_init(&body, (size_t) 16 << 20);
    dosis_buf_init(&after, 4096);
    putchar('{');
    while (more) {
        must(dosis_reader_begin(reader), "reader");
        page.bron = dosis_ref_bron(
            dosis_reader_ref(reader), dosis_slice_of(bron));
        page.after = dosis_buf_slice(&after);
        dosis_buf_reset(&body);
        must(dosis_source_dossiers(reader, &page, &body), "dossiers");
        dosis_reader_end(reader);
        must(dosis_json_parse(dosis_buf_slice(&body), &root, NULL), "json");
        more = add_versies(root, first, &after);
        first = false;
        dosis_json_free(root);
    }
    puts("}");
    dosis_buf_done(&after);
    dosis_buf_done(&body);
}


static void
show(dosis_slice_t client, dosis_slice_t upload_id, const char *what)
{
    dosis_buf_t body;
    dosis_oplading_t oplading;
    dosis_afkeuringen_page_t page = { .limit = 500, .now_ns = now_ns() };

    dosis_buf_init(&body, (size_t) 16 << 20);
    must(dosis_reader_begin(reader), "reader");
    must(dosis_oplading_of(reader, client, upload_id, arena, &oplading),
        "show");
    if (strcmp(what, "fouten") == 0) {
        must(dosis_oplading_fouten(reader, &oplading, &page, &body), what);
    } else if (strcmp(what, "waarschuwingen") == 0) {
        must(dosis_oplading_waarschuwingen(reader, &oplading, &page, &body),
            what);
    } else {
        dosis_oplading_json(&body, &oplading, now_ns());
    }
    dosis_reader_end(reader);
    printf("%.*s\n", (int) body.len, body.data);
    dosis_buf_done(&body);
}


int
main(int argc, char **argv)
{
    tool_t tool;

    if (argc < 6 || (strcmp(argv[3], "put") == 0 && argc < 7)) {
        fputs("usage: see the source\n", stderr);
        return 2;
    }
    tool_open(&tool, argv[1], argv[2]);
    arena = dosis_arena_create((size_t) 1 << 20);
    must(dosis_reader_create(tool.store, &reader), "reader");
    must(dosis_writer_create(tool.store, &writer), "writer");
    if (strcmp(argv[3], "put") == 0) {
        put(argc, argv);
    } else if (strcmp(argv[3], "cancel") == 0) {
        cancel(dosis_slice_of(argv[4]), dosis_slice_of(argv[5]));
    }
    if (strcmp(argv[3], "versies") == 0) {
        versies(dosis_slice_of(argv[4]), argv[5]);
    } else {
        show(dosis_slice_of(argv[4]), dosis_slice_of(argv[5]), argv[3]);
    }
    dosis_writer_free(writer);
    dosis_reader_free(reader);
    dosis_arena_free(arena);
    tool_close(&tool);
    return 0;
}
