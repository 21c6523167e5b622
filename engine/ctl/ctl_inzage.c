/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl inzage */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "ctl/ctl_ankers.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_options.h"
#include "store/dosis_ledger_read.h"

#define LINE_MAX_BYTES ((size_t) 1 << 20)
#define HASH_TEXT 64 /* hex digits */

/* What was given behind the word. */
typedef struct {
    bool as_json;
    const char *dir;
    const char *key_file;
    const char *van;
    const char *tot;
    const char *onderwerp;
    ctl_ankers_given_t ankers;
} given_t;

typedef int (*inzage_pt)(dosis_store_t *store, const given_t *given);


static void
print_hash(const uint8_t hash[32])
{
    char text[HASH_TEXT + 1];

    dosis_hex_encode(text, dosis_slice(hash, 32));
    printf("%.*s", HASH_TEXT, text);
}


/* --- verify -------------------------------------------------------------- */

static void
print_check(const dosis_ledger_check_t *check, bool as_json)
{
    const char *text = dosis_ledger_fault_text(check->fault);

    if (as_json) {
        printf("{\"whole\":%s,\"finding\":\"%s\",\"block\":%" PRIu64
               ",\"blocks\":%" PRIu64 ",\"consultations\":%" PRIu64
               ",\"removed\":%" PRIu64 ",\"anchored\":%" PRIu64
               ",\"head\":%" PRIu64 "}\n",
            check->fault == DOSIS_LEDGER_WHOLE ? "true" : "false", text,
            check->seq, check->blocks, check->consultations,
            check->begin.at.seq, check->anchor.at.seq, check->head.seq);
        return;
    }
    if (check->fault != DOSIS_LEDGER_WHOLE) {
        printf("block %" PRIu64 ": %s\n", check->seq, text);
    }
    printf("%s: blocks %" PRIu64 " consultations %" PRIu64 " removed %" PRIu64
           " anchored %" PRIu64 " head %" PRIu64 "\n",
        check->fault == DOSIS_LEDGER_WHOLE ? text : "THE LEDGER IS BROKEN",
        check->blocks, check->consultations, check->begin.at.seq,
        check->anchor.at.seq, check->head.seq);
}


static int
verify(dosis_store_t *store, const given_t *given)
{
    int code;
    dosis_rc_t rc;
    static ctl_ankers_t known;
    dosis_ledger_check_t check;

    code = ctl_ankers_read(store, &given->ankers, &known);
    if (code != CTL_FINE) {
        return code;
    }
    rc = dosis_ledger_check(store, known.at, known.count, &check);
    if (rc != DOSIS_OK) {
        ctl_say("ledger not looked at in full: %s (%s)", dosis_rc_text(rc),
            dosis_rc_name(rc));
        return CTL_FAILED;
    }
    print_check(&check, given->as_json);
    return check.fault == DOSIS_LEDGER_WHOLE ? CTL_FINE : CTL_FOUND;
}


/* --- anker, kop, sleutels ------------------------------------------------- */

static int
kop(dosis_store_t *store, const given_t *given)
{
    dosis_rc_t rc;
    dosis_ledger_at_t head;

    (void) given;
    rc = dosis_ledger_head(store, &head);
    if (rc != DOSIS_OK) {
        ctl_say("no head read: %s (%s)", dosis_rc_text(rc), dosis_rc_name(rc));
        return CTL_FAILED;
    }
    printf("%" PRIu64 ":", head.seq);
    print_hash(head.hash);
    putchar('\n');
    return CTL_FINE;
}


typedef dosis_rc_t (*add_pt)(dosis_reader_t *reader, dosis_buf_t *to);


/* One text of the store, on a line. */
static int
print_of(dosis_store_t *store, add_pt add, const char *none)
{
    dosis_rc_t rc;
    dosis_buf_t text;
    dosis_reader_t *reader = NULL;

    dosis_buf_init(&text, LINE_MAX_BYTES);
    rc = dosis_reader_create(store, &reader);
    if (rc == DOSIS_OK) {
        rc = dosis_reader_begin(reader);
    }
    if (rc == DOSIS_OK) {
        rc = add(reader, &text);
        dosis_reader_end(reader);
    }
    if (rc == DOSIS_OK) {
        printf("%.*s\n", (int) text.len, text.data);
    } else {
        ctl_say("%s: %s", none, dosis_rc_text(rc));
    }
    dosis_reader_free(reader);
    dosis_buf_done(&text);
    return rc == DOSIS_OK ? CTL_FINE
        : rc == DOSIS_ENOTFOUND ? CTL_FOUND
                                : CTL_FAILED;
}


static int
anker(dosis_store_t *store, const given_t *given)
{
    (void) given;
    return print_of(store, dosis_anker_newest,
        "no signed anchor: the engine makes one an hour when something was"
        " looked at");
}


static int
sleutels(dosis_store_t *store, const given_t *given)
{
    (void) given;
    return print_of(store, dosis_anker_jwks, "no keys of anchors");
}


/* --- export -------------------------------------------------------------- */

typedef struct {
    dosis_buf_t line;
    dosis_rc_t rc;
} export_t;


static bool
print_one(const dosis_inzage_view_t *view, uint64_t blok, unsigned nr,
    void *payload)
{
    export_t *to = payload;

    dosis_buf_reset(&to->line);
    dosis_inzage_add_json(&to->line, view, blok, nr);
    dosis_buf_add_byte(&to->line, '\n');
    to->rc = to->line.rc;
    if (to->rc == DOSIS_OK
        && fwrite(to->line.data, 1, to->line.len, stdout) != to->line.len) {
        to->rc = DOSIS_EIO;
    }
    return to->rc == DOSIS_OK;
}


/* none: what it is when nothing is given. */
static bool
read_moment(const char *name, const char *text, int64_t none, int64_t *ret_ns)
{
    *ret_ns = none;
    if (text == NULL || dosis_time_parse(dosis_slice_of(text), ret_ns)) {
        return true;
    }
    ctl_say("%s wants a date or a moment, such as 2026-11-20", name);
    return false;
}


static int
export(dosis_store_t *store, const given_t *given)
{
    dosis_agent_t agent;
    dosis_ledger_range_t range = { .onderwerp = NULL };
    export_t to = { .rc = DOSIS_OK };
    dosis_rc_t rc;

    if (!read_moment("--van", given->van, INT64_MIN, &range.van_ns)
        || !read_moment("--tot", given->tot, INT64_MAX, &range.tot_ns)) {
        return CTL_FAILED;
    }
    if (given->onderwerp != NULL) {
        if (dosis_agent_parse(
                dosis_slice_of(given->onderwerp), DOSIS_VORM, &agent)
            != NULL) {
            ctl_say("--onderwerp is no identification");
            return CTL_FAILED;
        }
        range.onderwerp = &agent;
    }
    dosis_buf_init(&to.line, LINE_MAX_BYTES);
    rc = dosis_ledger_each(store, &range, print_one, &to);
    dosis_buf_done(&to.line);
    rc = (rc != DOSIS_OK) ? rc : to.rc;
    if (rc == DOSIS_OK && fflush(stdout) != 0) {
        rc = DOSIS_EIO;
    }
    if (rc != DOSIS_OK) {
        ctl_say("not exported in full: %s (%s)%s", dosis_rc_text(rc),
            dosis_rc_name(rc),
            rc == DOSIS_EIO ? "" : "; 'dosisctl inzage verify' tells more");
        return CTL_FAILED;
    }
    return CTL_FINE;
}


/* --- the word ------------------------------------------------------------ */

static const struct {
    const char *word;
    inzage_pt run;
} words[] = {
    { "verify", verify },
    { "export", export },
    { "anker", anker },
    { "kop", kop },
    { "sleutels", sleutels },
};


static inzage_pt
find_word(const char *word)
{
    size_t i;

    for (i = 0; word != NULL && i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].word, word) == 0) {
            return words[i].run;
        }
    }
    return NULL;
}


static int
with_store(inzage_pt run, const given_t *given)
{
    int code;
    dosis_store_t *store;

    if (ctl_home_open_given(given->dir, given->key_file, &store)
        != DOSIS_OK) {
        return CTL_FAILED;
    }
    code = run(store, given);
    dosis_store_close(store);
    return code;
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    given_t given = { .as_json = false };
    const char *word = NULL;
    const ctl_option_t options[] = {
        { .name = "json", .flag = &given.as_json },
        { .name = "store", .text = &given.dir },
        { .name = "key-file", .text = &given.key_file },
        { .name = "van", .text = &given.van },
        { .name = "tot", .text = &given.tot },
        { .name = "onderwerp", .text = &given.onderwerp },
        { .name = "sleutels", .text = &given.ankers.sleutels },
        { .name = "anker", .list = given.ankers.text,
            .list_count = &given.ankers.count,
            .list_max = CTL_ANKERS_GIVEN_MAX },
        { .name = NULL },
    };
    inzage_pt doing;
    ctl_options_verdict_t verdict;

    verdict = ctl_options_parse(command, argc, argv, options, &word);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    doing = find_word(word);
    if (doing == NULL) {
        ctl_say("inzage wants one of: verify, export, anker, kop, sleutels");
        return CTL_FAILED;
    }
    return with_store(doing, &given);
}


const ctl_command_t ctl_inzage = {
    .word = "inzage",
    .summary = "the record of who looked at what",
    .help = "usage: dosisctl inzage verify [--anker ANKER|FILE...]\n"
            "                              [--sleutels FILE] [--json]\n"
            "       dosisctl inzage export [--van MOMENT] [--tot MOMENT]\n"
            "                              [--onderwerp NUMBER]\n"
            "       dosisctl inzage anker|kop|sleutels\n"
            "       each with [--store DIR] [--key-file FILE]\n"
            "\n"
            "verify follows the chain of the access ledger to its first\n"
            "broken link: altered, removed, moved, cut off. export prints\n"
            "what was looked at, a line of JSON each, oldest first: it names\n"
            "persons. anker prints the newest signed anchor; keep it\n"
            "elsewhere, and a later verify with it shows whether what came\n"
            "before is still the same. Its signature is checked with keys\n"
            "of the store, or with a key set that was kept too (--sleutels, a\n"
            "jwks.json of then). kop prints the end of the chain as it is,\n"
            "NR:HASH, unsigned. sleutels prints the public part of every key\n"
            "that signed one.\n"
            "All open the store themselves, read-only.\n"
            "\n"
            "Exit codes: 0 whole, 1 broken, 2 could not look.\n",
    .run = run,
};
