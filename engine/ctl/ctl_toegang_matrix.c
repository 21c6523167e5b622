/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl toegang matrix: the rules of access, and each case judged by them */
#include <stdio.h>

#include "base/dosis_buf.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_toegang.h"
#include "domain/dosis_access.h"

#define MATRIX_MAX ((size_t) 1 << 18)

static const char page_head[] =
    "# The rules of access, and each case\n"
    "\n"
    "Made by `dosisctl toegang matrix` from the table that judges each "
    "request\n"
    "(`domain/dosis_access.c`); do not edit it. What goes in, and which doors\n"
    "ask: [access.md](access.md). `POST /api/v1/dosis/uitleg` names the same\n"
    "codes.\n"
    "\n"
    "## Rules\n"
    "\n"
    "The first that holds decides; the last always does.\n"
    "\n"
    "| Code | Als | En niet | Dan | Omschrijving |\n"
    "|---|---|---|---|---|\n";

static const char cases_head[] =
    "\n## Cases\n\n"
    "Of a dossier that is not withdrawn, and not confidential or asked with\n"
    "enough assurance. *own*: visible as an agent. *public*: visible, without\n"
    "agents. *no*: invisible. In parentheses the rule that decides.\n"
    "\n"
    "| Wie vraagt | Publiek | Rechten bij die agent | ZonderRecht | Lijst |"
    " Detail |\n"
    "|---|---|---|---|---|---|\n";

static const char *const verdicts[] = {
    [DOSIS_SEEN_OWN] = "own",
    [DOSIS_SEEN_PUBLIC] = "public",
    [DOSIS_UNSEEN_WITHDRAWN] = "no",
    [DOSIS_UNSEEN_CONFIDENTIAL] = "no",
    [DOSIS_UNSEEN_NO_AGENT] = "no",
    [DOSIS_UNSEEN_NO_RIGHT] = "no",
};

static const struct {
    const char *name;
    bool is_agent;
    dosis_agent_soort_t soort;
} kinds[] = {
    { "geen agent", false, DOSIS_AGENT_KBO },
    { "een persoon", true, DOSIS_AGENT_INSZ },
    { "een andere agent", true, DOSIS_AGENT_KBO },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const dosis_slice_t raadpleger = { "Raadpleger", 10 };
static const dosis_slice_t other = { "R", 1 };

static const struct {
    const char *name;
    const dosis_slice_t *listed;
    const dosis_slice_t *held;
} rights[] = {
    { "geen", NULL, &other },
    { "Raadpleger, zonder het te hebben", &raadpleger, &other },
    { "Raadpleger, en hij heeft het", &raadpleger, &raadpleger },
    { "een ander, zonder het te hebben", &other, &raadpleger },
    { "een ander, en hij heeft het", &other, &other },
};

#define RIGHTS (sizeof(rights) / sizeof(rights[0]))

/* One dossier and who asks for it. */
typedef struct {
    size_t kind;
    size_t right;
    bool publiek;
    bool iedereen;
    bool ingetrokken;
    bool vertrouwelijk;
    bool zeker;
} case_t;

static const dosis_door_t doors[] = { DOSIS_DOOR_LIST, DOSIS_DOOR_DETAIL };


static const dosis_access_rule_t *
judge(const case_t *c, dosis_door_t door)
{
    const dosis_subject_t subject = { .vertrouwelijk = c->zeker,
        .rechten = rights[c->right].held,
        .rechten_count = 1 };
    const dosis_access_record_t record = { .ingetrokken = c->ingetrokken,
        .publiek = c->publiek,
        .vertrouwelijk = c->vertrouwelijk,
        .is_agent = kinds[c->kind].is_agent,
        .soort = kinds[c->kind].soort,
        .rechten = rights[c->right].listed,
        .rechten_count = rights[c->right].listed != NULL,
        .zonder_recht_iedereen = c->iedereen };

    return dosis_access_decide(&subject, &record, door);
}


/* --- rules --------------------------------------------------------------- */

static void
add_facts(dosis_buf_t *page, unsigned facts)
{
    const char *lead = "";
    size_t i;

    for (i = 0; i < DOSIS_FEITEN; i++) {
        if (facts & (1u << i)) {
            dosis_buf_addf(page, "%s%s", lead, dosis_access_feiten[i]);
            lead = "; ";
        }
    }
    dosis_buf_addf(page, " | ");
}


static void
add_rules(dosis_buf_t *page)
{
    const dosis_access_rule_t *rule;
    size_t i;

    for (i = 0; i < DOSIS_ACCESS_RULES; i++) {
        rule = &dosis_access_rules[i];
        dosis_buf_addf(page, "| %s | ", rule->code);
        add_facts(page, rule->wel);
        add_facts(page, rule->niet);
        dosis_buf_addf(
            page, "%s | %s |\n", verdicts[rule->verdict], rule->tekst);
    }
}


/* --- cases --------------------------------------------------------------- */

/* Both doors, by the same rules. */
static bool
is_alike(const case_t *x, const case_t *y)
{
    size_t i;

    for (i = 0; i < sizeof(doors) / sizeof(doors[0]); i++) {
        if (judge(x, doors[i]) != judge(y, doors[i])) {
            return false;
        }
    }
    return true;
}


static void
add_case(
    dosis_buf_t *page, const case_t *c, const char *right, const char *iedereen)
{
    const dosis_access_rule_t *rule;
    size_t i;

    dosis_buf_addf(page, "| %s | %s | %s | %s |", kinds[c->kind].name,
        c->publiek ? "ja" : "nee", right, iedereen);
    for (i = 0; i < sizeof(doors) / sizeof(doors[0]); i++) {
        rule = judge(c, doors[i]);
        dosis_buf_addf(
            page, " %s (%s) |", verdicts[rule->verdict], rule->code);
    }
    dosis_buf_add_byte(page, '\n');
}


/* One row where the source makes no difference, else two. */
static void
add_right(dosis_buf_t *page, const case_t *c)
{
    case_t iedereen = *c;

    iedereen.iedereen = true;
    if (is_alike(c, &iedereen)) {
        add_case(page, c, rights[c->right].name, "");
        return;
    }
    add_case(page, c, rights[c->right].name, "niemand");
    add_case(page, &iedereen, rights[c->right].name, "iedereen");
}


static bool
rights_are_alike(const case_t *c)
{
    case_t one = *c;
    size_t i;

    for (i = 0; i < RIGHTS * 2; i++) {
        one.right = i / 2;
        one.iedereen = i % 2;
        if (!is_alike(c, &one)) {
            return false;
        }
    }
    return true;
}


static void
add_cases(dosis_buf_t *page)
{
    case_t c = { 0 };
    size_t i;

    for (i = 0; i < KINDS * 2; i++) {
        c.kind = i / 2;
        c.publiek = i % 2;
        c.right = 0;
        if (rights_are_alike(&c)) {
            add_case(page, &c, "", "");
            continue;
        }
        for (c.right = 0; c.right < RIGHTS; c.right++) {
            add_right(page, &c);
        }
    }
}


/* --- the rest, counted --------------------------------------------------- */

#define CASES (KINDS * RIGHTS * 2 * 2 * 2)

/* Judged over every case of the table, at both doors. */
static size_t
count_seen(case_t c, size_t *ret_like_plain)
{
    size_t i, seen = 0;
    dosis_verdict_t verdict;
    case_t plain;

    *ret_like_plain = 0;
    for (i = 0; i < CASES; i++) {
        c.kind = i % KINDS;
        c.right = i / KINDS % RIGHTS;
        c.publiek = i / (KINDS * RIGHTS) % 2;
        c.iedereen = i / (KINDS * RIGHTS * 2) % 2;
        verdict = judge(&c, doors[i / (CASES / 2)])->verdict;
        seen += dosis_verdict_sees(verdict);
        plain = c;
        plain.ingetrokken = plain.vertrouwelijk = plain.zeker = false;
        *ret_like_plain +=
            verdict == judge(&plain, doors[i / (CASES / 2)])->verdict;
    }
    return seen;
}


static void
add_rest(dosis_buf_t *page)
{
    static const struct {
        const char *name;
        case_t c;
    } rows[] = {
        { "ingetrokken", { .ingetrokken = true } },
        { "ingetrokken, met zekerheid",
            { .ingetrokken = true, .zeker = true } },
        { "vertrouwelijk", { .vertrouwelijk = true } },
        { "vertrouwelijk, met zekerheid",
            { .vertrouwelijk = true, .zeker = true } },
        { "niet vertrouwelijk, met zekerheid", { .zeker = true } },
    };
    size_t i, seen, like;

    DOSIS_BUF_LIT(page,
        "\n## Withdrawn and confidential\n\n"
        "Every case above, with its source both ways, at both doors.\n\n"
        "| Dossier | Gevallen | Zichtbaar | Zoals in de tabel |\n"
        "|---|---|---|---|\n");
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        seen = count_seen(rows[i].c, &like);
        dosis_buf_addf(page, "| %s | %zu | %zu | %zu |\n", rows[i].name,
            (size_t) CASES, seen, like);
    }
}


int
ctl_toegang_matrix(void)
{
    dosis_buf_t page;
    bool printed;

    dosis_buf_init(&page, MATRIX_MAX);
    DOSIS_BUF_LIT(&page, page_head);
    add_rules(&page);
    DOSIS_BUF_LIT(&page, cases_head);
    add_cases(&page);
    add_rest(&page);
    printed = page.rc == DOSIS_OK
        && fwrite(page.data, 1, page.len, stdout) == page.len
        && fflush(stdout) == 0;
    dosis_buf_done(&page);
    if (!printed) {
        ctl_say("matrix not written");
    }
    return printed ? CTL_FINE : CTL_FAILED;
}
