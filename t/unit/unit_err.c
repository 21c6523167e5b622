/* SPDX-License-Identifier: EUPL-1.2 */

#include <stdlib.h>

#include "../lib/tap.h"
#include "base/dosis_err.h"
#include "base/dosis_rc.h"
#include "base/dosis_text.h"


static void
check_result_codes(void)
{
    int code;
    int other;
    bool different = true;
    bool sentences = true;

    for (code = DOSIS_OK; code >= DOSIS_EPAUSED; code--) {
        const char *text = dosis_rc_text((dosis_rc_t) code);

        sentences = sentences && text[strlen(text) - 1] == '.';
        for (other = code - 1; other >= DOSIS_EPAUSED; other--) {
            different = different
                && strcmp(dosis_rc_name((dosis_rc_t) code),
                       dosis_rc_name((dosis_rc_t) other))
                    != 0;
        }
    }
    CHECK(different, "no two result codes share a name");
    CHECK(sentences, "every result code has a sentence");
    CHECK(strcmp(dosis_rc_name(DOSIS_OK), "OK") == 0, "0 is OK");
    CHECK(strcmp(dosis_rc_name(DOSIS_EINPUT), "EINPUT") == 0, "-1 is EINPUT");
    CHECK(strcmp(dosis_rc_name(DOSIS_ENOMEM), "ENOMEM") == 0, "-12 is ENOMEM");
    CHECK(strcmp(dosis_rc_name(DOSIS_EPRECOND), "EPRECOND") == 0,
        "-13 is EPRECOND");
    CHECK(strcmp(dosis_rc_name(DOSIS_EPAUSED), "EPAUSED") == 0,
        "-14 is EPAUSED");
    CHECK(strcmp(dosis_rc_name((dosis_rc_t) 1), "EUNKNOWN") == 0,
        "a code above the table is named unknown");
    CHECK(strcmp(dosis_rc_name((dosis_rc_t) -15), "EUNKNOWN") == 0,
        "a code below the table is named unknown");
}


static void
check_ceiling(void)
{
    dosis_err_t err = { 0 };
    unsigned i;

    for (i = 0; i < DOSIS_ERR_MAX + 3; i++) {
        dosis_err_add(&err, "VeldOngeldig", "/Naam", "Fout %u.", i);
    }
    CHECK(err.count == DOSIS_ERR_MAX, "no more problems than the ceiling");
    CHECK(err.more == 3, "those beyond it are counted");
    CHECK(strcmp(err.item[DOSIS_ERR_MAX - 1].text, "Fout 24.") == 0,
        "the last one kept is the last one that fitted");
    dosis_err_cut(&err, 0);
    CHECK(err.count == DOSIS_ERR_MAX && err.more == 3, "cut to 0: all stay");
    dosis_err_cut(&err, 1);
    CHECK(err.count == 1 && err.more == DOSIS_ERR_MAX + 2,
        "cut to one, the others are counted");
}


static void
check_texts(void)
{
    dosis_err_t err = { 0 };
    char long_text[400];
    dosis_problem_t *problem = &err.item[0];

    CHECK(!dosis_err_any(&err), "a zeroed list holds no problem");
    dosis_err_add(
        &err, "VeldOntbreekt", NULL, "Het veld %s ontbreekt.", "Bron");
    CHECK(dosis_err_any(&err), "a problem added is there");
    CHECK(strcmp(problem->code, "VeldOntbreekt") == 0, "its code is kept");
    CHECK(problem->field[0] == '\0', "no field is the empty field");
    CHECK(strcmp(problem->text, "Het veld Bron ontbreekt.") == 0,
        "its text is formatted");
    CHECK(problem->line == 0, "it has no line");

    /* two bytes each, so that the ceiling of 159 falls inside one */
    for (size_t i = 0; i + 1 < sizeof(long_text); i += 2) {
        memcpy(long_text + i, "é", 2);
    }
    long_text[sizeof(long_text) - 1] = '\0';
    long_text[sizeof(long_text) - 2] = '\0';
    err = (dosis_err_t){ 0 };
    dosis_err_add(&err, "VeldOngeldig", long_text, "%s", long_text);
    CHECK(strlen(problem->text) == DOSIS_ERR_TEXT_MAX - 1
            && dosis_utf8_valid(dosis_slice_of(problem->text)),
        "a long text is cut between two characters");
    CHECK(strlen(problem->field) == DOSIS_ERR_FIELD_MAX - 1
            && dosis_utf8_valid(dosis_slice_of(problem->field)),
        "a long field is cut between two characters");

    err = (dosis_err_t){ 0 };
    memset(long_text, 'a', sizeof(long_text) - 1);
    dosis_err_add(&err, "VeldOngeldig", long_text, "%s", long_text);
    CHECK(strlen(problem->text) == DOSIS_ERR_TEXT_MAX,
        "a long ASCII text fills the ceiling");
    CHECK(strlen(problem->field) == DOSIS_ERR_FIELD_MAX,
        "a long ASCII field fills the ceiling");
}


/* Characters of 2, 3 and 4 bytes that end right at the ceiling, or over it. */
static void
check_cut_of_each_width(void)
{
    static const char *const wide[] = { "é", "€", "😀" };
    char text[DOSIS_ERR_TEXT_MAX + 8];
    size_t i;
    size_t pad;
    size_t len;
    size_t expected;
    bool right = true;

    for (i = 0; i < 3; i++) {
        len = strlen(wide[i]);
        for (pad = DOSIS_ERR_TEXT_MAX - 4; pad <= DOSIS_ERR_TEXT_MAX; pad++) {
            dosis_err_t err = { 0 };

            memset(text, 'a', pad);
            memcpy(text + pad, wide[i], len + 1);
            dosis_err_add(&err, "VeldOngeldig", "", "%s", text);
            expected = (pad + len <= DOSIS_ERR_TEXT_MAX) ? pad + len : pad;
            right = right && strlen(err.item[0].text) == expected;
        }
    }
    CHECK(
        right, "a character that ends at the ceiling stays, one over it goes");

    /* cut right behind a whole character, with more text to follow */
    for (i = 0; i < 3; i++) {
        dosis_err_t err = { 0 };

        len = strlen(wide[i]);
        memset(text, 'a', DOSIS_ERR_TEXT_MAX - len);
        memcpy(text + DOSIS_ERR_TEXT_MAX - len, wide[i], len);
        memcpy(text + DOSIS_ERR_TEXT_MAX, "b", 2);
        dosis_err_add(&err, "VeldOngeldig", "", "%s", text);
        right = right && strlen(err.item[0].text) == DOSIS_ERR_TEXT_MAX;
    }
    CHECK(right, "a whole character before the cut stays");
}


/* Where there is room for a single problem, no more is read or written. */
static void
check_copy(void)
{
    dosis_err_t err, copy;
    dosis_err_t *kept;

    dosis_err_init(&err);
    dosis_err_add(&err, "VeldOngeldig", "/Naam", "Fout.");
    kept = malloc(dosis_err_bytes(&err));
    CHECK(kept != NULL && dosis_err_bytes(&err) < sizeof(err) / 20,
        "few problems take few bytes");
    dosis_err_copy(kept, &err);
    dosis_err_copy(&copy, kept);
    free(kept);
    CHECK(copy.count == 1 && copy.more == 0
            && strcmp(copy.item[0].field, "/Naam") == 0,
        "a copy has what is there");
}


int
main(void)
{
    check_result_codes();
    check_ceiling();
    check_texts();
    check_cut_of_each_width();
    check_copy();
    dosis_err_add(NULL, "VeldOngeldig", "/Naam", "Fout.");
    CHECK(true, "a problem for nobody is dropped");

    return tap_done();
}
