/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl status */
#include <inttypes.h>
#include <stdio.h>

#include "base/dosis_json.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_engine.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_options.h"
#include "store/dosis_state_json.h"

#define STATUS_MAX 131072
#define MIB (1024.0 * 1024.0)


/* Of the store itself, when nobody else tells. */
static void
add_own_view(dosis_buf_t *to, const ctl_home_t *home)
{
    dosis_store_state_t state;
    dosis_store_t *store;

    DOSIS_BUF_LIT(to, "{\"engine\":{\"answers\":false},\"store\":");
    if (ctl_home_open_store(home, &store) != DOSIS_OK) {
        DOSIS_BUF_LIT(to, "null}\n");
        return;
    }
    if (dosis_store_state(store, &state) == DOSIS_OK) {
        dosis_state_add_json(to, &state);
    } else {
        DOSIS_BUF_LIT(to, "null");
    }
    dosis_store_close(store);
    DOSIS_BUF_LIT(to, "}\n");
}


static int64_t
number(const dosis_json_t *from, const char *name)
{
    return dosis_json_int(dosis_json_get(from, name));
}


static void
print_text(const dosis_json_t *from, const char *name)
{
    dosis_slice_t text = dosis_json_string(dosis_json_get(from, name));

    if (text.len > 0) {
        (void) fwrite(text.data, 1, text.len, stdout);
    } else {
        fputs("-", stdout);
    }
}


static void
print_engine(const dosis_json_t *engine)
{
    if (!dosis_json_bool(dosis_json_get(engine, "answers"))) {
        puts("engine     down: nobody answers on its socket");
        return;
    }
    fputs("engine     up, version ", stdout);
    print_text(engine, "version");
    printf(", pid %" PRId64 ", since ", number(engine, "pid"));
    print_text(engine, "started");
    printf("\n           heartbeat %s, slots of dead readers freed: %" PRId64
           "\n",
        dosis_json_bool(dosis_json_get(engine, "heartbeat")) ? "good" : "FAILS",
        number(engine, "dead_readers"));
}


static void
print_store(const dosis_json_t *store)
{
    const dosis_json_t *databases, *row;
    const dosis_json_t *journal = dosis_json_get(store, "journal");
    size_t i;

    if (dosis_json_kind(store) != DOSIS_JSON_OBJECT) {
        puts("store      cannot be read");
        return;
    }
    printf("store      generation %" PRId64 ", format %" PRId64
           ", site %" PRId64 "\n",
        number(store, "generation"), number(store, "format"),
        number(store, "site"));
    printf("           %.1f MiB used of %.0f MiB, %" PRId64
           " readers, transaction %" PRId64 ", log at %" PRId64 "\n",
        (double) number(store, "used_bytes") / MIB,
        (double) number(store, "map_bytes") / MIB, number(store, "readers"),
        number(store, "last_txn"), number(store, "log_seq"));
    printf("journal    %.1f MiB since checkpoint %" PRId64 "%s\n",
        (double) number(journal, "bytes") / MIB,
        number(journal, "checkpoint"),
        dosis_json_bool(dosis_json_get(journal, "broken"))
            ? ": A SYNC FAILED, nothing is written until all programs of the"
              " store have stopped"
            : "");
    databases = dosis_json_get(store, "databases");
    printf("\n%-12s %12s %12s\n", "database", "entries", "pages");
    for (i = 0; i < dosis_json_count(databases); i++) {
        row = dosis_json_at(databases, i);
        printf("%-12.*s %12" PRId64 " %12" PRId64 "\n",
            (int) dosis_json_string(dosis_json_get(row, "name")).len,
            dosis_json_string(dosis_json_get(row, "name")).data,
            number(row, "entries"), number(row, "pages"));
    }
}


static void
print_reference(const dosis_json_t *reference)
{
    if (dosis_json_kind(reference) != DOSIS_JSON_OBJECT) {
        return;
    }
    fputs("reference  ", stdout);
    print_text(reference, "state");
    printf(", %" PRId64 " items, loaded ", number(reference, "items"));
    print_text(reference, "loaded");
    if (number(reference, "problems") > 0) {
        printf(", %" PRId64 " problems in the last load (see the log)",
            number(reference, "problems"));
    }
    putchar('\n');
}


static void
print_pause(const dosis_json_t *pause)
{
    const int64_t bronnen = number(pause, "bronnen");
    const bool all = dosis_json_string(dosis_json_get(pause, "stand")).len > 0;

    if (!all && bronnen == 0) {
        return;
    }
    fputs("pauze      ", stdout);
    if (all) {
        fputs("the register, ", stdout);
        print_text(pause, "stand");
        fputs(", until ", stdout);
        print_text(pause, "tot");
        fputs(", ", stdout);
        print_text(pause, "reden");
        putchar('\n');
    }
    if (bronnen > 0) {
        printf("%s%" PRId64 " sources (dosisctl pauze list)\n",
            all ? "           " : "", bronnen);
    }
}


static void
print_ledger(const dosis_json_t *ledger)
{
    const dosis_json_t *anchor = dosis_json_get(ledger, "anchor");

    if (dosis_json_kind(ledger) != DOSIS_JSON_OBJECT) {
        return;
    }
    printf("inzage     block %" PRId64 ", indexed up to %" PRId64
           ", removed up to %" PRId64 ", oldest ",
        number(ledger, "block"), number(ledger, "indexed"),
        number(ledger, "removed"));
    print_text(ledger, "oldest");
    printf("\n           anchored up to %" PRId64 ", signed up to %" PRId64
           ", at ",
        number(anchor, "block"), number(anchor, "signed"));
    print_text(anchor, "time");
    putchar('\n');
}


static void
print_import(const dosis_json_t *import)
{
    const dosis_json_t *running = dosis_json_get(import, "running");

    if (dosis_json_kind(running) == DOSIS_JSON_OBJECT) {
        printf("import     %" PRId64 " rows of a file of %.1f MiB, %" PRId64
               " refused, begun ",
            number(running, "Verwerkt"),
            (double) number(running, "Bytes") / MIB,
            number(running, "Fouten"));
        print_text(running, "Begonnen");
        fputs("\n           ", stdout);
        print_text(running, "UploadId");
        printf(", %.1f %%, %" PRId64 " rows/s\n",
            dosis_json_real(dosis_json_get(running, "Percentage")),
            number(running, "Snelheid"));
    }
    if (number(import, "waiting") > 0) {
        printf("%s%" PRId64 " files wait\n",
            dosis_json_kind(running) == DOSIS_JSON_OBJECT ? "           "
                                                          : "import     ",
            number(import, "waiting"));
    }
}


/* All is well: the engine answers, its store reads, its data are loaded. */
static bool
is_well(const dosis_json_t *root)
{
    const dosis_json_t *engine = dosis_json_get(root, "engine");
    dosis_slice_t state = dosis_json_string(
        dosis_json_get(dosis_json_get(root, "reference"), "state"));

    return dosis_json_bool(dosis_json_get(engine, "heartbeat"))
        && dosis_json_kind(dosis_json_get(root, "store")) == DOSIS_JSON_OBJECT
        && !dosis_slice_eq(state, DOSIS_SLICE("refused"))
        && !dosis_slice_eq(state, DOSIS_SLICE("waiting"));
}


static int
print(const dosis_buf_t *body, bool as_json)
{
    dosis_json_t *root;
    bool well;

    if (body->rc != DOSIS_OK
        || dosis_json_parse(dosis_buf_slice(body), &root, NULL) != DOSIS_OK) {
        ctl_say("the engine's answer is no JSON");
        return CTL_FAILED;
    }
    if (as_json) {
        (void) fwrite(body->data, 1, body->len, stdout);
    } else {
        print_engine(dosis_json_get(root, "engine"));
        print_reference(dosis_json_get(root, "reference"));
        print_pause(dosis_json_get(root, "pauze"));
        print_ledger(dosis_json_get(root, "inzage"));
        print_import(dosis_json_get(root, "import"));
        print_store(dosis_json_get(root, "store"));
    }
    well = is_well(root);
    dosis_json_free(root);
    return well ? CTL_FINE : CTL_FOUND;
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    bool as_json = false;
    const ctl_option_t options[] = {
        { .name = "json", .flag = &as_json },
        { .name = NULL },
    };
    ctl_options_verdict_t verdict;
    ctl_home_t home;
    dosis_buf_t body;
    dosis_rc_t rc;
    int code;

    verdict = ctl_options_parse(command, argc, argv, options, NULL);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    if (!ctl_home_find(&home)) {
        return CTL_FAILED;
    }
    dosis_buf_init(&body, STATUS_MAX);
    rc = ctl_engine_get(
        ctl_home_path(&home, "run/dosisd.sock").path, "/status", &body);
    if (rc == DOSIS_OK) {
        code = print(&body, as_json);
    } else {
        ctl_say("the engine does not answer: %s",
            ctl_home_path(&home, "run/dosisd.sock").path);
        dosis_buf_reset(&body);
        add_own_view(&body, &home);
        (void) print(&body, as_json);
        code = CTL_FAILED;
    }
    dosis_buf_done(&body);
    return code;
}


const ctl_command_t ctl_status = {
    .word = "status",
    .summary = "how the engine and its store are",
    .help = "usage: dosisctl status [--json]\n"
            "\n"
            "Asks the engine on its socket. When it does not answer, says so\n"
            "and shows what the store itself tells.\n"
            "\n"
            "Exit codes: 0 all is well, 1 the engine reports trouble, 2 the\n"
            "engine does not answer.\n",
    .run = run,
};
