/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_handle: the DossierId of an address, and the handle in Dosis-Namens: as
 * it comes, and with any content sealed as ours. What opens keeps its
 * ceilings, and sealed again it says the same.
 *
 * Input: a byte; then the id, the handle, or the content.
 */

#include "base/dosis_wire.h"
#include "fuzz.h"
#include "store/dosis_namens.h"

#define ARENA_MAX (1 << 20)
#define NOW_S INT64_C(1795521600)
#define PLAIN_MAX (DOSIS_HANDLE_BYTES_MAX / 4 * 3 - DOSIS_SEAL_OVERHEAD)

static dosis_crypt_t *crypt;


static void opened(const dosis_namens_t *namens, dosis_arena_t *arena);
static unsigned opened_count;


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static dosis_keyring_t *ring;
    dosis_secret_t *secret;
    dosis_arena_t *arena = dosis_arena_create(ARENA_MAX);
    dosis_subject_t subject = { .rechten_count = 0 };
    dosis_namens_t namens = { .expires_s = NOW_S + 1,
        .subject = &subject,
        .subjects = 1 };

    (void) argc;
    (void) argv;
    MUST(dosis_keyring_create(&ring) == DOSIS_OK);
    MUST(dosis_secret_generate(&secret) == DOSIS_OK
        && dosis_keyring_add(ring, 1, secret) == DOSIS_OK);
    MUST(dosis_secret_generate(&secret) == DOSIS_OK
        && dosis_keyring_set_shared(ring, secret) == DOSIS_OK);
    MUST(dosis_crypt_create(ring, &crypt) == DOSIS_OK);

    /* or nothing below would mean anything */
    MUST(dosis_agent_parse(
             DOSIS_SLICE("V0001001"), DOSIS_STRENG, &subject.agent)
        == NULL);
    opened(&namens, arena);
    MUST(opened_count == 1);
    dosis_arena_free(arena);

    return 0;
}


/* One text for one id. */
static void
id_check(dosis_slice_t text)
{
    uint8_t id[DOSIS_ID_BYTES];
    char again[DOSIS_ID_TEXT + 1];

    if (dosis_id_decode(id, text)) {
        dosis_id_encode(again, id);
        MUST(dosis_slice_eq(text, dosis_slice_of(again)));
    }
}


static dosis_rc_t
open_as(const char *client, dosis_slice_t handle, dosis_arena_t *arena,
    dosis_namens_t *ret)
{
    const dosis_namens_door_t door = { crypt, dosis_slice_of(client), NOW_S,
        arena };

    return dosis_namens_open(&door, handle, ret);
}


static void
foreign(dosis_slice_t handle)
{
    dosis_arena_t *arena = dosis_arena_create(ARENA_MAX);
    dosis_namens_t namens;

    MUST(open_as("loket", handle, arena, &namens) == DOSIS_EFORMAT);
    dosis_arena_free(arena);
}


static bool
namens_eq(const dosis_namens_t *a, const dosis_namens_t *b)
{
    bool eq = a->expires_s == b->expires_s && a->subjects == b->subjects
        && dosis_slice_eq(a->gebruiker, b->gebruiker)
        && dosis_slice_eq(a->doel, b->doel)
        && dosis_slice_eq(a->zekerheid, b->zekerheid);

    for (size_t i = 0; eq && i < a->subjects; i++) {
        const dosis_subject_t *x = &a->subject[i];
        const dosis_subject_t *y = &b->subject[i];

        eq = x->agent.soort == y->agent.soort
            && dosis_slice_eq(
                dosis_agent_id(&x->agent), dosis_agent_id(&y->agent))
            && x->rechten_count == y->rechten_count;
        for (size_t k = 0; eq && k < x->rechten_count; k++) {
            eq = dosis_slice_eq(x->rechten[k], y->rechten[k]);
        }
    }

    return eq;
}


/* Sealed again it says the same; for another client it does not open. */
static void
opened(const dosis_namens_t *namens, dosis_arena_t *arena)
{
    const dosis_namens_door_t door = { crypt, DOSIS_SLICE("loket"), 0, arena };
    char text[DOSIS_HANDLE_BYTES_MAX];
    dosis_buf_t out;
    dosis_namens_t again;
    dosis_rc_t rc;

    MUST(namens->expires_s > NOW_S);
    MUST(namens->subjects > 0
        && namens->subjects <= DOSIS_HANDLE_SUBJECTS_MAX);
    dosis_buf_init_fixed(&out, text, sizeof(text));
    rc = dosis_namens_seal(&door, namens, &out);
    MUST(rc == DOSIS_OK || rc == DOSIS_ELIMIT);
    if (rc == DOSIS_OK) {
        MUST(open_as("loket", dosis_buf_slice(&out), arena, &again)
                == DOSIS_OK
            && namens_eq(namens, &again));
        opened_count++;
        MUST(open_as("ander", dosis_buf_slice(&out), arena, &again)
            == DOSIS_EFORMAT);
    }
}


static void
own(dosis_slice_t plain)
{
    static char sealed[PLAIN_MAX + DOSIS_SEAL_OVERHEAD];
    static char text[DOSIS_HANDLE_BYTES_MAX + 8];
    const dosis_place_t place = { DOSIS_NAMENS_PLACE, DOSIS_NAMENS_VERSION,
        DOSIS_SLICE("loket") };
    dosis_arena_t *arena = dosis_arena_create(ARENA_MAX);
    dosis_buf_t out;
    dosis_namens_t namens;
    dosis_rc_t rc;

    plain.len = plain.len > PLAIN_MAX ? PLAIN_MAX : plain.len;
    MUST(dosis_seal(crypt, place, plain, sealed) == DOSIS_OK);
    dosis_buf_init_fixed(&out, text, sizeof(text));
    dosis_base64url_encode(
        &out, dosis_slice(sealed, plain.len + DOSIS_SEAL_OVERHEAD));
    rc = open_as("loket", dosis_buf_slice(&out), arena, &namens);
    MUST(rc == DOSIS_OK || rc == DOSIS_EFORMAT || rc == DOSIS_EEXPIRED);
    if (rc == DOSIS_OK) {
        opened(&namens, arena);
    }
    dosis_arena_free(arena);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_slice_t input = dosis_slice(data, size);

    switch (fuzz_choice(&input, 3)) {
    case 0:
        id_check(input);
        break;
    case 1:
        foreign(input);
        break;
    default:
        own(input);
        break;
    }

    return 0;
}
