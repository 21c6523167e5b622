/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_upload.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_registration.h"

#define ANSWER_MAX ((size_t) 64 << 10)
#define LOOK_MS 200
#define PATIENCE_MS 60000    /* with an engine that is started anew */
#define STEP 10.0            /* percent between two plain lines */
#define BAR 24

/* What was seen while one is followed. */
typedef struct {
    const ctl_upload_t *upload;
    bool quiet;
    bool terminal;
    int64_t since_ms;     /* it runs, as far as we saw */
    double from;          /* percent then */
    double told;          /* percent of the last plain line; negative: none */
    int64_t lost_ms;      /* the engine does not answer since then; 0 */
} follow_t;


static int64_t
monotonic_ms(void)
{
    struct timespec now;

    (void) clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}


static void
sleep_ms(long ms)
{
    const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

    (void) nanosleep(&pause, NULL);
}


static const dosis_json_t *
member(const dosis_json_t *json, const char *name)
{
    return dosis_json_get(json, name);
}


static int64_t
number(const dosis_json_t *json, const char *name)
{
    return dosis_json_int(member(json, name));
}


static double
real(const dosis_json_t *json, const char *name)
{
    const dosis_json_t *value = member(json, name);

    return dosis_json_kind(value) == DOSIS_JSON_INT
               ? (double) dosis_json_int(value)
               : dosis_json_real(value);
}


static bool
is_in(const dosis_json_t *json, const char *toestand)
{
    return dosis_slice_eq(dosis_json_string(member(json, "Toestand")),
        dosis_slice_of(toestand));
}


/* --- asking -------------------------------------------------------------- */

int
ctl_upload_ask(const ctl_upload_t *upload, const char *part,
    ctl_engine_call_t *call, dosis_buf_t *answer)
{
    char path[CTL_UPLOAD_PATH_MAX];
    dosis_rc_t rc;

    (void) snprintf(path, sizeof(path), CTL_UPLOAD_PATH "/%s%s", upload->id,
        part);
    call->path = path;
    call->key = "client";
    call->value = upload->client;
    rc = ctl_engine_call(upload->socket, call, answer);
    if (rc != DOSIS_OK) {
        return CTL_FAILED;
    }
    if (call->status == 200) {
        return CTL_FINE;
    }
    ctl_upload_clear();
    ctl_registration_say_problems(dosis_buf_slice(answer), call->status);
    return CTL_FOUND;
}


/* NULL: no answer, or a refusal, which is said: then *ret_code is CTL_FOUND. */
static dosis_json_t *
look(const ctl_upload_t *upload, int *ret_code)
{
    ctl_engine_call_t call = { .method = "GET" };
    dosis_json_t *json = NULL;
    dosis_buf_t answer;

    dosis_buf_init(&answer, ANSWER_MAX);
    *ret_code = ctl_upload_ask(upload, "", &call, &answer);
    if (*ret_code == CTL_FINE
        && dosis_json_parse(dosis_buf_slice(&answer), &json, NULL)
            != DOSIS_OK) {
        *ret_code = CTL_FAILED;
    }
    dosis_buf_done(&answer);
    return json;
}


/* --- following ----------------------------------------------------------- */

void
ctl_upload_clear(void)
{
    if (isatty(STDERR_FILENO) == 1) {
        fputs("\r\033[K", stderr);
    }
}


/* Seconds that are left, as far as one can tell; negative: one cannot. */
static int64_t
left_s(const follow_t *follow, double percent)
{
    double gone = percent - follow->from;
    int64_t took_ms = monotonic_ms() - follow->since_ms;

    if (gone <= 0 || took_ms < 1000) {
        return -1;
    }
    return (int64_t) ((100.0 - percent) * (double) took_ms / gone / 1000.0
                      + 0.5);
}


static void
add_left(char *to, size_t size, int64_t left)
{
    if (left < 0) {
        (void) snprintf(to, size, "--:--");
    } else if (left < 3600) {
        (void) snprintf(to, size, "%02" PRId64 ":%02" PRId64, left / 60,
            left % 60);
    } else {
        (void) snprintf(to, size, "%" PRId64 ":%02" PRId64 ":%02" PRId64,
            left / 3600, left / 60 % 60, left % 60);
    }
}


static void
show_bar(const dosis_json_t *json, double percent, const char *left)
{
    char bar[BAR + 1];
    int filled = (int) (percent * BAR / 100.0);
    int i;

    for (i = 0; i < BAR; i++) {
        bar[i] = i < filled ? '#' : '.';
    }
    bar[BAR] = '\0';
    fprintf(stderr, "\r[%s] %5.1f %%  %" PRId64 " rows  %" PRId64
            " rows/s  ETA %s  refused %" PRId64 "\033[K",
        bar, percent, number(json, "Verwerkt"), number(json, "Snelheid"), left,
        number(json, "Fouten"));
    (void) fflush(stderr);
}


static void
show_line(follow_t *follow, const dosis_json_t *json, double percent,
    const char *left)
{
    if (follow->told >= 0 && percent < follow->told + STEP) {
        return;
    }
    follow->told = percent;
    fprintf(stderr, "%.1f %%, %" PRId64 " rows, %" PRId64 " rows/s, ETA %s\n",
        percent, number(json, "Verwerkt"), number(json, "Snelheid"), left);
}


static void
show(follow_t *follow, const dosis_json_t *json)
{
    char left[32];
    double percent = real(json, "Percentage");

    if (follow->quiet) {
        return;
    }
    if (is_in(json, "Wachtend")) {
        if (follow->terminal) {
            fputs("\rwaiting for its turn\033[K", stderr);
        }
        return;
    }
    if (follow->since_ms == 0) {
        follow->since_ms = monotonic_ms();
        follow->from = percent;
    }
    add_left(left, sizeof(left), left_s(follow, percent));
    if (follow->terminal) {
        show_bar(json, percent, left);
    } else {
        show_line(follow, json, percent, left);
    }
}


/* true: the engine may come back. */
static bool
is_patient(follow_t *follow)
{
    int64_t now_ms = monotonic_ms();

    if (follow->lost_ms == 0) {
        follow->lost_ms = now_ms;
    }
    return now_ms - follow->lost_ms < PATIENCE_MS;
}


int
ctl_upload_follow(
    const ctl_upload_t *upload, bool quiet, dosis_json_t **ret_last)
{
    follow_t follow = { .upload = upload, .quiet = quiet, .told = -1,
        .terminal = !quiet && isatty(STDERR_FILENO) == 1 };
    dosis_json_t *json;
    int code;

    for (;;) {
        json = look(upload, &code);
        if (json == NULL
            && (code == CTL_FOUND || !is_patient(&follow))) {
            break;
        }
        if (json != NULL) {
            follow.lost_ms = 0;
            if (!is_in(json, "Wachtend") && !is_in(json, "Bezig")) {
                break;
            }
            show(&follow, json);
        }
        dosis_json_free(json);
        sleep_ms(LOOK_MS);
    }
    if (follow.terminal) {
        ctl_upload_clear();
    }
    if (json == NULL && code == CTL_FAILED) {
        ctl_say("the engine does not answer; the file goes on when it does");
    }
    *ret_last = json;
    return code;
}


/* --- what came of it ----------------------------------------------------- */

static void
print_text(const char *lead, const dosis_json_t *value)
{
    dosis_slice_t text = dosis_json_string(value);

    if (text.len > 0) {
        printf("%s%.*s", lead, (int) text.len, text.data);
    }
}


static void
print_counts(const dosis_json_t *counts)
{
    static const char *const names[] = { "Nieuw", "Gewijzigd", "Ongewijzigd",
        "Verouderd", "Hersteld", "Geweigerd" };
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        printf("%s%s %" PRId64, i > 0 ? ", " : "  ", names[i],
            number(counts, names[i]));
    }
    putchar('\n');
}


void
ctl_upload_print(const ctl_upload_t *upload, const dosis_json_t *json)
{
    const dosis_json_t *whole = member(json, "Volledig");
    const dosis_json_t *fault = member(json, "Fout");

    printf("%s:", upload->name);
    print_text(" ", member(json, "Toestand"));
    printf("%s, %" PRId64 " rows, %" PRId64 " dossiers",
        dosis_json_bool(member(json, "Proef")) ? " (proef: nothing is stored)"
                                               : "",
        number(json, "Verwerkt"), number(json, "Dossiers"));
    if (number(json, "Snelheid") > 0) {
        printf(", %" PRId64 " rows/s", number(json, "Snelheid"));
    }
    putchar('\n');
    print_counts(member(json, "Resultaten"));
    printf("  rows refused %" PRId64 ", dossiers with a warning %" PRId64 "\n",
        number(json, "Fouten"), number(json, "Waarschuwingen"));
    if (dosis_json_kind(whole) == DOSIS_JSON_OBJECT) {
        printf("  missing %" PRId64 ", of those withdrawn %" PRId64 "\n",
            number(whole, "Ontbrekend"), number(whole, "Ingetrokken"));
    }
    if (dosis_json_kind(fault) == DOSIS_JSON_OBJECT) {
        print_text("  ", member(fault, "Code"));
        print_text(": ", member(fault, "Omschrijving"));
        putchar('\n');
    }
}


int
ctl_upload_verdict(const dosis_json_t *json)
{
    return is_in(json, "Klaar") && number(json, "Fouten") == 0
            && dosis_json_kind(member(json, "Fout")) != DOSIS_JSON_OBJECT
        ? CTL_FINE
        : CTL_FOUND;
}
