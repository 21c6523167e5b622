/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_schema.h"

#include "base/dosis_json.h"

#define SCHEMA_RANGE_MAX 400
#define SCHEMA_WIDTH 78


static void
add_path(dosis_buf_t *to, const dosis_setting_t *row)
{
    if (row->group != NULL) {
        dosis_buf_addf(to, "%s.", row->group);
    }
    dosis_buf_addf(to, "%s", row->name);
}


static const char *
fallback(const dosis_setting_t *row)
{
    if (row->fallback == NULL) {
        return "required";
    }
    return row->fallback[0] == '\0' ? "none" : row->fallback;
}


/* Without the marks of a page. */
static void
add_plain(dosis_buf_t *to, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text != '`') {
            dosis_buf_add_byte(to, *text);
        }
    }
}


static void
range(const dosis_setting_t *row, char to[SCHEMA_RANGE_MAX])
{
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, to, SCHEMA_RANGE_MAX - 1);
    dosis_setting_add_range(&buf, row);
    to[buf.len] = '\0';
}


/* In lines of SCHEMA_WIDTH, each after four blanks. */
static void
add_folded(dosis_buf_t *to, const char *text)
{
    size_t column = 0, len;

    for (; *text != '\0'; text += len + (text[len] == ' ')) {
        len = strcspn(text, " ");
        if (column > 0 && column + 1 + len > SCHEMA_WIDTH - 4) {
            dosis_buf_add_byte(to, '\n');
            column = 0;
        }
        dosis_buf_addf(to, "%s", column == 0 ? "    " : " ");
        dosis_buf_add(to, text, len);
        column += len + (column > 0);
    }
    dosis_buf_add_byte(to, '\n');
}


void
ctl_schema_add_text(dosis_buf_t *to, const dosis_settings_t *settings)
{
    char values[SCHEMA_RANGE_MAX];
    size_t i;

    dosis_buf_addf(to, "Settings of %s:\n\n", settings->title);
    for (i = 0; i < settings->count; i++) {
        const dosis_setting_t *row = &settings->rows[i];

        range(row, values);
        add_path(to, row);
        dosis_buf_addf(to, "\n    %s", dosis_setting_type_name(row->type));
        if (row->type != DOSIS_SETTING_BOOL
            && row->type != DOSIS_SETTING_GROUP) {
            DOSIS_BUF_LIT(to, ": ");
            add_plain(to, values);
        }
        dosis_buf_addf(to, "; default: %s\n", fallback(row));
        add_folded(to, row->text);
    }
}


static void
add_member(dosis_buf_t *to, const char *name, const char *text)
{
    DOSIS_BUF_LIT(to, ",");
    dosis_json_add_member(to, name, dosis_slice_of(text));
}


void
ctl_schema_add_json(dosis_buf_t *to, const dosis_settings_t *settings)
{
    char values[SCHEMA_RANGE_MAX];
    size_t i;

    DOSIS_BUF_LIT(to, "[");
    for (i = 0; i < settings->count; i++) {
        const dosis_setting_t *row = &settings->rows[i];

        range(row, values);
        dosis_buf_addf(to, "%s{\"name\":\"", i > 0 ? ",\n" : "\n");
        add_path(to, row);
        dosis_buf_addf(
            to, "\",\"required\":%s", row->fallback == NULL ? "true" : "false");
        add_member(to, "type", dosis_setting_type_name(row->type));
        add_member(to, "default", row->fallback == NULL ? "" : row->fallback);
        add_member(to, "range", values);
        add_member(to, "text", row->text);
        add_member(to, "used", row->used);
        DOSIS_BUF_LIT(to, "}");
    }
    DOSIS_BUF_LIT(to, "\n]\n");
}


void
ctl_schema_add_page(
    dosis_buf_t *to, const dosis_settings_t *settings, const char *word)
{
    char values[SCHEMA_RANGE_MAX];
    size_t i;

    dosis_buf_addf(to, "# Settings of %s\n\n", settings->title);
    dosis_buf_addf(to,
        "Written by `dosisctl %s schema --markdown` from the table that also\n"
        "reads, judges and defaults them; a test keeps this page equal to it.\n"
        "A dot stands between an object and its member. Names and words are\n"
        "as on the wire; a member that is not listed here is refused. How to\n"
        "change them: [dosisctl(8)](dosisctl.8).\n\n",
        word);
    DOSIS_BUF_LIT(to,
        "| setting | type | default | range | what it is "
        "| used by |\n|---|---|---|---|---|---|\n");
    for (i = 0; i < settings->count; i++) {
        const dosis_setting_t *row = &settings->rows[i];

        range(row, values);
        DOSIS_BUF_LIT(to, "| `");
        add_path(to, row);
        dosis_buf_addf(to, "` | %s | %s | %s | %s | %s |\n",
            dosis_setting_type_name(row->type), fallback(row), values,
            row->text, row->used);
    }
}
