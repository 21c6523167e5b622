/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_engine.h"

#include <string.h>

#include <curl/curl.h>

#define ENGINE_CONNECT_MS 2000L
#define ENGINE_TOTAL_MS 5000L
#define ENGINE_CHANGE_MS 30000L /* it waits for other writers */
#define ENGINE_URL_MAX 8192


static size_t
on_bytes(char *bytes, size_t size, size_t count, void *payload)
{
    dosis_buf_t *body = payload;

    dosis_buf_add(body, bytes, size * count);
    return body->rc == DOSIS_OK ? size * count : 0;
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
add_url(dosis_buf_t *url, CURL *curl, const ctl_engine_call_t *call)
{
    char *escaped;

    dosis_buf_addf(url, "http://dosisd%s", call->path);
    if (call->key != NULL) {
        escaped = curl_easy_escape(curl, call->value, 0);
        if (escaped == NULL) {
            return DOSIS_ENOMEM;
        }
        dosis_buf_addf(url, "?%s=%s", call->key, escaped);
        curl_free(escaped);
    }
    dosis_buf_add_byte(url, '\0');
    return url->rc;
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
    (void) curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
    if (call->body.len > 0) {
        (void) curl_easy_setopt(
            curl, CURLOPT_POSTFIELDSIZE, (long) call->body.len);
        (void) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.data);
    }
}


dosis_rc_t
ctl_engine_call(
    const char *socket_path, ctl_engine_call_t *call, dosis_buf_t *body)
{
    CURL *curl = curl_easy_init();
    CURLcode code;
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
        (void) curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
        code = curl_easy_perform(curl);
        rc = rc_of(code);
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
