/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/dosis_time.h"

#define LOG_LINE_MAX 1024


static const char *
level_name(dosisd_level_t level)
{
    switch (level) {
    case DOSISD_ALERT:
        return "alert";
    case DOSISD_ERROR:
        return "error";
    case DOSISD_WARN:
        return "warn";
    case DOSISD_NOTICE:
        return "notice";
    case DOSISD_INFO:
        return "info";
    }
    return "info";
}


static void
add_prefix(dosis_buf_t *line, dosisd_level_t level)
{
    struct timespec now;

    if (getenv("JOURNAL_STREAM") != NULL) {
        dosis_buf_addf(line, "<%d>", (int) level);
        return;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    dosis_time_add_utc(line, now.tv_sec * DOSIS_NS_PER_S + now.tv_nsec);
    dosis_buf_addf(line, " %s ", level_name(level));
}


void
dosisd_log(dosisd_level_t level, const char *format, ...)
{
    char memory[LOG_LINE_MAX], text[LOG_LINE_MAX - 64];
    dosis_buf_t line;
    va_list args;
    char *c;

    va_start(args, format);
    (void) vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    for (c = text; *c != '\0'; c++) {
        if ((unsigned char) *c < 0x20 || *c == 0x7f) {
            *c = ' '; /* one thing, one line */
        }
    }
    dosis_buf_init_fixed(&line, memory, sizeof(memory));
    add_prefix(&line, level);
    dosis_buf_add_slice(&line, dosis_slice_of(text));
    dosis_buf_add_byte(&line, '\n');
    /* in one call, so that lines of several processes do not mix */
    if (write(STDERR_FILENO, line.data, line.len) < 0) {
        return;
    }
}
