/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_engine.h"

#include <string.h>

#include <curl/curl.h>

#define ENGINE_CONNECT_MS 2000L
#define ENGINE_TOTAL_MS 5000L
#define ENGINE_CHANGE_MS 30000L /* it waits for other writers */
#define ENGINE_URL_MAX 8192


/* An answer on its way in. */
typedef struct {
    CURL *curl;
    const ctl_engine_call_t *call;
    dosis_buf_t *body;
} engine_answer_t;


/* What is answered well may go to a file; what is not is told. */
static size_t
on_bytes(char *bytes, size_t size, size_t count, void *payload)
{
    engine_answer_t *answer = payload;
    const ctl_engine_file_t *file = answer->call->file;
    long status = 0;

    (void) curl_easy_getinfo(answer->curl, CURLINFO_RESPONSE_CODE, &status);
    if (file != NULL && file->to != NULL && status == 200) {
        return fwrite(bytes, 1, size * count, file->to);
    }
    dosis_buf_add(answer->body, bytes, size * count);
    return answer->body->rc == DOSIS_OK ? size * count : 0;
}


static size_t
on_wanted(char *to, size_t size, size_t count, void *payload)
{
    const ctl_engine_file_t *file = payload;
    size_t len = fread(to, 1, size * count, file->from);

    return len == 0 && ferror(file->from) != 0 ? CURL_READFUNC_ABORT : len;
}


static int
on_progress(void *payload, curl_off_t down_all, curl_off_t down,
    curl_off_t up_all, curl_off_t up)
{
    const ctl_engine_file_t *file = payload;

    (void) down_all;
    (void) down;
    (void) up_all;
    file->on_sent(file->payload, up);
    return 0;
}


static dosis_rc_t
rc_of(CURLcode code)
{
    if (code == CURLE_COULDNT_CONNECT) {
        return DOSIS_ENOTFOUND;
    }
    return code == CURLE_OK ? DOSIS_OK : DOSIS_EIO;
}


static dosis_rc_t
add_param(dosis_buf_t *url, CURL *curl, ctl_engine_param_t param)
{
    bool first = memchr(url->data, '?', url->len) == NULL;
    char *escaped = curl_easy_escape(curl, param.value, 0);

    if (escaped == NULL) {
        return DOSIS_ENOMEM;
    }
    dosis_buf_addf(url, "%c%s=%s", first ? '?' : '&', param.name, escaped);
    curl_free(escaped);
    return url->rc;
}


static dosis_rc_t
add_url(dosis_buf_t *url, CURL *curl, const ctl_engine_call_t *call)
{
    const ctl_engine_param_t one = { call->key, call->value };
    dosis_rc_t rc;
    size_t i;

    dosis_buf_addf(url, "http://dosisd%s", call->path);
    rc = url->rc;
    if (rc == DOSIS_OK && call->key != NULL) {
        rc = add_param(url, curl, one);
    }
    for (i = 0; rc == DOSIS_OK && i < call->more_count; i++) {
        if (call->more[i].value != NULL) {
            rc = add_param(url, curl, call->more[i]);
        }
    }
    dosis_buf_add_byte(url, '\0');
    return rc == DOSIS_OK ? url->rc : rc;
}


static void
set_file(CURL *curl, const ctl_engine_file_t *file)
{
    (void) curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 0L);
    if (file->from == NULL) {
        return;
    }
    (void) curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    (void) curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_wanted);
    (void) curl_easy_setopt(curl, CURLOPT_READDATA, file);
    (void) curl_easy_setopt(
        curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t) file->bytes);
    if (file->on_sent != NULL) {
        (void) curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        (void) curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
        (void) curl_easy_setopt(curl, CURLOPT_XFERINFODATA, file);
    }
}


static void
set_options(CURL *curl, const char *socket_path, const ctl_engine_call_t *call)
{
    bool reads = strcmp(call->method, "GET") == 0;

    (void) curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket_path);
    (void) curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void) curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, ENGINE_CONNECT_MS);
    (void) curl_easy_setopt(
        curl, CURLOPT_TIMEOUT_MS, reads ? ENGINE_TOTAL_MS : ENGINE_CHANGE_MS);
    (void) curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (call->file != NULL) {
        set_file(curl, call->file);
    }
    (void) curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
    if (call->body.len > 0) {
        (void) curl_easy_setopt(
            curl, CURLOPT_POSTFIELDSIZE, (long) call->body.len);
        (void) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.data);
    }
}


/* Nothing of a file is sent before it is known to be wanted. */
static CURLcode
perform(CURL *curl)
{
    CURLcode code;
    struct curl_slist *lines = curl_slist_append(NULL, "Expect: 100-continue");

    (void) curl_easy_setopt(curl, CURLOPT_EXPECT_100_TIMEOUT_MS, 30000L);
    (void) curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    code = curl_easy_perform(curl);
    curl_slist_free_all(lines);
    return code;
}


dosis_rc_t
ctl_engine_call(
    const char *socket_path, ctl_engine_call_t *call, dosis_buf_t *body)
{
    CURL *curl = curl_easy_init();
    engine_answer_t answer = { curl, call, body };
    bool sends = call->file != NULL && call->file->from != NULL;
    dosis_buf_t url;
    dosis_rc_t rc;

    if (curl == NULL) {
        return DOSIS_ENOMEM;
    }
    dosis_buf_init(&url, ENGINE_URL_MAX);
    rc = add_url(&url, curl, call);
    if (rc == DOSIS_OK) {
        set_options(curl, socket_path, call);
        (void) curl_easy_setopt(curl, CURLOPT_URL, url.data);
        (void) curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
        (void) curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
        rc = rc_of(sends ? perform(curl) : curl_easy_perform(curl));
        (void) curl_easy_getinfo(
            curl, CURLINFO_RESPONSE_CODE, &call->status);
    }
    dosis_buf_done(&url);
    curl_easy_cleanup(curl);
    return rc;
}


dosis_rc_t
ctl_engine_get(const char *socket_path, const char *path, dosis_buf_t *body)
{
    ctl_engine_call_t call = { .method = "GET", .path = path };
    dosis_rc_t rc;

    rc = ctl_engine_call(socket_path, &call, body);
    if (rc != DOSIS_OK) {
        return rc;
    }
    return call.status == 200 ? DOSIS_OK : DOSIS_EFORMAT;
}
