/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_page.h"

/*
 * Change one of these and its hash changes with it:
 * t/module/door_of_each_method.t compares.
 */
#define PAGE_SCRIPT "document.forms[0].submit();"
#define PAGE_SCRIPT_HASH "sha256-8lDeP0UDwCO6/RhblgeH/ctdBzjVpJxrXizsnIk3cEQ="
#define PAGE_STYLE                                                             \
    "body{margin:0;font:1.125rem/1.6 system-ui,sans-serif;color:#333332;back"  \
    "ground:#fff}main{max-width:36rem;margin:15vh auto 0;padding:0 1.5rem}h1"  \
    "{font-size:1.5rem;line-height:1.3}p[lang=en]{color:#5a5a59}button{font:"  \
    "inherit;font-weight:600;padding:.6rem 1.4rem;border:0;border-radius:.2r"  \
    "em;background:#05c;color:#fff;cursor:pointer}button:focus-visible{outli"  \
    "ne:3px solid #ffd700;outline-offset:2px}"
#define PAGE_STYLE_HASH "sha256-6wsaG2nHZT2/PEUgmv8ccaibJiOeEp28oxBuM05S/Y8="

#define PAGE_POLICY                                                            \
    "default-src 'none'; style-src '" PAGE_STYLE_HASH "'; base-uri 'none';"    \
    " frame-ancestors 'none'; form-action "

#define PAGE_HEAD                                                              \
    "<!DOCTYPE html>\n<html lang=\"nl\">\n<head>\n"                            \
    "<meta charset=\"utf-8\">\n"                                               \
    "<meta name=\"viewport\" content=\"width=device-width\">\n"                \
    "<meta name=\"robots\" content=\"noindex\">\n"                             \
    "<style>" PAGE_STYLE "</style>\n<title>"


static void
page_escape(dosis_buf_t *to, dosis_slice_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        switch (text.data[i]) {
        case '&':
            DOSIS_BUF_LIT(to, "&amp;");
            break;
        case '<':
            DOSIS_BUF_LIT(to, "&lt;");
            break;
        case '>':
            DOSIS_BUF_LIT(to, "&gt;");
            break;
        case '"':
            DOSIS_BUF_LIT(to, "&quot;");
            break;
        case '\'':
            DOSIS_BUF_LIT(to, "&#39;");
            break;
        default:
            dosis_buf_add_byte(to, text.data[i]);
        }
    }
}


void
ngx_dosis_page_policy_post(dosis_buf_t *to, dosis_slice_t origin)
{
    DOSIS_BUF_LIT(to, PAGE_POLICY);
    dosis_buf_add_slice(to, origin);
    DOSIS_BUF_LIT(to, "; script-src '" PAGE_SCRIPT_HASH "'");
}


dosis_slice_t
ngx_dosis_page_policy(void)
{
    return DOSIS_SLICE(PAGE_POLICY "'none'");
}


void
ngx_dosis_page_post(
    dosis_buf_t *to, dosis_slice_t address, dosis_slice_t assertion)
{
    DOSIS_BUF_LIT(to,
        PAGE_HEAD "Naar uw dossier</title>\n</head>\n<body>\n<main>\n"
                  "<h1>U gaat naar uw dossier</h1>\n"
                  "<form method=\"post\" action=\"");
    page_escape(to, address);
    DOSIS_BUF_LIT(
        to, "\">\n<input type=\"hidden\" name=\"assertion\" value=\"");
    page_escape(to, assertion);
    DOSIS_BUF_LIT(to,
        "\">\n<p>Gebeurt er niets? Ga dan zelf verder.</p>\n"
        "<p lang=\"en\">Nothing happens? Then continue yourself.</p>\n"
        "<button type=\"submit\">Verder</button>\n</form>\n</main>\n"
        "<script>" PAGE_SCRIPT "</script>\n</body>\n</html>\n");
}


void
ngx_dosis_page_problem(dosis_buf_t *to, ngx_dosis_problem_t problem)
{
    const ngx_dosis_problem_row_t *row = ngx_dosis_problem_row(problem);

    DOSIS_BUF_LIT(to, PAGE_HEAD);
    page_escape(to, dosis_slice_of(row->title));
    DOSIS_BUF_LIT(to, "</title>\n</head>\n<body>\n<main>\n<h1>");
    page_escape(to, dosis_slice_of(row->title));
    DOSIS_BUF_LIT(to, "</h1>\n<p>");
    page_escape(to, dosis_slice_of(row->detail));
    DOSIS_BUF_LIT(to, "</p>\n<p lang=\"en\">");
    if (problem == NGX_DOSIS_DOORVERWIJZING_VERVALLEN) {
        DOSIS_BUF_LIT(to,
            "This link has been used or is no longer valid. Go back to the"
            " list of your files and try again from there.");
    } else {
        DOSIS_BUF_LIT(to, "This link cannot be opened now.");
    }
    DOSIS_BUF_LIT(to, "</p>\n</main>\n</body>\n</html>\n");
}
