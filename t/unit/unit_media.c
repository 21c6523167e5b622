/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "base/dosis_media.h"

/* Does this Accept ask for linked data, where plain JSON is usual? */
static const struct {
    const char *accept;
    bool linked;
} rows[] = {
    { "", false },
    { "*/*", false },
    { "application/*", false },
    { "application/json", false },
    { "application/ld+json", true },
    { "Application/LD+JSON", true },
    { "  application/ld+json  ", true },
    { "application/ld+json;profile=\"http://www.w3.org/ns/json-ld#compacted\"",
        true },
    { "application/ld+json;profile=\"a;q=0,b\"", true },
    { "application/ld+json, */*", true },
    { "application/ld+json, */*;q=0.1", true },
    { "application/ld+json;q=0.5, */*;q=0.1", true },
    { "application/ld+json;q=0.5, */*", false },
    { "application/ld+json, application/json", true },
    { "application/json, application/ld+json", true },
    { "application/ld+json;q=0.8, application/json", false },
    { "application/ld+json, application/json;q=0.9", true },
    { "application/ld+json;q=0.9, application/json;q=0.1, */*", true },
    { "application/ld+json;q=0.3, application/*;q=0.4", false },
    { "application/ld+json;q=0", false },
    { "application/ld+json;q=0.000, text/html", false },
    { "application/ld+json;Q=1.000", true },
    { "application/ld+json;q=1.001", false },
    { "application/ld+json;q=2", false },
    { "application/ld+json;q=0.1234", false },
    { "application/ld+json;q=", false },
    { "application/ld+json;q=x", false },
    { "application/ld+jsonx", false },
    { "application/ld", false },
    { "text/html, application/xhtml+xml, */*;q=0.8", false },
    { "application/ld+json;profile=\"open", true },
    { ",,;;,application/ld+json,,", true },
    { "application/ld+json;q=0.2, application/ld+json;q=0.7, */*;q=0.5",
        true },
};


int
main(void)
{
    size_t i;
    dosis_slice_t accept;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        accept = dosis_slice_of(rows[i].accept);
        CHECK(dosis_media_prefers(
                  accept, "application/ld+json", "application/json")
                == rows[i].linked,
            rows[i].accept);
    }
    CHECK(!dosis_media_prefers(dosis_slice(NULL, 0), "application/ld+json",
              "application/json"),
        "no header at all is plain");

    return tap_done();
}
