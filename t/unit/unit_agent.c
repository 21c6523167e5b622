/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/shown.h"
#include "../lib/tap.h"
#include "domain/dosis_agent.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))


static const struct {
    const char *text;
    const char *id; /* NULL: refused */
    dosis_agent_soort_t soort;
    const char *streng; /* the code when check digits count */
} forms[] = {
    /* enterprises; 0848270242 is a fixture that fails the check */
    { "0123456749", "0123456749", DOSIS_AGENT_KBO, NULL },
    { "0123.456.749", "0123456749", DOSIS_AGENT_KBO, NULL },
    { " 0123 456 749\t", "0123456749", DOSIS_AGENT_KBO, NULL },
    { "0123-456-749", "0123456749", DOSIS_AGENT_KBO, NULL },
    { "BE0123456749", "0123456749", DOSIS_AGENT_KBO, NULL },
    { "be 0123.456.749", "0123456749", DOSIS_AGENT_KBO, NULL },
    { "BE123456749", "0123456749", DOSIS_AGENT_KBO, NULL },
    { "123456749", "0123456749", DOSIS_AGENT_KBO, NULL },
    { "0848270242", "0848270242", DOSIS_AGENT_KBO, "KboOngeldig" },
    { "0123456748", "0123456748", DOSIS_AGENT_KBO, "KboOngeldig" },
    { "1000000032", "1000000032", DOSIS_AGENT_KBO, "KboOngeldig" },
    { "9123456789", NULL, 0, "VestigingOngeldig" },
    { "BE12345", NULL, 0, "KboOngeldig" },
    { "BE85073000754", NULL, 0, "KboOngeldig" },
    /* establishments */
    { "2.000.000.339", "2000000339", DOSIS_AGENT_VESTIGING, NULL },
    { "2000000338", "2000000338", DOSIS_AGENT_VESTIGING, "VestigingOngeldig" },
    /* persons: the test suites' numbers, a birth from 2000, a BIS */
    { "85073000754", "85073000754", DOSIS_AGENT_INSZ, NULL },
    { "85.07.30-007.54", "85073000754", DOSIS_AGENT_INSZ, NULL },
    { "85 07 30 007 54", "85073000754", DOSIS_AGENT_INSZ, NULL },
    { "90020199704", "90020199704", DOSIS_AGENT_INSZ, NULL },
    { "04030512355", "04030512355", DOSIS_AGENT_INSZ, NULL },
    { "90220199747", "90220199747", DOSIS_AGENT_INSZ, NULL },
    { "85073000755", "85073000755", DOSIS_AGENT_INSZ, "InszOngeldig" },
    /* associations and organisations */
    { "V0001001", "V0001001", DOSIS_AGENT_VERENIGING, NULL },
    { "v0001001", "V0001001", DOSIS_AGENT_VERENIGING, NULL },
    { "OVO002949", "OVO002949", DOSIS_AGENT_OVO, NULL },
    { "ovo002949", "OVO002949", DOSIS_AGENT_OVO, NULL },
    /* all else */
    { "V000100", "V000100", DOSIS_AGENT_VREEMD, NULL },
    { "V000100A", "V000100A", DOSIS_AGENT_VREEMD, NULL },
    { "OVO00294", "OVO00294", DOSIS_AGENT_VREEMD, NULL },
    { " nl123456789b01 ", "nl123456789b01", DOSIS_AGENT_VREEMD, NULL },
    { "FR40 303 265 045", "FR40 303 265 045", DOSIS_AGENT_VREEMD, NULL },
    { "12345678", "12345678", DOSIS_AGENT_VREEMD, NULL },
    { "123456789012", "123456789012", DOSIS_AGENT_VREEMD, NULL },
    { "\xC3\x89tranger", "\xC3\x89tranger", DOSIS_AGENT_VREEMD, NULL },
    { "BE", "BE", DOSIS_AGENT_VREEMD, NULL },
    { "12E345", "12E345", DOSIS_AGENT_VREEMD, NULL },
    { "E+10", "E+10", DOSIS_AGENT_VREEMD, NULL },
    { "5E+", "5E+", DOSIS_AGENT_VREEMD, NULL },
    { "5E+1A", "5E+1A", DOSIS_AGENT_VREEMD, NULL },
    /* as a spreadsheet rounds a number */
    { "8,5073E+10", NULL, 0, "AgentAfgerond" },
    { " 4.23E+08 ", NULL, 0, "AgentAfgerond" },
    { "4e+8", NULL, 0, "AgentAfgerond" },
    { "", NULL, 0, "AgentOngeldig" },
    { " \t ", NULL, 0, "AgentOngeldig" },
    { "a\nb", NULL, 0, "AgentOngeldig" },
    { "a\x7f", NULL, 0, "AgentOngeldig" },
    { "a\xC3", NULL, 0, "AgentOngeldig" },
};


static void
check_parse(void)
{
    for (size_t i = 0; i < ROWS(forms); i++) {
        dosis_agent_t agent = { 0 };
        const char *code = dosis_agent_parse(
            dosis_slice_of(forms[i].text), DOSIS_VORM, &agent);

        CHECK((code == NULL) == (forms[i].id != NULL), shown(forms[i].text));
        CHECK(forms[i].id == NULL
                || (agent.soort == forms[i].soort
                    && strcmp(agent.id, forms[i].id) == 0
                    && agent.len == strlen(forms[i].id)),
            "kind and normalised form are right");

        code = dosis_agent_parse(
            dosis_slice_of(forms[i].text), DOSIS_STRENG, &agent);
        CHECK(forms[i].streng == NULL
                ? code == NULL
                : code != NULL && strcmp(code, forms[i].streng) == 0,
            "the check digits are judged when the source asks for it");
    }
}


static void
check_ceiling(void)
{
    char text[DOSIS_AGENT_ID_MAX + 2];
    dosis_agent_t agent;

    memset(text, 'x', sizeof(text));
    CHECK(dosis_agent_parse(
              dosis_slice(text, DOSIS_AGENT_ID_MAX), DOSIS_STRENG, &agent)
                == NULL
            && agent.len == DOSIS_AGENT_ID_MAX
            && agent.id[DOSIS_AGENT_ID_MAX] == '\0',
        "a foreign id of 100 bytes fits");
    CHECK(dosis_agent_parse(
              dosis_slice(text, DOSIS_AGENT_ID_MAX + 1), DOSIS_STRENG, &agent)
            != NULL,
        "a foreign id of 101 bytes is refused");
    memset(text, '1', sizeof(text));
    CHECK(
        dosis_agent_parse(dosis_slice(text, sizeof(text)), DOSIS_STRENG, &agent)
            != NULL,
        "a long row of digits is refused");
    CHECK(dosis_agent_parse(dosis_slice(NULL, 0), DOSIS_STRENG, &agent) != NULL,
        "nothing is no agent");
}


/* Each change of one digit breaks modulus 97. */
static void
check_digits(void)
{
    static const char kbo[] = "0123456749";
    static const char insz[] = "85073000754";
    bool kbo_holds = true;
    bool insz_holds = true;
    char text[12];

    for (size_t i = 0; i < 10; i++) {
        memcpy(text, kbo, sizeof(kbo));
        text[i] = text[i] == '9' ? '0' : (char) (text[i] + 1);
        kbo_holds = kbo_holds && !dosis_kbo_valid(dosis_slice(text, 10));
    }

    for (size_t i = 0; i < 11; i++) {
        memcpy(text, insz, sizeof(insz));
        text[i] = text[i] == '9' ? '0' : (char) (text[i] + 1);
        insz_holds = insz_holds && !dosis_insz_valid(dosis_slice(text, 11));
    }

    CHECK(dosis_kbo_valid(dosis_slice(kbo, 10)), "the enterprise is valid");
    CHECK(kbo_holds, "no enterprise number with one digit changed is valid");
    CHECK(dosis_insz_valid(dosis_slice(insz, 11)), "the person is valid");
    CHECK(insz_holds, "no person's number with one digit changed is valid");
    CHECK(!dosis_kbo_valid(DOSIS_SLICE("012345674"))
            && !dosis_kbo_valid(DOSIS_SLICE("0123456749 "))
            && !dosis_kbo_valid(DOSIS_SLICE("01234567X9")),
        "an enterprise number is ten digits");
    CHECK(!dosis_insz_valid(DOSIS_SLICE("8507300075"))
            && !dosis_insz_valid(DOSIS_SLICE("85.07300075")),
        "a person's number is eleven digits");
}


static void
check_names(void)
{
    static const char *const names[] = { "KBO", "Vestiging", "INSZ",
        "Vereniging", "OVO", "Vreemd" };
    dosis_agent_soort_t soort;

    for (int i = 0; i < 6; i++) {
        CHECK(strcmp(dosis_agent_soort_name((dosis_agent_soort_t) (i + 1)),
                  names[i])
                == 0,
            names[i]);
        CHECK(dosis_agent_soort_parse(dosis_slice_of(names[i]), &soort)
                && (int) soort == i + 1,
            "the name is read back");
    }

    CHECK(dosis_agent_soort_parse(DOSIS_SLICE("kbo"), &soort)
            && soort == DOSIS_AGENT_KBO,
        "a kind is read in any case");
    CHECK(!dosis_agent_soort_parse(DOSIS_SLICE("RRN"), &soort),
        "another name is no kind");
    CHECK(dosis_agent_soort_name((dosis_agent_soort_t) 0) != NULL,
        "no kind has a name too");
}


int
main(void)
{
    check_parse();
    check_ceiling();
    check_digits();
    check_names();

    return tap_done();
}
