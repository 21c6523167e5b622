/* SPDX-License-Identifier: EUPL-1.2 */
#include "domain/dosis_agent.h"

#include "base/dosis_text.h"

#define KBO_DIGITS 10
#define INSZ_DIGITS 11

/* Digits with their separators; longer texts are never a number. */
#define PACKED_MAX 40

static const struct {
    dosis_agent_soort_t soort;
    const char *name;
} soorten[] = {
    { DOSIS_AGENT_KBO, "KBO" },
    { DOSIS_AGENT_VESTIGING, "Vestiging" },
    { DOSIS_AGENT_INSZ, "INSZ" },
    { DOSIS_AGENT_VERENIGING, "Vereniging" },
    { DOSIS_AGENT_OVO, "OVO" },
    { DOSIS_AGENT_VREEMD, "Vreemd" },
};

#define SOORTEN (sizeof(soorten) / sizeof(soorten[0]))

static unsigned
digits_mod97(const char *digits, size_t count, unsigned start)
{
    unsigned rest = start;

    for (size_t i = 0; i < count; i++) {
        rest = (rest * 10 + (unsigned) (digits[i] - '0')) % 97;
    }

    return rest;
}


static unsigned
two_digits(const char *digits)
{
    return (unsigned) (digits[0] - '0') * 10 + (unsigned) (digits[1] - '0');
}


bool
dosis_kbo_valid(dosis_slice_t ten_digits)
{
    if (ten_digits.len != KBO_DIGITS || !dosis_text_is_digits(ten_digits)) {
        return false;
    }

    return two_digits(ten_digits.data + 8)
        == 97 - digits_mod97(ten_digits.data, 8, 0);
}


bool
dosis_insz_valid(dosis_slice_t eleven_digits)
{
    const char *digits = eleven_digits.data;
    unsigned check;

    if (eleven_digits.len != INSZ_DIGITS
        || !dosis_text_is_digits(eleven_digits)) {
        return false;
    }

    check = two_digits(digits + 9);

    /* The year does not tell the century: from 2000 on a 2 goes in front. */
    return check == 97 - digits_mod97(digits, 9, 0)
        || check == 97 - digits_mod97(digits, 9, 2);
}


static bool
is_separator(char c)
{
    return c == ' ' || c == '\t' || c == '.' || c == '-';
}


static bool
starts_with_be(dosis_slice_t text)
{
    return text.len > 2
        && dosis_text_ieq(dosis_slice(text.data, 2), DOSIS_SLICE("BE"));
}


/*
 * The digits of a number without its separators and a BE in front. 0: it is
 * no number. ret_be: the BE was there.
 */
static size_t
number_pack(dosis_slice_t text, char to[PACKED_MAX], bool *ret_be)
{
    size_t count = 0;
    size_t i = 0;

    *ret_be = starts_with_be(text);
    if (*ret_be) {
        i = 2;
    }

    for (; i < text.len; i++) {
        if (is_separator(text.data[i])) {
            continue;
        }

        if (text.data[i] < '0' || text.data[i] > '9' || count == PACKED_MAX) {
            return 0;
        }

        to[count++] = text.data[i];
    }

    return count;
}


static const char *
agent_set(dosis_agent_t *agent, dosis_agent_soort_t soort, dosis_slice_t id)
{
    agent->soort = soort;
    agent->len = (uint8_t) id.len;
    memcpy(agent->id, id.data, id.len);
    agent->id[id.len] = '\0';

    return NULL;
}


static const char *
kbo_set(dosis_agent_t *agent, dosis_slice_t ten, dosis_strengheid_t strengheid)
{
    bool establishment = ten.data[0] >= '2';
    const char *wrong = establishment ? "VestigingOngeldig" : "KboOngeldig";

    /* 9 starts the number of a branch, which is no identification. */
    if (ten.data[0] == '9'
        || (strengheid == DOSIS_STRENG && !dosis_kbo_valid(ten))) {
        return wrong;
    }

    return agent_set(
        agent, establishment ? DOSIS_AGENT_VESTIGING : DOSIS_AGENT_KBO, ten);
}


/* Sets *ret_done when the count of digits decides the kind. */
static const char *
number_set(dosis_agent_t *agent, dosis_slice_t text,
    dosis_strengheid_t strengheid, bool *ret_done)
{
    char digits[PACKED_MAX + 1];
    bool be;
    size_t count;

    digits[0] = '0';
    count = number_pack(text, digits + 1, &be);
    *ret_done = count > 0 && (be || (count >= 9 && count <= INSZ_DIGITS));

    if (!*ret_done) {
        return NULL;
    }

    if (count == KBO_DIGITS - 1) {
        return kbo_set(agent, dosis_slice(digits, KBO_DIGITS), strengheid);
    }

    if (count == KBO_DIGITS) {
        return kbo_set(agent, dosis_slice(digits + 1, count), strengheid);
    }

    if (be) {
        return "KboOngeldig";
    }

    if (strengheid == DOSIS_STRENG
        && !dosis_insz_valid(dosis_slice(digits + 1, count))) {
        return "InszOngeldig";
    }

    return agent_set(agent, DOSIS_AGENT_INSZ, dosis_slice(digits + 1, count));
}


/* V + 7 digits or OVO + 6 digits, in either case. */
static bool
code_set(dosis_agent_t *agent, dosis_slice_t text)
{
    static const struct {
        dosis_agent_soort_t soort;
        dosis_slice_t prefix;
        size_t len;
    } forms[] = {
        { DOSIS_AGENT_VERENIGING, { "V", 1 }, 8 },
        { DOSIS_AGENT_OVO, { "OVO", 3 }, 9 },
    };

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        size_t skip = forms[i].prefix.len;

        if (text.len == forms[i].len
            && dosis_text_ieq(dosis_slice(text.data, skip), forms[i].prefix)
            && dosis_text_is_digits(
                dosis_slice(text.data + skip, text.len - skip))) {
            agent_set(agent, forms[i].soort, text);
            memcpy(agent->id, forms[i].prefix.data, skip);
            return true;
        }
    }

    return false;
}


static size_t
digits_skip(dosis_slice_t text, size_t at)
{
    while (at < text.len && text.data[at] >= '0' && text.data[at] <= '9') {
        at++;
    }

    return at;
}


/* As a spreadsheet shows a long number: 8,5073E+10. */
static bool
is_rounded(dosis_slice_t text)
{
    size_t at = digits_skip(text, 0);
    size_t power;

    if (at > 0 && at < text.len
        && (text.data[at] == ',' || text.data[at] == '.')) {
        at = digits_skip(text, at + 1);
    }

    if (at == 0 || text.len - at < 3 || (text.data[at] | 0x20) != 'e'
        || text.data[at + 1] != '+') {
        return false;
    }

    power = digits_skip(text, at + 2);

    return power > at + 2 && power == text.len;
}


static bool
foreign_fits(dosis_slice_t text)
{
    if (text.len == 0 || text.len > DOSIS_AGENT_ID_MAX
        || !dosis_utf8_valid(text)) {
        return false;
    }

    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char) text.data[i] < ' ' || text.data[i] == 0x7f) {
            return false;
        }
    }

    return true;
}


const char *
dosis_agent_parse(
    dosis_slice_t text, dosis_strengheid_t strengheid, dosis_agent_t *ret_agent)
{
    bool done;
    const char *wrong;

    text = dosis_text_trim(text);
    wrong = number_set(ret_agent, text, strengheid, &done);

    if (done) {
        return wrong;
    }

    if (code_set(ret_agent, text)) {
        return NULL;
    }

    if (is_rounded(text)) {
        return "AgentAfgerond";
    }

    if (!foreign_fits(text)) {
        return "AgentOngeldig";
    }

    return agent_set(ret_agent, DOSIS_AGENT_VREEMD, text);
}


const char *
dosis_agent_soort_name(dosis_agent_soort_t soort)
{
    for (size_t i = 0; i < SOORTEN; i++) {
        if (soorten[i].soort == soort) {
            return soorten[i].name;
        }
    }

    return "Onbekend";
}


bool
dosis_agent_soort_parse(dosis_slice_t name, dosis_agent_soort_t *ret)
{
    for (size_t i = 0; i < SOORTEN; i++) {
        if (dosis_text_ieq(dosis_slice_of(soorten[i].name), name)) {
            *ret = soorten[i].soort;
            return true;
        }
    }

    return false;
}
