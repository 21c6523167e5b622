/* SPDX-License-Identifier: EUPL-1.2 */
/* A handle says what was sealed in it, to its client, until it expires. */

#include <stdlib.h>

#include "../lib/tap.h"
#include "base/dosis_text.h"
#include "store/dosis_namens.h"

#define NOW_S INT64_C(1795521600)
#define ARENA_MAX (1 << 20)

static dosis_crypt_t *crypt;
static dosis_arena_t *arena;
static char text[DOSIS_HANDLE_BYTES_MAX];
static dosis_buf_t handle;


static dosis_namens_door_t
door(const char *client, int64_t now_s)
{
    return (dosis_namens_door_t){ crypt, dosis_slice_of(client), now_s,
        arena };
}


static dosis_rc_t
seal(const dosis_namens_t *namens)
{
    dosis_namens_door_t at = door("loket", 0);

    dosis_buf_init_fixed(&handle, text, sizeof(text));
    return dosis_namens_seal(&at, namens, &handle);
}


static dosis_rc_t
open_as(const char *client, int64_t now_s, dosis_namens_t *ret)
{
    dosis_namens_door_t at = door(client, now_s);

    return dosis_namens_open(&at, dosis_buf_slice(&handle), ret);
}


static void
check_handle(dosis_subject_t *subject)
{
    dosis_namens_t again;
    dosis_namens_t namens = { .expires_s = NOW_S + 900,
        .subject = subject,
        .subjects = 2,
        .gebruiker = DOSIS_SLICE("ik"),
        .doel = DOSIS_SLICE("balie") };

    CHECK(seal(&namens) == DOSIS_OK, "two agents are sealed");
    CHECK(open_as("loket", NOW_S, &again) == DOSIS_OK && again.subjects == 2
            && again.subject[1].rechten_count == 1
            && dosis_slice_eq(
                again.subject[1].rechten[0], DOSIS_SLICE("Lezer"))
            && dosis_slice_eq(again.doel, namens.doel)
            && again.zekerheid.len == 0,
        "it says what was sealed");
    CHECK(open_as("ander", NOW_S, &again) == DOSIS_EFORMAT,
        "to another client it is none");
    CHECK(open_as("loket", NOW_S + 899, &again) == DOSIS_OK
            && open_as("loket", NOW_S + 900, &again) == DOSIS_EEXPIRED,
        "until it expires");
    text[handle.len / 2] ^= 1;
    CHECK(open_as("loket", NOW_S, &again) == DOSIS_EFORMAT,
        "a bit changed: it is none");
    handle.len = 0;
    CHECK(open_as("loket", NOW_S, &again) == DOSIS_EFORMAT,
        "nothing is none");
}


static void
check_ceilings(dosis_subject_t *subject)
{
    static dosis_slice_t rights[DOSIS_HANDLE_RIGHTS_MAX + 1];
    dosis_namens_t namens = { .expires_s = NOW_S + 900,
        .subject = subject,
        .subjects = 1 };

    for (size_t i = 0; i <= DOSIS_HANDLE_RIGHTS_MAX; i++) {
        rights[i] = DOSIS_SLICE("Lezer");
    }
    subject[0].rechten = rights;
    subject[0].rechten_count = DOSIS_HANDLE_RIGHTS_MAX;
    CHECK(seal(&namens) == DOSIS_OK, "as many rights as there may be");
    subject[0].rechten_count++;
    CHECK(seal(&namens) == DOSIS_ELIMIT, "and one more");
    subject[0].rechten_count = 0;
    namens.doel = dosis_slice(text, sizeof(text));
    CHECK(seal(&namens) == DOSIS_ELIMIT, "more than a header holds");
}


int
main(void)
{
    static const dosis_slice_t recht[] = { { "Lezer", 5 } };
    dosis_subject_t subject[2] = { { .rechten = recht, .rechten_count = 1 },
        { .rechten = recht, .rechten_count = 1 } };
    dosis_keyring_t *ring;
    dosis_secret_t *secret;

    if (dosis_keyring_create(&ring) != DOSIS_OK
        || dosis_secret_generate(&secret) != DOSIS_OK
        || dosis_keyring_add(ring, 1, secret) != DOSIS_OK
        || dosis_secret_generate(&secret) != DOSIS_OK
        || dosis_keyring_set_shared(ring, secret) != DOSIS_OK
        || dosis_crypt_create(ring, &crypt) != DOSIS_OK
        || dosis_agent_parse(
               DOSIS_SLICE("V0001001"), DOSIS_STRENG, &subject[0].agent)
            != NULL
        || dosis_agent_parse(
               DOSIS_SLICE("OVO000001"), DOSIS_STRENG, &subject[1].agent)
            != NULL) {
        abort();
    }
    arena = dosis_arena_create(ARENA_MAX);
    check_handle(subject);
    check_ceilings(subject);
    dosis_arena_free(arena);
    dosis_crypt_free(crypt);
    dosis_keyring_free(ring);

    return tap_done();
}
