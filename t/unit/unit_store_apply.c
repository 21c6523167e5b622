/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Order: the same set of stamped operations ends in one state, in whatever
 * order it arrives; and random deliveries, listed, equal a plain model.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/store_apply.h"

#define OPS        5
#define DOSSIERS   120
#define COMPANIES  5
#define ROUNDS     2500


/* --- permutations -------------------------------------------------------- */

static const char *
content_json(const char *naam, const char *agents)
{
    static char text[1024];

    (void) snprintf(text, sizeof(text),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"p\"},\"Naam\":\"%s\","
        "\"WijzigingsDatum\":\"2026-01-01\",\"Status\":{\"VlaamsFase\":"
        "\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"},\"Agenten\":[%s]}",
        naam, agents);
    return text;
}


/* What may not depend on the order of arrival. */
typedef struct {
    store_held_state_t state;
    store_stamp_t stamp;
    uint8_t content[16];
    uint8_t agents;
    uint8_t agent[DOSIS_AGENTEN_MAX][STORE_AGENT_BYTES];
} end_t;


static end_t
apply_all(fixture_t *f, const store_op_t *ops, const int *order, unsigned n)
{
    int i;
    dosis_txn_t *txn;
    store_op_t op;
    store_held_t held;
    end_t end;

    memset(&end, 0, sizeof(end));
    for (i = 0; i < OPS; i++) {
        fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
        op = ops[order[i]];
        dosis_be64(op.id, n * UINT64_C(0x9e3779b97f4a7c15));
        store_held_load(txn, op.id, &held);
        (void) store_apply(txn, &op, &held);
        store_held_load(txn, op.id, &held);
        fixture_must(dosis_txn_commit(txn), "commit");
    }
    end.state = held.state;
    end.stamp.date_ns = held.head.stamp.date_ns;
    end.stamp.hlc = held.head.stamp.hlc;
    end.stamp.site = held.head.stamp.site;
    if (held.state == HELD_LIVE) {
        memcpy(end.content, held.head.content, sizeof(end.content));
        end.agents = held.agents;
        memcpy(end.agent, held.agent, sizeof(end.agent));
    }
    return end;
}


static bool
next_permutation(int *a, int n)
{
    int i = n - 2, k = n - 1, t;

    while (i >= 0 && a[i] > a[i + 1]) {
        i--;
    }
    if (i < 0) {
        return false;
    }
    while (a[k] < a[i]) {
        k--;
    }
    t = a[i], a[i] = a[k], a[k] = t;
    for (i++, k = n - 1; i < k; i++, k--) {
        t = a[i], a[i] = a[k], a[k] = t;
    }
    return true;
}


static void
op_of(store_op_t *op, const dosis_delivery_t *d, int64_t date, uint64_t hlc)
{
    memset(op, 0, sizeof(*op));
    op->withdraw = d == NULL;
    op->stamp = (store_stamp_t) { date * DOSIS_NS_PER_S, hlc,
        (uint16_t) (1 + hlc % 2) };
    op->receipt_ns = FIXTURE_NOW;
    op->bron = 1;
    if (d != NULL) {
        op->dossier = &d->dossier;
        op->agents = (const uint8_t (*)[STORE_AGENT_BYTES]) d->agents;
        memcpy(op->content, d->content, sizeof(op->content));
    }
}


/* sets: (which content, date, receipt) per operation; -1 is a withdrawal. */
static const struct {
    const char *fact;
    struct {
        int content;
        int64_t date;
        uint64_t hlc;
    } op[OPS];
} sets[] = {
    { "a withdrawal in the middle",
        { { 0, 10, 1 }, { 1, 20, 2 }, { -1, 30, 3 }, { 2, 40, 4 },
            { 0, 25, 5 } } },
    { "a withdrawal that is newest",
        { { 0, 10, 1 }, { 1, 20, 2 }, { 2, 30, 3 }, { -1, 40, 4 },
            { -1, 15, 5 } } },
    { "equal dates, told apart by receipt",
        { { 0, 10, 1 }, { 1, 10, 2 }, { 2, 10, 3 }, { -1, 10, 4 },
            { 1, 10, 5 } } },
    { "the same content at several dates",
        { { 0, 10, 1 }, { 0, 30, 2 }, { 0, 20, 3 }, { 1, 25, 4 },
            { 0, 30, 5 } } },
};


static void
test_permutations(fixture_t *f)
{
    int order[OPS], i;
    unsigned s, n = 0, differ;
    dosis_delivery_t d[3];
    store_op_t ops[OPS];
    end_t first, end;

    d[0] = fixture_delivery(f, content_json("A",
        "{\"Identificatie\":\"0100000070\",\"Toegangsrechten\":[]}"));
    d[1] = fixture_delivery(f, content_json("B",
        "{\"Identificatie\":\"0100000070\"},"
        "{\"Identificatie\":\"85073000754\"}"));
    d[2] = fixture_delivery(f, content_json("C",
        "{\"Identificatie\":\"85073000754\",\"Toegangsrechten\":"
        "[{\"Code\":\"Raadpleger\"}]}"));
    for (s = 0; s < sizeof(sets) / sizeof(sets[0]); s++) {
        for (i = 0; i < OPS; i++) {
            order[i] = i;
            op_of(&ops[i], sets[s].op[i].content < 0
                               ? NULL
                               : &d[sets[s].op[i].content],
                sets[s].op[i].date, sets[s].op[i].hlc);
        }
        differ = 0;
        memset(&first, 0, sizeof(first));
        do {
            end = apply_all(f, ops, order, 1 + n);
            if (memcmp(order, (int[]) { 0, 1, 2, 3, 4 }, sizeof(order))
                == 0) {
                first = end;
            }
            differ += memcmp(&first, &end, sizeof(end)) != 0;
            n++;
        } while (next_permutation(order, OPS));
        CHECK(differ == 0, sets[s].fact);
    }
}


/* --- a model ------------------------------------------------------------- */

typedef struct {
    bool live;
    bool ever;
    int64_t date;                 /* of the stamp held, seconds */
    unsigned content;
    bool agent[COMPANIES];
} model_t;


static const char *
model_json(unsigned nummer, int64_t date, unsigned content,
    const bool agent[COMPANIES])
{
    static char text[2048];
    char kbo[11];
    unsigned i;
    size_t n;
    dosis_buf_t datum;
    char bytes[40] = { 0 };

    dosis_buf_init_fixed(&datum, bytes, sizeof(bytes) - 1);
    dosis_time_add_utc(&datum, date * DOSIS_NS_PER_S);
    n = (size_t) snprintf(text, sizeof(text),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"m%u\"},\"Naam\":\"inhoud %u\","
        "\"WijzigingsDatum\":\"%s\",\"Status\":{\"VlaamsFase\":"
        "\"Behandeling\",\"VlaamsCode\":\"InBehandeling\",\"Detail1\":"
        "\"%.*s\"},\"Agenten\":[", nummer, content, bytes,
        (int) (content * 37 % 90),
        "een tekst van wisselende lengte, zodat bladzijden op allerlei "
        "plaatsen splitsen en leeglopen");
    for (i = 0; i < COMPANIES; i++) {
        if (agent[i]) {
            fixture_kbo(i, kbo);
            n += (size_t) snprintf(text + n, sizeof(text) - n,
                "%s{\"Identificatie\":\"%s\",\"Toegangsrechten\":"
                "[{\"Code\":\"Lezer\"}]}",
                text[n - 1] == '[' ? "" : ",", kbo);
        }
    }
    (void) snprintf(text + n, sizeof(text) - n, "]}");
    return text;
}


/* xorshift: repeatable. */
static unsigned
draw(unsigned below)
{
    static uint32_t x = 2463534242u;

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return x % below;
}


static void
step(fixture_t *f, model_t *model)
{
    unsigned i, nummer = draw(DOSSIERS), content = draw(40);
    int64_t date = 1700000000 + draw(4000) * 60;
    bool agent[COMPANIES] = { false }, withdraw = draw(8) == 0;
    char name[16];
    model_t *m = &model[nummer];

    if (withdraw) {
        (void) snprintf(name, sizeof(name), "m%u", nummer);
        (void) fixture_withdraw(f, name, date * DOSIS_NS_PER_S);
        if (m->ever && date >= m->date) {
            m->live = false;
            m->date = date;
        }
        return;
    }
    agent[draw(COMPANIES)] = true;
    agent[draw(COMPANIES)] = true;
    (void) fixture_push(f, model_json(nummer, date, content, agent));
    if (!m->ever || date >= m->date) {
        m->live = true;
        m->ever = true;
        m->date = date;
        m->content = content;
        for (i = 0; i < COMPANIES; i++) {
            m->agent[i] = agent[i];
        }
    }
}


/* Every row of one company, page by page; checks order and content. */
static bool
list_equals(fixture_t *f, const model_t *model, unsigned company)
{
    char kbo[11], expected[64], date[40];
    static char after[512], last[40];
    unsigned i, live = 0, rows = 0, wrong = 0;
    const char *at, *next;
    dosis_buf_t body;
    dosis_answer_t answer;
    dosis_question_t q = { .limit = 7 };

    fixture_kbo(company, kbo);
    for (i = 0; i < DOSSIERS; i++) {
        live += model[i].live && model[i].agent[company];
    }
    (void) snprintf(last, sizeof(last), "9999");
    dosis_buf_init(&body, (size_t) 1 << 20);
    do {
        dosis_buf_reset(&body);
        fixture_must(fixture_list(f, kbo, &q, &body, &answer), "list");
        dosis_buf_add_byte(&body, '\0');
        rows += answer.rows;
        for (at = body.data; (at = strstr(at, "\"DossierNummer\":\"m"));) {
            i = (unsigned) strtoul(at + 18, NULL, 10);
            (void) snprintf(expected, sizeof(expected), "inhoud %u\"",
                model[i].content);
            at = strstr(at, "\"Naam\":\"") + 8;
            wrong += strncmp(at, expected, strlen(expected)) != 0;
            wrong += !model[i].live || !model[i].agent[company];
            at = strstr(at, "\"WijzigingsDatum\":\"") + 19;
            (void) snprintf(date, sizeof(date), "%.24s", at);
            wrong += strcmp(date, last) > 0;
            (void) snprintf(last, sizeof(last), "%s", date);
        }
        next = strstr(body.data, "\"Volgende\":\"");
        if (next != NULL) {
            (void) snprintf(after, sizeof(after), "%.*s",
                (int) strcspn(next + 12, "\""), next + 12);
            q.after = dosis_slice_of(after);
        }
    } while (answer.more);
    dosis_buf_done(&body);
    return rows == live && wrong == 0;
}


static void
test_model(fixture_t *f)
{
    unsigned i, differ = 0;
    static model_t model[DOSSIERS];
    dosis_verify_t report;

    for (i = 1; i <= ROUNDS; i++) {
        step(f, model);
        if (i % 500 == 0) {
            unsigned c;

            for (c = 0; c < COMPANIES; c++) {
                differ += !list_equals(f, model, c);
            }
            dosis_arena_reset(f->arena);
        }
    }
    CHECK(differ == 0, "random deliveries are listed as a plain model says");
    CHECK(fixture_is_whole(f, &report), "and verify finds nothing");
}


int
main(void)
{
    fixture_t f;

    fixture_begin(&f);
    test_model(&f);
    fixture_end(&f);
    fixture_begin(&f);
    test_permutations(&f);
    fixture_end(&f);
    return tap_done();
}
