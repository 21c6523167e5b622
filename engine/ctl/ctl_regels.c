/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl regels: the rules of a delivery, from the tables that check it */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_options.h"
#include "domain/dosis_instelling.h"
#include "domain/dosis_paar.h"
#include "domain/dosis_rule.h"
#include "domain/dosis_veld.h"

#define REGELS_MAX ((size_t) 1 << 20)

static const char page_head[] =
    "# What a delivery must keep\n"
    "\n"
    "Made by `dosisctl regels` from the tables that check each delivery; do\n"
    "not edit it. A running server gives the same as JSON, at\n"
    "`/api/v1/dosis/instellingen/validatie` and\n"
    "`/api/v1/dosis/instellingen/limieten`, there with its own settings.\n";

static const char rules_head[] =
    "\n## Rules\n\n"
    "A `fout` refuses the delivery, a `waarschuwing` never does. `*` is any\n"
    "element, alone any member.\n\n"
    "| Code | Ernst | Omschrijving | Velden | Herkomst |\n"
    "|---|---|---|---|---|\n";

static const char csv_head[] =
    "\n## CSV files\n\n"
    "What the header and the rows of a file must keep besides, before they\n"
    "are deliveries.\n\n"
    "| Code | Ernst | Omschrijving | Herkomst |\n"
    "|---|---|---|---|\n";

static const char fields_head[] =
    "\n## Members\n\n"
    "Lengths in bytes of UTF-8, of a list in elements.\n\n"
    "| Veld | Soort | Plicht | Maximum | Ook als |\n"
    "|---|---|---|---|---|\n";

static const char pairs_head[] =
    "\n## Phase and code\n\n"
    "Any other pair is accepted with the warning `OngebruikelijkPaar`.\n\n"
    "| Fase | Codes |\n"
    "|---|---|\n";

static const char limits_head[] = "\n## Limits\n\n"
                                  "As they are when nothing is configured.\n\n"
                                  "| Naam | Waarde | Eenheid | Omschrijving |\n"
                                  "|---|---|---|---|\n";


static void
add_rules(dosis_buf_t *page)
{
    int id;

    DOSIS_BUF_LIT(page, rules_head);
    for (id = 0; id < DOSIS_RULE_DELIVERY_END; id++) {
        const dosis_rule_t *rule = dosis_rule((dosis_rule_id_t) id);
        const char *field = rule->velden;

        dosis_buf_addf(page, "| %s | %s | ", rule->code, rule->ernst);
        dosis_rule_add_text(page, rule, rule->gat);
        DOSIS_BUF_LIT(page, " |");
        while (*field != '\0') {
            size_t len = strcspn(field, " ");

            dosis_buf_addf(page, " `%.*s`", (int) len, field);
            field += len + strspn(field + len, " ");
        }
        dosis_buf_addf(page, " | %s |\n", rule->herkomst);
    }
}


static void
add_csv(dosis_buf_t *page)
{
    int id;

    DOSIS_BUF_LIT(page, csv_head);
    for (id = DOSIS_RULE_CSV; id < DOSIS_RULE_MAX; id++) {
        const dosis_rule_t *rule = dosis_rule((dosis_rule_id_t) id);

        dosis_buf_addf(page, "| %s | %s | ", rule->code, rule->ernst);
        dosis_rule_add_text(page, rule, rule->gat);
        dosis_buf_addf(page, " | %s |\n", rule->herkomst);
    }
}


static void
add_field(const dosis_veld_t *veld, void *payload)
{
    dosis_buf_t *page = payload;
    size_t i;

    dosis_buf_addf(
        page, "| `%s` | %s", veld->pad, dosis_veld_soort_name(veld->soort));
    if (veld->lijst != NULL) {
        dosis_buf_addf(page, " uit %s", veld->lijst);
    }
    dosis_buf_addf(page, " | %s |", dosis_veld_plicht_name(veld->plicht));
    if (veld->max > 0) {
        dosis_buf_addf(page, " %zu", veld->max);
    }
    DOSIS_BUF_LIT(page, " |");
    for (i = 0; i < veld->namen; i++) {
        dosis_buf_addf(page, " `%s`", veld->naam[i]);
    }
    DOSIS_BUF_LIT(page, " |\n");
}


static void
add_pairs(dosis_buf_t *page)
{
    const char *code;
    size_t i, j;

    DOSIS_BUF_LIT(page, pairs_head);
    for (i = 0; i < dosis_paar_count(); i++) {
        dosis_buf_addf(page, "| %s |", dosis_paar_fase(i));
        for (j = 0; (code = dosis_paar_code(i, j)) != NULL; j++) {
            dosis_buf_addf(page, "%s %s", j > 0 ? "," : "", code);
        }
        DOSIS_BUF_LIT(page, " |\n");
    }
}


static void
add_limits(dosis_buf_t *page)
{
    size_t i;

    DOSIS_BUF_LIT(page, limits_head);
    for (i = 0; i < dosis_limiet_count(); i++) {
        const dosis_limiet_t *limiet = dosis_limiet_at(i);

        dosis_buf_addf(page, "| %s | %llu | %s | %s |\n", limiet->naam,
            (unsigned long long) dosis_limiet_waarde(limiet, NULL),
            limiet->eenheid, limiet->omschrijving);
    }
}


static void
add_page(dosis_buf_t *page)
{
    DOSIS_BUF_LIT(page, page_head);
    add_rules(page);
    add_csv(page);
    DOSIS_BUF_LIT(page, fields_head);
    dosis_veld_each(add_field, page);
    add_pairs(page);
    add_limits(page);
}


static void
add_json(dosis_buf_t *page)
{
    DOSIS_BUF_LIT(page, "{\"Validatie\":");
    dosis_instelling_add_regels(page);
    DOSIS_BUF_LIT(page, ",\"Limieten\":");
    dosis_instelling_add_limieten(page, NULL);
    DOSIS_BUF_LIT(page, "}\n");
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    bool json = false;
    bool printed;
    dosis_buf_t page;
    ctl_options_verdict_t verdict;
    const ctl_option_t options[] = {
        { .name = "json", .flag = &json },
        { .name = NULL },
    };

    verdict = ctl_options_parse(command, argc, argv, options, NULL);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    dosis_buf_init(&page, REGELS_MAX);
    if (json) {
        add_json(&page);
    } else {
        add_page(&page);
    }
    printed = page.rc == DOSIS_OK
        && fwrite(page.data, 1, page.len, stdout) == page.len
        && fflush(stdout) == 0;
    dosis_buf_done(&page);
    if (!printed) {
        ctl_say("rules not written");
    }
    return printed ? CTL_FINE : CTL_FAILED;
}


const ctl_command_t ctl_regels = {
    .word = "regels",
    .summary = "the rules and limits of a delivery",
    .help = "usage: dosisctl regels [--json]\n"
            "\n"
            "Prints what a delivery must keep, from the tables that check it:\n"
            "rules, members with their lengths, usual pairs of phase and\n"
            "code, limits. As the page engine/doc/validatie.md, or:\n"
            "\n"
            "  --json  as one JSON object\n",
    .run = run,
};
