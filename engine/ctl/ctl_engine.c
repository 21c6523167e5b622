/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_engine.h"

#include <stdio.h>

#include <curl/curl.h>

#define ENGINE_CONNECT_MS 2000L
#define ENGINE_TOTAL_MS 5000L


static size_t
on_bytes(char *bytes, size_t size, size_t count, void *payload)
{
    dosis_buf_t *body = payload;

    dosis_buf_add(body, bytes, size * count);
    return body->rc == DOSIS_OK ? size * count : 0;
}


static dosis_rc_t
rc_of_answer(CURLcode code, long status)
{
    if (code == CURLE_COULDNT_CONNECT) {
        return DOSIS_ENOTFOUND;
    }
    if (code != CURLE_OK) {
        return DOSIS_EIO;
    }
    return status == 200 ? DOSIS_OK : DOSIS_EFORMAT;
}


dosis_rc_t
ctl_engine_get(const char *socket_path, const char *path, dosis_buf_t *body)
{
    char url[128];
    CURL *curl = curl_easy_init();
    CURLcode code;
    dosis_rc_t rc;
    long status = 0;

    if (curl == NULL) {
        return DOSIS_ENOMEM;
    }
    (void) snprintf(url, sizeof(url), "http://dosisd%s", path);
    (void) curl_easy_setopt(curl, CURLOPT_URL, url);
    (void) curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket_path);
    (void) curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void) curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, ENGINE_CONNECT_MS);
    (void) curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, ENGINE_TOTAL_MS);
    (void) curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void) curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    (void) curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    code = curl_easy_perform(curl);
    if (code == CURLE_OK) {
        (void) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    }
    rc = rc_of_answer(code, status);
    curl_easy_cleanup(curl);
    return rc;
}
