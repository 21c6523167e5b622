/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "base/dosis_text.h"

typedef struct {
    const char *text;
    const char *blanked;
} row_t;

/* The numbers are made up: none has the right check digits. */
static const row_t rows[] = {
    /* alone, and between all sorts of neighbours */
    { "85073000754", "xxxxxxxxxxx" },
    { "x85073000754y", "xxxxxxxxxxxxy" },
    { "GET /a?agent=85073000754&b=1 HTTP/1.1",
        "GET /a?agent=xxxxxxxxxxx&b=1 HTTP/1.1" },
    { "85073000754,85073000755", "xxxxxxxxxxx,xxxxxxxxxxx" },
    { "85073000754 85073000755", "xxxxxxxxxxx xxxxxxxxxxx" },
    { "rrn:85073000754.", "rrn:xxxxxxxxxxx." },

    /* apart */
    { "85.07.30-007.54", "xx.xx.xx-xxx.xx" },
    { "850730-007.54", "xxxxxx-xxx.xx" },
    { "850730-00754", "xxxxxx-xxxxx" },
    { "850730 007 54", "xxxxxx xxx xx" },
    { "850730+007+54", "xxxxxx+xxx+xx" },
    { "850730/007/54", "xxxxxx/xxx/xx" },
    { "8.5.0.7.3.0.0.0.7.5.4", "x.x.x.x.x.x.x.x.x.x.x" },

    /* apart by escapes */
    { "850730%20007%2054", "xxxxxx%20xxx%20xx" },
    { "85%2e07%2E30%2d007%2E54", "xx%2exx%2Exx%2dxxx%2Exx" },
    { "85%2F07%2f30%2B007%2b54", "xx%2Fxx%2fxx%2Bxxx%2bxx" },
    { "850730%2520007%252e54", "xxxxxx%2520xxx%252exx" },

    /* an escape in front: its digits are not of the number */
    { "q=%2285073000754%22", "q=%22xxxxxxxxxxx%22" },
    { "q=%2085073000754%20", "q=%20xxxxxxxxxxx%20" },
    { "q=%252285073000754%2522", "q=%2522xxxxxxxxxxx%2522" },
    { "r=%3Fagent%3D85073000754", "r=%3Fagent%3Dxxxxxxxxxxx" },

    /* a percent sign that is no escape, or might be none */
    { "100%85073000754", "100%xxxxxxxxxxx" },
    { "%2585073000754", "%25xxxxxxxxxxx" },
    { "%85073000754-12", "%xxxxxxxxxxx-xx" },
    { "%20850730-007.54", "%xxxxxxxx-xxx.xx" },
    { "85073000754%", "xxxxxxxxxxx%" },
    { "85073000754%2", "xxxxxxxxxxx%2" },

    /* escaped digits */
    { "%38%35%30%37%33%30%30%30%37%35%34",
        "%78%78%78%78%78%78%78%78%78%78%78" },
    { "85.07.30-007.5%34", "xx.xx.xx-xxx.x%78" },
    { "%253850730007%2535%34", "%2578xxxxxxxx%2578%78" },

    /* joined by a separator to other digits */
    { "/v1/85073000754", "/v1/xxxxxxxxxxx" },
    { "/v1/85.07.30-007.54", "/v1/xx.xx.xx-xxx.xx" },
    { "85.07.30-007.54/12", "xx.xx.xx-xxx.xx/xx" },
    { "12.85.07.30-007.54", "xx.xx.xx.xx-xxx.xx" },
    { "2026-85073000754-1", "2026-xxxxxxxxxxx-1" },

    /* left alone */
    { "", "" },
    { "8507300075", "8507300075" },
    { "850730007541", "850730007541" },
    { "0123.456.789", "0123.456.789" },
    { "1085073000754", "1085073000754" },
    { "850730--00754", "850730--00754" },
    { "850730- 00754", "850730- 00754" },
    { "850730_00754", "850730_00754" },
    { "850730,00754", "850730,00754" },
    { "850730%3A00754", "850730%3A00754" },
    { "85.07.30-007.541", "85.07.30-007.541" },
    { "2026-11-20T11:16:50.52", "2026-11-20T11:16:50.52" },
    { "2026-11-20 11:16:50.520", "2026-11-20 11:16:50.520" },
    { "2026-11-20/12345", "2026-11-20/12345" },
    { "na=c30c0de7-f763-4648-b684-936162aa6a78",
        "na=c30c0de7-f763-4648-b684-936162aa6a78" },
    { "127.0.0.1:8480", "127.0.0.1:8480" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))


static void
check_row(const row_t *row)
{
    char text[128];
    size_t len = strlen(row->text);
    unsigned count;
    bool changed = strcmp(row->text, row->blanked) != 0;

    memcpy(text, row->text, len + 1);
    count = dosis_text_blank_numbers(text, len);
    CHECK(strcmp(text, row->blanked) == 0, row->blanked);
    if (strcmp(text, row->blanked) != 0) {
        printf("# got %s\n", text);
    }
    CHECK((count > 0) == changed, "it counts when it blanks, else not");
}


/* No row may be read, or written, past its length. */
static void
check_length(void)
{
    char text[] = "85073000754";

    CHECK(dosis_text_blank_numbers(text, 10) == 0
            && strcmp(text, "85073000754") == 0,
        "what stands behind the length does not count");
    CHECK(dosis_text_blank_numbers(NULL, 0) == 0, "nothing holds no number");
    CHECK(dosis_text_blank_numbers(text, 11) == 1
            && dosis_text_blank_numbers(text, 11) == 0
            && strcmp(text, "xxxxxxxxxxx") == 0,
        "what was blanked is not blanked again");
}


/* A number in each of its usual forms. */
static unsigned
count_left(const char *before, const char *after)
{
    static const char *const forms[] = { "85073000754", "850730-007.54",
        "85.07.30-007.54", "85%2E07%2E30-007%2E54", "850730%20007%2054" };
    char text[128];
    unsigned left = 0;
    size_t i;
    int len;

    for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        len = snprintf(text, sizeof(text), "%s%s%s", before, forms[i], after);
        (void) dosis_text_blank_numbers(text, (size_t) len);
        if (strstr(text, "85") != NULL || strstr(text, "54") != NULL) {
            printf("# left: %s\n", text);
            left++;
        }
    }
    return left;
}


static void
check_never_left(void)
{
    static const char *const before[] = { "", "/", "a", "=", "%22", "%20",
        "%3D", "1/", "12-", "2026-11-20 ", "+", "..", "%25", "%2520", "%252F" };
    static const char *const after[] = { "", "/", "a", "&b=1", "%22", "%20",
        "/1", "-12", " HTTP/1.1", "%", ".", ".." };
    unsigned left = 0;
    size_t b;
    size_t a;

    for (b = 0; b < sizeof(before) / sizeof(before[0]); b++) {
        for (a = 0; a < sizeof(after) / sizeof(after[0]); a++) {
            left += count_left(before[b], after[a]);
        }
    }
    CHECK(left == 0, "no digit at either end is left between any neighbours");
}


int
main(void)
{
    size_t i;

    for (i = 0; i < ROWS; i++) {
        check_row(&rows[i]);
    }
    check_length();
    check_never_left();

    return tap_done();
}
