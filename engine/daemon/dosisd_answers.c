/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_answers.h"

#include <stdlib.h>
#include <string.h>

#include "base/dosis_buf.h"
#include "crypto/dosis_jwt.h"
#include "crypto/dosis_secret.h"

#define WAYS 4

typedef struct {
    uint8_t hash[DOSISD_TOKEN_HASH];
    int64_t since_s;
    int64_t expires_s;
    size_t len;
    char bytes[];
} answer_t;

struct dosisd_answers_s {
    uint8_t key[DOSISD_TOKEN_HASH];
    answer_t *slot[DOSISD_ANSWERS_MAX];
    size_t count;
    size_t bytes;
};


dosisd_answers_t *
dosisd_answers_open(void)
{
    dosisd_answers_t *answers = calloc(1, sizeof(*answers));

    if (answers != NULL
        && dosis_random(answers->key, sizeof(answers->key)) != DOSIS_OK) {
        free(answers);
        return NULL;
    }
    return answers;
}


static void
slot_clear(dosisd_answers_t *answers, answer_t **slot)
{
    answer_t *answer = *slot;

    if (answer == NULL) {
        return;
    }
    answers->count--;
    answers->bytes -= answer->len;
    explicit_bzero(answer->bytes, answer->len);
    free(answer);
    *slot = NULL;
}


void
dosisd_answers_clear(dosisd_answers_t *answers)
{
    size_t i;

    for (i = 0; i < DOSISD_ANSWERS_MAX; i++) {
        slot_clear(answers, &answers->slot[i]);
    }
}


void
dosisd_answers_close(dosisd_answers_t *answers)
{
    if (answers != NULL) {
        dosisd_answers_clear(answers);
        explicit_bzero(answers->key, sizeof(answers->key));
        free(answers);
    }
}


void
dosisd_answers_hash(const dosisd_answers_t *answers, dosis_slice_t token,
    uint8_t ret_hash[DOSISD_TOKEN_HASH])
{
    char memory[DOSISD_TOKEN_HASH + DOSIS_JWT_MAX];
    dosis_buf_t text;

    dosis_buf_init_fixed(&text, memory, sizeof(memory));
    dosis_buf_add(&text, answers->key, sizeof(answers->key));
    dosis_buf_add_slice(&text, token);
    dosis_sha256(ret_hash, text.data, text.len);
    explicit_bzero(memory, text.len);
}


/* The four places that a hash may have. */
static answer_t **
places(dosisd_answers_t *answers, const uint8_t hash[DOSISD_TOKEN_HASH])
{
    uint32_t at;

    memcpy(&at, hash, sizeof(at));
    return &answers->slot[at % (DOSISD_ANSWERS_MAX / WAYS) * WAYS];
}


/* Not when the clock was set back since. */
static bool
is_good(const answer_t *answer, int64_t now_s)
{
    return answer->expires_s > now_s && answer->since_s <= now_s;
}


dosis_slice_t
dosisd_answers_get(dosisd_answers_t *answers,
    const uint8_t hash[DOSISD_TOKEN_HASH], int64_t now_s)
{
    answer_t **place = places(answers, hash);
    size_t i;

    for (i = 0; i < WAYS; i++) {
        if (place[i] == NULL
            || memcmp(place[i]->hash, hash, DOSISD_TOKEN_HASH) != 0) {
            continue;
        }
        if (is_good(place[i], now_s)) {
            return dosis_slice(place[i]->bytes, place[i]->len);
        }
        slot_clear(answers, &place[i]);
    }
    return dosis_slice(NULL, 0);
}


static void
sweep(dosisd_answers_t *answers, int64_t now_s)
{
    size_t i;

    for (i = 0; i < DOSISD_ANSWERS_MAX; i++) {
        if (answers->slot[i] != NULL && !is_good(answers->slot[i], now_s)) {
            slot_clear(answers, &answers->slot[i]);
        }
    }
}


/* The same one's place, an empty one, or that of the first to end. */
static answer_t **
place_for(dosisd_answers_t *answers, const uint8_t hash[DOSISD_TOKEN_HASH])
{
    answer_t **place = places(answers, hash);
    answer_t **room = place;
    size_t i;

    for (i = 0; i < WAYS; i++) {
        if (place[i] != NULL
            && memcmp(place[i]->hash, hash, DOSISD_TOKEN_HASH) == 0) {
            return &place[i];
        }
        if (*room != NULL
            && (place[i] == NULL || place[i]->expires_s < (*room)->expires_s)) {
            room = &place[i];
        }
    }
    return room;
}


void
dosisd_answers_put(dosisd_answers_t *answers,
    const uint8_t hash[DOSISD_TOKEN_HASH], dosis_slice_t text, int64_t now_s,
    int64_t expires_s)
{
    answer_t **place = place_for(answers, hash);
    answer_t *answer;

    slot_clear(answers, place);
    if (answers->bytes + text.len > DOSISD_ANSWERS_BYTES) {
        sweep(answers, now_s);
    }
    if (expires_s <= now_s
        || answers->bytes + text.len > DOSISD_ANSWERS_BYTES) {
        return;
    }
    answer = malloc(sizeof(*answer) + text.len);
    if (answer == NULL) {
        return;
    }
    memcpy(answer->hash, hash, DOSISD_TOKEN_HASH);
    answer->since_s = now_s;
    answer->expires_s = expires_s;
    answer->len = text.len;
    memcpy(answer->bytes, text.data, text.len);
    *place = answer;
    answers->count++;
    answers->bytes += text.len;
}


size_t
dosisd_answers_count(const dosisd_answers_t *answers)
{
    return answers->count;
}
