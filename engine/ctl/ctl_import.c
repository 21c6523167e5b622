/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl import: a file of deliveries, sent and followed */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl_clients.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_options.h"
#include "ctl/ctl_registration.h"
#include "ctl/ctl_upload.h"

#define ANSWER_MAX ((size_t) 64 << 10)
#define STEP_BYTES 1000000 /* between two words about what is sent */

/* One run of the program. */
typedef struct {
    const char *path; /* "-": standard input */
    const char *client;
    const char *upload_id;
    const char *bron;
    const char *peildatum;
    const char *report_path; /* for refused rows */
    bool proef;
    bool volledig;
    bool intrekken;
    bool no_wait;
    bool json;
    FILE *report;
    int64_t bytes; /* of the file; negative: nobody knows */
    int64_t shown; /* of those sent, when it was last told */
    ctl_path_t socket;
} import_t;


/* --- sending ------------------------------------------------------------- */

static void
on_sent(void *payload, int64_t bytes)
{
    import_t *import = payload;
    const int64_t step = import->bytes > 0 ? import->bytes / 100 : STEP_BYTES;

    if (bytes < import->shown + step) {
        return;
    }
    import->shown = bytes;
    if (import->bytes > 0) {
        fprintf(stderr, "\rsending %5.1f %%\033[K",
            100.0 * (double) bytes / (double) import->bytes);
    } else {
        fprintf(stderr, "\rsending %.1f MB\033[K", (double) bytes / 1e6);
    }
}


static const char *
yes(bool flag)
{
    return flag ? "true" : NULL;
}


static const char *
file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return strcmp(path, "-") == 0 ? NULL : slash == NULL ? path : slash + 1;
}


/* The answer holds its UploadId. */
static int
send_file(import_t *import, FILE *from, dosis_buf_t *answer)
{
    const ctl_engine_param_t more[] = {
        { "client", import->client },
        { "bestand", file_name(import->path) },
        { "uploadId", import->upload_id },
        { "proef", yes(import->proef) },
        { "volledig", yes(import->volledig) },
        { "bron", import->bron },
        { "peildatum", import->peildatum },
        { "ontbrekend", import->intrekken ? "intrekken" : NULL },
    };
    const bool shown = !import->json && isatty(STDERR_FILENO) == 1;
    const ctl_engine_file_t file = { .from = from, .bytes = import->bytes,
        .on_sent = shown ? on_sent : NULL, .payload = import };
    ctl_engine_call_t call = { .method = "POST", .path = CTL_UPLOAD_PATH,
        .more = more, .more_count = sizeof(more) / sizeof(more[0]),
        .file = &file };
    dosis_rc_t rc = ctl_engine_call(import->socket.path, &call, answer);

    if (shown) {
        ctl_upload_clear();
    }
    if (rc != DOSIS_OK) {
        ctl_say("not sent: %s: %s",
            ferror(from) != 0 ? import->path : import->socket.path,
            ferror(from) != 0 ? "cannot be read" : dosis_rc_text(rc));
        return CTL_FAILED;
    }
    if (call.status == 202) {
        return CTL_FINE;
    }
    ctl_registration_say_problems(dosis_buf_slice(answer), call.status);
    return CTL_FOUND;
}


/* --- afterwards ---------------------------------------------------------- */

static int
write_report(const import_t *import, const ctl_upload_t *upload)
{
    const ctl_engine_file_t file = { .to = import->report };
    ctl_engine_call_t call = { .method = "GET", .file = &file };
    dosis_buf_t answer;
    int code;

    dosis_buf_init(&answer, ANSWER_MAX);
    code = ctl_upload_ask(upload, "/fouten.csv", &call, &answer);
    dosis_buf_done(&answer);
    if (code != CTL_FINE || fflush(import->report) != 0) {
        ctl_say("refused rows not written: %s", import->report_path);
        return CTL_FAILED;
    }
    return CTL_FINE;
}


static void
print_json(const ctl_upload_t *upload)
{
    ctl_engine_call_t call = { .method = "GET" };
    dosis_buf_t answer;

    dosis_buf_init(&answer, ANSWER_MAX);
    if (ctl_upload_ask(upload, "", &call, &answer) == CTL_FINE) {
        printf("%.*s", (int) answer.len, answer.data);
    }
    dosis_buf_done(&answer);
}


static int
follow(const import_t *import, const ctl_upload_t *upload)
{
    dosis_json_t *last = NULL;
    int code = ctl_upload_follow(upload, import->json, &last);

    if (code == CTL_FINE) {
        code = ctl_upload_verdict(last);
        if (import->json) {
            print_json(upload);
        } else {
            ctl_upload_print(upload, last);
        }
        if (code != CTL_FINE && import->report != NULL
            && write_report(import, upload) != CTL_FINE) {
            code = CTL_FAILED;
        }
    }
    dosis_json_free(last);
    return code;
}


static dosis_slice_t
text_of(const dosis_json_t *warning, const char *name)
{
    return dosis_json_string(dosis_json_get(warning, name));
}


/* Of its header, on standard error. */
static void
say_warnings(const dosis_json_t *answer)
{
    const dosis_json_t *list = dosis_json_get(answer, "Waarschuwingen");
    size_t i;

    for (i = 0; i < dosis_json_count(list); i++) {
        const dosis_json_t *warning = dosis_json_at(list, i);
        dosis_slice_t field = text_of(warning, "field");
        dosis_slice_t text = text_of(warning, "message");
        dosis_slice_t code = text_of(warning, "code");

        ctl_say("warning: %.*s%s%.*s (%.*s)", (int) field.len, field.data,
            field.len > 0 ? ": " : "", (int) text.len, text.data,
            (int) code.len, code.data);
    }
}


/* Taken; what now? */
static int
go_on(const import_t *import, const dosis_buf_t *answer)
{
    ctl_upload_t upload = { .socket = import->socket.path,
        .client = import->client };
    dosis_json_t *json = NULL;
    dosis_slice_t id;

    upload.name = strcmp(import->path, "-") == 0 ? "standard input"
                                                 : import->path;
    if (dosis_json_parse(dosis_buf_slice(answer), &json, NULL) != DOSIS_OK) {
        ctl_say("the engine's answer cannot be read");
        return CTL_FAILED;
    }
    id = dosis_json_string(dosis_json_get(json, "UploadId"));
    (void) snprintf(
        upload.id, sizeof(upload.id), "%.*s", (int) id.len, id.data);
    say_warnings(json);
    dosis_json_free(json);
    if (import->no_wait) {
        if (import->json) {
            print_json(&upload);
        } else {
            puts(upload.id);
        }
        return CTL_FINE;
    }
    fprintf(stderr, "taken, and done also without this program: UploadId %s\n",
        upload.id);
    return follow(import, &upload);
}


/* --- the files ----------------------------------------------------------- */

static FILE *
open_file(import_t *import)
{
    FILE *file = strcmp(import->path, "-") == 0 ? stdin
                                                : fopen(import->path, "rb");
    struct stat st;

    if (file == NULL) {
        ctl_say("%s: %s", import->path, strerror(errno));
        return NULL;
    }
    import->bytes = fstat(fileno(file), &st) == 0 && S_ISREG(st.st_mode)
                        && ftello(file) == 0
        ? (int64_t) st.st_size
        : -1;
    return file;
}


/* Before anything is sent; in no place of another file. */
static bool
open_report(import_t *import)
{
    int fd;

    if (import->report_path == NULL) {
        return true;
    }
    fd = open(import->report_path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC,
        0600);
    import->report = fd < 0 ? NULL : fdopen(fd, "wb");
    if (import->report == NULL) {
        ctl_say("%s: %s", import->report_path, strerror(errno));
    }
    return import->report != NULL;
}


/* One in which there is nothing is no file to look for. */
static void
close_report(import_t *import)
{
    struct stat st;

    if (import->report == NULL) {
        return;
    }
    if (fstat(fileno(import->report), &st) == 0 && st.st_size == 0) {
        (void) unlink(import->report_path);
    }
    (void) fclose(import->report);
}


static int
import_file(import_t *import)
{
    dosis_buf_t answer;
    FILE *from = open_file(import);
    int code = CTL_FAILED;

    if (from == NULL) {
        return CTL_FAILED;
    }
    dosis_buf_init(&answer, ANSWER_MAX);
    if (open_report(import)) {
        code = send_file(import, from, &answer);
        if (code == CTL_FINE) {
            code = go_on(import, &answer);
        }
        close_report(import);
    }
    dosis_buf_done(&answer);
    if (from != stdin) {
        (void) fclose(from);
    }
    return code;
}


/* What goes together; the rest is the engine's to judge. */
static bool
fits(const import_t *import)
{
    if (import->path == NULL) {
        ctl_say("which file? - reads standard input");
        return false;
    }
    if (!import->volledig
        && (import->bron != NULL || import->peildatum != NULL
            || import->intrekken)) {
        ctl_say("--bron, --peildatum and --intrekken go with --volledig");
        return false;
    }
    if (import->no_wait && import->report_path != NULL) {
        ctl_say("--fouten waits for the end of the file");
        return false;
    }
    return true;
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    import_t import = { .bytes = -1 };
    const ctl_option_t options[] = {
        { .name = "client", .text = &import.client },
        { .name = "proef", .flag = &import.proef },
        { .name = "volledig", .flag = &import.volledig },
        { .name = "bron", .text = &import.bron },
        { .name = "peildatum", .text = &import.peildatum },
        { .name = "intrekken", .flag = &import.intrekken },
        { .name = "upload-id", .text = &import.upload_id },
        { .name = "fouten", .text = &import.report_path },
        { .name = "geen-wacht", .flag = &import.no_wait },
        { .name = "json", .flag = &import.json },
        { .name = NULL },
    };
    char found[CTL_CLIENT_MAX];
    ctl_options_verdict_t verdict;
    ctl_home_t home;

    verdict = ctl_options_parse(command, argc, argv, options, &import.path);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    if (!fits(&import) || !ctl_home_find(&home)) {
        return CTL_FAILED;
    }
    import.socket = ctl_home_path(&home, "run/dosisd.sock");
    if (import.client == NULL) {
        if (!ctl_client_only(import.socket.path, found)) {
            return CTL_FAILED;
        }
        import.client = found;
    }
    return import_file(&import);
}


const ctl_command_t ctl_import = {
    .word = "import",
    .summary = "deliver a CSV file, and follow it",
    .help =
        "usage: dosisctl import FILE|- [--client NAME] [--proef]\n"
        "         [--volledig --bron URI --peildatum T [--intrekken]]\n"
        "         [--fouten FILE] [--geen-wacht] [--upload-id UUID] [--json]\n"
        "\n"
        "Hands the file (CSV as at the door, gzip or not; - is standard\n"
        "input) to the engine and follows it until it is done. Once it is\n"
        "taken, it is done also without this program.\n"
        "\n"
        "--client NAME    in whose name; not needed when one client delivers\n"
        "--proef          only judged: nothing is stored\n"
        "--volledig       the file is all that --bron URI has at the moment\n"
        "                 --peildatum T (2026-11-20T06:00:00); what it lacks\n"
        "                 is told, and with --intrekken withdrawn\n"
        "--fouten FILE    gets the refused rows, with why, to be mended and\n"
        "                 sent again; for its owner alone, must not be there\n"
        "--geen-wacht     prints the UploadId and ends\n"
        "--upload-id UUID the same one again is the same delivery\n"
        "--json           the end as the engine tells it, and no progress\n"
        "\n"
        "Exit codes: 0 all of it is in, 1 rows or the file refused, or it\n"
        "failed, 2 wrong use, or no engine.\n",
    .run = run,
};
