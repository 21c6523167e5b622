/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_http.h"

#include <stdio.h>

#include <curl/curl.h>

#define HTTP_ANSWER_MAX ((size_t) 16 << 20)
#define HTTP_LINE_MAX 16384
#define HTTP_TIMEOUT_MS 30000L


static size_t
on_bytes(char *bytes, size_t size, size_t count, void *payload)
{
    dosis_buf_t *answer = payload;

    dosis_buf_add(answer, bytes, size * count);
    return answer->rc == DOSIS_OK ? size * count : 0;
}


dosis_rc_t
ctl_http_open(ctl_http_t *http, const char *base)
{
    http->base = base;
    http->status = 0;
    http->curl = curl_easy_init();
    dosis_buf_init(&http->answer, HTTP_ANSWER_MAX);
    return http->curl != NULL ? DOSIS_OK : DOSIS_ENOMEM;
}


void
ctl_http_close(ctl_http_t *http)
{
    curl_easy_cleanup(http->curl);
    dosis_buf_done(&http->answer);
}


/* Sticky: NULL once a line could not be added. */
static struct curl_slist *
add_line(struct curl_slist *lines, const char *name, const char *value)
{
    char line[HTTP_LINE_MAX];

    (void) snprintf(line, sizeof(line), "%s%s", name, value);
    return curl_slist_append(lines, line);
}


dosis_rc_t
ctl_http_ask(ctl_http_t *http, const ctl_http_call_t *call)
{
    char url[HTTP_LINE_MAX];
    CURL *curl = http->curl;
    CURLcode code;
    struct curl_slist *lines;

    lines = add_line(NULL, "Authorization: Bearer ", call->token);
    lines = add_line(lines, "Content-Type: ", "application/json");
    if (call->namens != NULL) {
        lines = add_line(lines, "Dosis-Namens: ", call->namens);
    }
    (void) snprintf(url, sizeof(url), "%s%s", http->base, call->path);
    dosis_buf_reset(&http->answer);
    curl_easy_reset(curl);
    (void) curl_easy_setopt(curl, CURLOPT_URL, url);
    (void) curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void) curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void) curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, HTTP_TIMEOUT_MS);
    (void) curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
    (void) curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    (void) curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    (void) curl_easy_setopt(curl, CURLOPT_WRITEDATA, &http->answer);
    if (call->body.len > 0) {
        (void) curl_easy_setopt(
            curl, CURLOPT_POSTFIELDSIZE, (long) call->body.len);
        (void) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.data);
    }
    code = curl_easy_perform(curl);
    curl_slist_free_all(lines);
    (void) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http->status);
    return code == CURLE_OK ? DOSIS_OK : DOSIS_EIO;
}
