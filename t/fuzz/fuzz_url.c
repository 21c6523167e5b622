/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_url: where a browser may be sent. What is accepted is https on an
 * allowed host, and stands in a header as printable ASCII, whatever parameter
 * goes with it.
 */

#include "domain/dosis_url.h"
#include "fuzz.h"


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;

    return 0;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char memory[65536];
    const dosis_slice_t hosts[] = { { "loket.example.be", 16 },
        { "*.bron.be", 9 } };
    dosis_slice_t url = dosis_slice((const char *) data, size);
    const dosis_url_param_t param = { "login_hint", url };
    dosis_slice_t origin;
    dosis_buf_t out;

    if (!dosis_url_may_open(url, hosts, 2)) {
        return 0;
    }

    MUST(dosis_url_valid(url) && !dosis_url_holds_insz(url));
    origin = dosis_url_origin(url);
    MUST(origin.len > 8 && origin.len <= url.len);
    MUST(memchr(origin.data, '@', origin.len) == NULL);
    dosis_buf_init_fixed(&out, memory, sizeof(memory));
    dosis_url_add(&out, url, &param, 1);
    MUST(out.rc == DOSIS_OK && out.len >= origin.len
        && memcmp(out.data, origin.data, origin.len) == 0);
    for (size_t i = 0; i < out.len; i++) {
        MUST(out.data[i] > ' ' && out.data[i] < 0x7f && out.data[i] != '"'
            && out.data[i] != '<' && out.data[i] != '\\');
    }

    return 0;
}
