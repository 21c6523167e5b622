/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_signing.h"

#include <stdio.h>
#include <string.h>

#include "base/dosis_json.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_engine.h"
#include "ctl/ctl_home.h"

#define SIGNING_ANSWER_MAX 65536

static const struct {
    const char *word;
    const char *method;
} verbs[] = {
    { "list", "GET" },
    { "rotate", "POST" },
    { "drop", "DELETE" },
};


static const char *
method_of(const char *word)
{
    size_t i;

    for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(word, verbs[i].word) == 0) {
            return verbs[i].method;
        }
    }
    return NULL;
}


bool
ctl_signing_knows(const char *word)
{
    return method_of(word) != NULL;
}


static void
print_text(const dosis_json_t *key, const char *name, int width)
{
    dosis_slice_t text = dosis_json_string(dosis_json_get(key, name));

    printf("%-*.*s", width, (int) text.len, text.data);
}


static void
print_keys(dosis_slice_t answer)
{
    dosis_json_t *json = NULL;
    size_t i;

    if (dosis_json_parse(answer, &json, NULL) != DOSIS_OK) {
        return;
    }
    for (i = 0; i < dosis_json_count(json); i++) {
        const dosis_json_t *key = dosis_json_at(json, i);

        print_text(key, "Kid", 18);
        print_text(key, "Toestand", 12);
        print_text(key, "Sinds", 0);
        putchar('\n');
    }
    dosis_json_free(json);
}


static int
say_refusal(const ctl_signing_t *asked, long status)
{
    if (status == 409) {
        ctl_say("the next key is younger than ten minutes: verifiers may not"
                " know it yet (--now turns all the same)");
    } else if (status == 404) {
        ctl_say("no retired key has this id: %s", asked->kid);
    } else {
        ctl_say("the engine could not do it: status %ld", status);
    }
    return status >= 500 ? CTL_FAILED : CTL_FOUND;
}


int
ctl_signing(const ctl_signing_t *asked)
{
    ctl_engine_call_t call = { .method = method_of(asked->word),
        .path = "/sleutels" };
    int code = CTL_FINE;
    dosis_buf_t answer;
    dosis_rc_t rc;

    if (asked->kid != NULL || asked->now) {
        call.key = asked->kid != NULL ? "kid" : "nu";
        call.value = asked->kid != NULL ? asked->kid : "ja";
    }
    dosis_buf_init(&answer, SIGNING_ANSWER_MAX);
    rc = ctl_engine_call(asked->socket, &call, &answer);
    if (rc != DOSIS_OK) {
        ctl_say("the engine does not answer on %s: %s", asked->socket,
            dosis_rc_text(rc));
        code = CTL_FAILED;
    } else if (call.status >= 300) {
        code = say_refusal(asked, call.status);
    } else if (asked->json) {
        (void) fwrite(answer.data, 1, answer.len, stdout);
    } else {
        print_keys(dosis_buf_slice(&answer));
    }
    dosis_buf_done(&answer);
    return code;
}
