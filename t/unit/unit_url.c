/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/shown.h"
#include "../lib/tap.h"
#include "domain/dosis_dossier.h"
#include "domain/dosis_url.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))


static void
check_valid(void)
{
    static const struct {
        const char *url;
        bool valid;
    } rows[] = {
        { "https://loket.example.be/dossier/123", true },
        { "http://loket.example.be", true },
        { "HTTPS://LOKET.EXAMPLE.BE/", true },
        { "https://localhost:8443/a?b=c&d=%20#e", true },
        { "https://[2001:db8::1]:443/a", true },
        { "https://[2001:db8::1]", true },
        { "https://10.0.0.1?x", true },
        { "https://a#b", true },
        { "https://eloket-a.antwerpen.be/nl/aanvraag/5f1a?type=company", true },
        { "https://caf\xC3\xA9.be/", true },
        { "https://a/b@c", true },
        { "https://a/b:c", true },
        { "www.example.com", false },
        { "//example.com/a", false },
        { "/dossier/1", false },
        { "ftp://example.com/", false },
        { "javascript:alert(1)", false },
        { "data:text/html,x", false },
        { "https:/example.com", false },
        { "https://", false },
        { "https:///a", false },
        { "https://?a", false },
        { "https://:80/", false },
        { "https://a:/", false },
        { "https://a:123456/", false },
        { "https://a:8o/", false },
        { "https://user@example.com/", false },
        { "https://user:secret@example.com/", false },
        { "https://a%40b/", false },
        { "https://[::1/", false },
        { "https://[]/", false },
        { "https://[zz]/", false },
        { "https://[::1]x/", false },
        { "https://a/b c", false },
        { "https://a/b\tc", false },
        { "https://a/\r\nSet-Cookie:x", false },
        { "https://a/\x7f", false },
        { "https://a/\"b", false },
        { "https://a/'b", false },
        { "https://a/<b", false },
        { "https://a/>b", false },
        { "https://a\\b/", false },
        { "https://a/`b", false },
        { "", false },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        CHECK(dosis_url_valid(dosis_slice_of(rows[i].url)) == rows[i].valid,
            shown(rows[i].url));
    }
}


static void
check_insz(void)
{
    static const struct {
        const char *url;
        bool holds;
    } rows[] = {
        { "https://a/85073000754", true },
        { "https://a/?rrn=85073000754&x", true },
        { "https://a/85.07.30-007.54", true },
        { "https://a/85-07-30-007-54", true },
        { "https://a/85/07/30/007/54", true },
        { "https://a/85%2E07%2e30%2D007.54", true },
        { "https://a/85%2007%2030%20007%2054", true },
        { "https://a/?q=85+07+30+007+54", true },
        { "https://a/%38%35073000754", true },
        { "https://a/x85073000754y", true },
        { "https://a/04030512355", true },
        { "https://a/85073000755", false },
        { "https://a/850730007540", false },
        { "https://a/185073000754", false },
        { "https://a/8507300075", false },
        { "https://a/8.5.073000754", false },
        { "https://a/85..07.30-007.54", false },
        { "https://a/2026-000123", false },
        { "https://a/%zz85", false },
        { "https://a/8507300075%3", false },
        { "", false },
    };
    char text[DOSIS_URL_MAX + 20];

    for (size_t i = 0; i < ROWS(rows); i++) {
        CHECK(
            dosis_url_holds_insz(dosis_slice_of(rows[i].url)) == rows[i].holds,
            shown(rows[i].url));
    }

    memset(text, 'a', sizeof(text));
    memcpy(text, "https://", 8);
    memcpy(text + DOSIS_URL_MAX - 11, "85073000754", 11);
    CHECK(dosis_url_holds_insz(dosis_slice(text, DOSIS_URL_MAX)),
        "the last bytes of the longest address are seen");
    CHECK(dosis_url_valid(dosis_slice(text, DOSIS_URL_MAX))
            && !dosis_url_valid(dosis_slice(text, DOSIS_URL_MAX + 1)),
        "an address of more than 1000 bytes is refused");
}


static void
check_may_open(void)
{
    static const dosis_slice_t hosts[] = { { "loket.example.be", 16 },
        { "*.bron.be", 9 } };
    static const struct {
        const char *url;
        bool may;
    } rows[] = {
        { "https://loket.example.be", true },
        { "HTTPS://Loket.Example.BE:8443/a?b#c", true },
        { "https://a.bron.be/", true },
        { "https://a.b.bron.be?x", true },
        { "http://loket.example.be/", false },
        { "https://bron.be/", false },
        { "https://.bron.be/", false },
        { "https://xbron.be/", false },
        { "https://loket.example.be.kwaad.be/", false },
        { "https://xloket.example.be/", false },
        { "https://loket.example.be./", false },
        { "https://kwaad.be/loket.example.be", false },
        { "https://kwaad.be?loket.example.be", false },
        { "https://kwaad.be#loket.example.be", false },
        { "https://loket.example.be@kwaad.be/", false },
        { "https://kwaad.be\\loket.example.be/", false },
        { "https://loket.example.be%2Ekwaad.be/", false },
        { "https://l\xC3\xB6ket.bron.be/", false },
        { "https://loket.example.be/\r\nX: 1", false },
        { "https://loket.example.be/85073003328", false },
        { "", false },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        CHECK(dosis_url_may_open(dosis_slice_of(rows[i].url), hosts, 2)
                == rows[i].may,
            rows[i].url);
    }
    CHECK(dosis_url_may_open(DOSIS_SLICE("https://x.be/"), NULL, 0)
            && !dosis_url_may_open(DOSIS_SLICE("http://x.be/"), NULL, 0),
        "without hosts any, but https all the same");
}


static void
check_add(void)
{
    static const struct {
        const char *url;
        const char *with;
    } rows[] = {
        { "https://a.be", "https://a.be?p=%26%3D%2B" },
        { "https://a.be/?", "https://a.be/?&p=%26%3D%2B" },
        { "https://a.be/?x=1#y?z", "https://a.be/?x=1&p=%26%3D%2B#y?z" },
        { "https://a.be/\xC3\xA9", "https://a.be/%C3%A9?p=%26%3D%2B" },
    };
    const dosis_url_param_t param = { "p", DOSIS_SLICE("&=+") };
    char memory[256];
    dosis_buf_t out;

    for (size_t i = 0; i < ROWS(rows); i++) {
        dosis_buf_init_fixed(&out, memory, sizeof(memory));
        dosis_url_add(&out, dosis_slice_of(rows[i].url), &param, 1);
        CHECK(dosis_slice_eq(
                  dosis_buf_slice(&out), dosis_slice_of(rows[i].with)),
            rows[i].with);
    }
}


int
main(void)
{
    check_valid();
    check_may_open();
    check_add();
    check_insz();

    return tap_done();
}
