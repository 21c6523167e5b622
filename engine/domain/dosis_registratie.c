/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_registratie.h"

#include "domain/domain_setting.h"
#include "domain/dosis_dossier.h"

#define AT(member) DOMAIN_SETTING_AT(dosis_client_t, member)
#define LIST(list, list_count)                                                 \
    AT(list), .count = offsetof(dosis_client_t, list_count),                   \
        .entries = DOSIS_REGISTRATIE_MAX

#define CLIENT_MAX 200 /* bytes */
#define UITGEVER_MAX 200

#define PUSH "a delivery"
#define COUNTER "a question of a counter"
#define EVERY "every request"
#define GRENS_MAX DOSIS_GRENS_MAX
#define INZAGES "`inzages`, at each question"

static const dosis_setting_t rows[] = {
    { NULL, "Client", DOSIS_SETTING_TEXT, NULL, AT(client), .max = CLIENT_MAX,
        .text = "Its client_id, as its tokens name it; never changes.",
        .used = "every request" },
    { NULL, "Naam", DOSIS_SETTING_TEXT, NULL, AT(naam), .max = DOSIS_NAAM_MAX,
        .text = "Its name, as people read it.", .used = "`dosisctl`" },
    { NULL, "Uitgever", DOSIS_SETTING_TEXT, "", AT(uitgever),
        .max = UITGEVER_MAX,
        .text = "The issuer (`iss`) whose tokens may name it; empty: any, so"
                " fill it in where there are several.",
        .used = EVERY },
    { NULL, "Actief", DOSIS_SETTING_BOOL, "true", AT(actief),
        .text = "Switched off it is refused, and so is a user who comes by it.",
        .used = "every request" },
    { NULL, "Inzage", DOSIS_SETTING_CHOICE, "direct",
        .words = "direct|uitgesteld|vrijgesteld", .first = DOSIS_INZAGE_DIRECT,
        AT(inzage),
        .text = "When those it looks at may read in `inzages` that it did: at"
                " once, InzageUitstelDagen later, or never.",
        .used = INZAGES },
    { NULL, "InzageUitstelDagen", DOSIS_SETTING_NUMBER, "90", .min = 1,
        .max = DOSIS_INZAGE_UITSTEL_MAX, AT(inzage_uitstel_dagen),
        .text = "Days of delay, when Inzage is `uitgesteld`.",
        .used = INZAGES },
    { NULL, "Bronnen", DOSIS_SETTING_TEXTS, "", LIST(bronnen, bronnen_count),
        .max = DOSIS_BRON_MAX,
        .text = "The sources it may deliver for, exactly as registered; any"
                " other is passed over.",
        .used = PUSH },
    { NULL, "Loket", DOSIS_SETTING_GROUP, "", AT(is_loket),
        .text = "Given, even empty: it is a counter and may ask.",
        .used = COUNTER },
    { "Loket", "AgentSoorten", DOSIS_SETTING_CHOICES, "",
        .words = "KBO|Vestiging|INSZ|Vereniging|OVO|Vreemd",
        .first = DOSIS_AGENT_KBO, AT(agent_soorten),
        .entries = DOSIS_REGISTRATIE_MAX,
        .text = "Kinds of agent it may ask about; none: all.",
        .used = COUNTER },
    { "Loket", "Bronnen", DOSIS_SETTING_TEXTS, "",
        LIST(loket_bronnen, loket_bronnen_count), .max = DOSIS_BRON_MAX,
        .text = "Sources whose dossiers it sees; none: all.", .used = COUNTER },
    { "Loket", "Producten", DOSIS_SETTING_TEXTS, "",
        LIST(producten, producten_count), .max = DOSIS_PRODUCT_MAX,
        .text = "Products whose dossiers it sees; none: all.",
        .used = COUNTER },
    { "Loket", "Vertrouwelijk", DOSIS_SETTING_BOOL, "false",
        AT(vertrouwelijk),
        .text = "Whether it sees confidential dossiers.", .used = "access" },
    { NULL, "Limiet", DOSIS_SETTING_GROUP, "",
        .text = "How much it may ask of one machine, in place of what "
                "`dosis_client_limit` says there.",
        .used = EVERY },
    { "Limiet", "VragenPerSeconde", DOSIS_SETTING_NUMBER, "0",
        AT(vragen.per_s), .max = GRENS_MAX,
        .text = "Questions a second, for as long as it lasts; 0: as "
                "configured.",
        .used = EVERY },
    { "Limiet", "VragenStoot", DOSIS_SETTING_NUMBER, "0", AT(vragen.stoot),
        .max = GRENS_MAX,
        .text = "Questions at once; 0: as many as in a second. Counts only "
                "with VragenPerSeconde.",
        .used = EVERY },
    { "Limiet", "LeveringenPerSeconde", DOSIS_SETTING_NUMBER, "0",
        AT(leveringen.per_s), .max = GRENS_MAX,
        .text = "Dossiers delivered or withdrawn a second, for as long as it "
                "lasts; 0: as configured.",
        .used = PUSH },
    { "Limiet", "LeveringenStoot", DOSIS_SETTING_NUMBER, "0",
        AT(leveringen.stoot), .max = GRENS_MAX,
        .text = "Dossiers at once; 0: as many as in a second. Counts only "
                "with LeveringenPerSeconde.",
        .used = PUSH },
};

const dosis_settings_t dosis_client_settings = { "a client", rows,
    sizeof(rows) / sizeof(rows[0]) };


dosis_rc_t
dosis_client_from_json(const dosis_json_t *json, dosis_arena_t *arena,
    dosis_client_t *ret_client, dosis_err_t *err)
{
    domain_reader_t reader = {
        .arena = arena, .err = err, .unknown = DOSIS_RULE_VELD_BESTAAT_NIET
    };

    memset(ret_client, 0, sizeof(*ret_client));
    domain_settings_read(&reader, &dosis_client_settings, json, ret_client);

    return domain_reader_rc(&reader);
}


bool
dosis_client_delivers(const dosis_client_t *client, dosis_slice_t bron)
{
    if (!client->actief) {
        return false;
    }

    for (size_t i = 0; i < client->bronnen_count; i++) {
        if (dosis_slice_eq(client->bronnen[i], bron)) {
            return true;
        }
    }

    return false;
}


bool
dosis_client_asks(const dosis_client_t *client, dosis_agent_soort_t soort)
{
    return client->actief && client->is_loket
        && (client->agent_soorten == 0
            || (client->agent_soorten & (1u << soort)) != 0);
}
