/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * start -> library opens sockets (on_socket) and wants a time (on_timer) ->
 * the loop wakes (on_ready, on_time) -> drive -> take_done -> the handler.
 */
#include "daemon/dosisd_fetch.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/dosis_buf.h"
#include "base/dosis_text.h"

#define FETCH_HEAD_MAX 32768 /* bytes of headers of one answer */
#define FETCH_TYPE_MAX 100
#define FETCH_AGE_DIGITS 9
/* No fewer than questions about opaque tokens: they would wait in line. */
#define FETCH_HOST_CONNECTIONS DOSISD_FETCH_CALLS
#define FETCH_IDLE_CONNECTIONS 8
#define FETCH_EVENTS 32
#define FETCH_USER_AGENT "dosisd"

struct dosisd_fetch_call_s {
    dosisd_fetch_t *fetch;
    CURL *easy;
    struct curl_slist *headers;
    dosis_buf_t body;   /* of the answer */
    char *sent;         /* our copy of what is posted */
    size_t sent_len;
    size_t head_len;
    bool too_large;
    char type[FETCH_TYPE_MAX];
    size_t type_len;
    int64_t max_age_s;
    dosisd_fetched_pt handler;
    void *payload;
    dosisd_fetch_call_t *next;
    dosisd_fetch_call_t *prev;
};

struct dosisd_fetch_s {
    dosisd_loop_t *loop;
    CURLM *multi;
    int epoll_fd; /* the library's sockets, as one for the loop */
    dosisd_timer_t timer;
    dosisd_fetch_call_t *calls;
    size_t count;
};


/* --- an address ---------------------------------------------------------- */

static bool
is_this_machine(const char *host)
{
    struct in_addr address;

    if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0) {
        return true;
    }
    return inet_pton(AF_INET, host, &address) == 1
        && ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET;
}


static bool
part_is(CURLU *parts, CURLUPart what, const char *wanted)
{
    char *text = NULL;
    bool same;

    same = curl_url_get(parts, what, &text, 0) == CURLUE_OK
        && strcmp(text, wanted) == 0;
    curl_free(text);
    return same;
}


static bool
has_part(CURLU *parts, CURLUPart what)
{
    char *text = NULL;
    bool there = curl_url_get(parts, what, &text, 0) == CURLUE_OK;

    curl_free(text);
    return there;
}


static bool
host_is_this_machine(CURLU *parts)
{
    char *host = NULL;
    bool here;

    here = curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK
        && is_this_machine(host);
    curl_free(host);
    return here;
}


/* Taken apart by the library that will use it: no second reading of it. */
bool
dosisd_fetch_may(const char *url)
{
    CURLU *parts = curl_url();
    bool may;

    if (parts == NULL || strlen(url) > DOSISD_FETCH_URL_MAX
        || curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER)
            != CURLUE_OK) {
        curl_url_cleanup(parts);
        return false;
    }
    may = part_is(parts, CURLUPART_SCHEME, "https")
        || (part_is(parts, CURLUPART_SCHEME, "http")
            && host_is_this_machine(parts));
    may = may && !has_part(parts, CURLUPART_FRAGMENT);
    curl_url_cleanup(parts);
    return may;
}


/* --- what comes in ------------------------------------------------------- */

static size_t
on_bytes(char *bytes, size_t size, size_t count, void *payload)
{
    dosisd_fetch_call_t *call = payload;

    dosis_buf_add(&call->body, bytes, size * count);
    call->too_large = call->body.rc == DOSIS_ELIMIT;
    return call->body.rc == DOSIS_OK ? size * count : 0;
}


/* The value when the line is that header. */
static bool
header_value(dosis_slice_t line, const char *name, dosis_slice_t *ret)
{
    size_t len = strlen(name);

    if (line.len <= len || line.data[len] != ':'
        || !dosis_text_ieq(
            dosis_slice(line.data, len), dosis_slice(name, len))) {
        return false;
    }
    *ret = dosis_text_trim(
        dosis_slice(line.data + len + 1, line.len - len - 1));
    return true;
}


static void
keep_type(dosisd_fetch_call_t *call, dosis_slice_t value)
{
    const char *end =
        value.len == 0 ? NULL : memchr(value.data, ';', value.len);

    if (end != NULL) {
        value.len = (size_t) (end - value.data);
    }
    value = dosis_text_trim(value);
    call->type_len = 0;
    if (value.len > 0 && value.len <= sizeof(call->type)) {
        memcpy(call->type, value.data, value.len);
        call->type_len = value.len;
    }
}


static int64_t
age_of(dosis_slice_t part)
{
    const dosis_slice_t name = DOSIS_SLICE("max-age=");
    int64_t age = 0;
    size_t i;

    if (part.len <= name.len || part.len > name.len + FETCH_AGE_DIGITS
        || !dosis_text_ieq(dosis_slice(part.data, name.len), name)) {
        return -1;
    }
    for (i = name.len; i < part.len; i++) {
        if (part.data[i] < '0' || part.data[i] > '9') {
            return -1;
        }
        age = age * 10 + (part.data[i] - '0');
    }
    return age;
}


static void
keep_age(dosisd_fetch_call_t *call, dosis_slice_t value)
{
    while (value.len > 0) {
        const char *end = memchr(value.data, ',', value.len);
        size_t len = end == NULL ? value.len : (size_t) (end - value.data);
        size_t next = end == NULL ? len : len + 1;
        int64_t age = age_of(dosis_text_trim(dosis_slice(value.data, len)));

        if (age >= 0) {
            call->max_age_s = age;
        }
        value = dosis_slice(value.data + next, value.len - next);
    }
}


static size_t
on_header(char *bytes, size_t size, size_t count, void *payload)
{
    dosisd_fetch_call_t *call = payload;
    dosis_slice_t line = dosis_slice(bytes, size * count);
    dosis_slice_t value;

    call->head_len += line.len;
    while (line.len > 0
        && strchr("\r\n", line.data[line.len - 1]) != NULL) {
        line.len--;
    }
    if (call->head_len > FETCH_HEAD_MAX) {
        call->too_large = true;
        return 0;
    }
    if (header_value(line, "Content-Type", &value)) {
        keep_type(call, value);
    } else if (header_value(line, "Cache-Control", &value)) {
        keep_age(call, value);
    }
    return size * count;
}


/* --- one call ------------------------------------------------------------ */

static void
wipe_sent(dosisd_fetch_call_t *call)
{
    if (call->sent != NULL) {
        explicit_bzero(call->sent, call->sent_len);
        free(call->sent);
    }
}


static void
wipe_headers(struct curl_slist *headers)
{
    struct curl_slist *line;

    for (line = headers; line != NULL; line = line->next) {
        explicit_bzero(line->data, strlen(line->data));
    }
    curl_slist_free_all(headers);
}


/* Out of the list and of the library; the call is gone. */
static void
call_free(dosisd_fetch_call_t *call)
{
    dosisd_fetch_t *fetch = call->fetch;

    if (call->easy != NULL) {
        (void) curl_multi_remove_handle(fetch->multi, call->easy);
        curl_easy_cleanup(call->easy);
    }
    if (call->prev != NULL) {
        call->prev->next = call->next;
    } else {
        fetch->calls = call->next;
    }
    if (call->next != NULL) {
        call->next->prev = call->prev;
    }
    fetch->count--;
    wipe_headers(call->headers);
    wipe_sent(call);
    dosis_buf_done(&call->body);
    free(call);
}


static dosisd_fetch_call_t *
call_create(dosisd_fetch_t *fetch, const dosisd_fetch_ask_t *ask)
{
    dosisd_fetch_call_t *call = calloc(1, sizeof(*call));

    if (call == NULL) {
        return NULL;
    }
    call->fetch = fetch;
    call->handler = ask->handler;
    call->payload = ask->payload;
    call->max_age_s = -1;
    dosis_buf_init(&call->body,
        ask->max_bytes == 0 ? DOSISD_FETCH_BYTES : ask->max_bytes);
    call->next = fetch->calls;
    if (call->next != NULL) {
        call->next->prev = call;
    }
    fetch->calls = call;
    fetch->count++;
    call->easy = curl_easy_init();
    return call;
}


static bool
add_header(dosisd_fetch_call_t *call, const char *name, const char *value)
{
    struct curl_slist *list;
    dosis_buf_t line;

    if (value == NULL) {
        return true;
    }
    dosis_buf_init(&line, FETCH_HEAD_MAX);
    dosis_buf_addf(&line, "%s: %s%c", name, value, '\0');
    list = line.rc == DOSIS_OK ? curl_slist_append(call->headers, line.data)
                               : NULL;
    if (line.data != NULL) {
        explicit_bzero(line.data, line.len);
    }
    dosis_buf_done(&line);
    if (list == NULL) {
        return false;
    }
    call->headers = list;
    return true;
}


static bool
set_body(dosisd_fetch_call_t *call, const dosisd_fetch_ask_t *ask)
{
    CURL *easy = call->easy;

    if (ask->body.data == NULL) {
        return true;
    }
    call->sent_len = ask->body.len;
    call->sent = malloc(ask->body.len + 1);
    if (call->sent == NULL) {
        return false;
    }
    memcpy(call->sent, ask->body.data, ask->body.len);
    return curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK
        && curl_easy_setopt(
               easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) ask->body.len)
        == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call->sent) == CURLE_OK;
}


/* What never differs. An option that the library lacks is a refusal. */
static bool
set_rules(CURL *easy)
{
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https,http")
        == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED)
        == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK
        && curl_easy_setopt(
               easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2)
        == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L) == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_USERAGENT, FETCH_USER_AGENT)
        == CURLE_OK;
}


static bool
set_trust(CURL *easy, const char *ca_file)
{
    return ca_file == NULL
        || (curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file) == CURLE_OK
            && curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK);
}


static bool
set_call(dosisd_fetch_call_t *call, const dosisd_fetch_ask_t *ask)
{
    CURL *easy = call->easy;
    long ms = (long) (ask->max_ms == 0 ? DOSISD_FETCH_MS : ask->max_ms);

    return curl_easy_setopt(easy, CURLOPT_URL, ask->url) == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_PRIVATE, call) == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, ms) == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
               ms < DOSISD_FETCH_CONNECT_MS ? ms
                                            : (long) DOSISD_FETCH_CONNECT_MS)
        == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes) == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_WRITEDATA, call) == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header)
        == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_HEADERDATA, call) == CURLE_OK
        && add_header(call, "Accept", ask->accept)
        && add_header(call, "Authorization", ask->authorization)
        && add_header(call, "Content-Type", ask->type)
        && curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers)
        == CURLE_OK;
}


dosis_rc_t
dosisd_fetch_start(dosisd_fetch_t *fetch, const dosisd_fetch_ask_t *ask,
    dosisd_fetch_call_t **ret_call)
{
    dosisd_fetch_call_t *call;

    if (!dosisd_fetch_may(ask->url)) {
        return DOSIS_EINPUT;
    }
    if (fetch->count == DOSISD_FETCH_CALLS) {
        return DOSIS_EBUSY;
    }
    call = call_create(fetch, ask);
    if (call == NULL) {
        return DOSIS_ENOMEM;
    }
    if (call->easy == NULL || !set_rules(call->easy)
        || !set_trust(call->easy, ask->ca_file) || !set_body(call, ask)
        || !set_call(call, ask)
        || curl_multi_add_handle(fetch->multi, call->easy) != CURLM_OK) {
        call_free(call);
        return DOSIS_ENOMEM;
    }
    if (ret_call != NULL) {
        *ret_call = call;
    }
    return DOSIS_OK;
}


void
dosisd_fetch_cancel(dosisd_fetch_call_t *call)
{
    if (call != NULL) {
        call_free(call);
    }
}


/* --- its end ------------------------------------------------------------- */

static const struct {
    CURLcode code;
    const char *word;
} failures[] = {
    { CURLE_COULDNT_RESOLVE_HOST, "naam" },
    { CURLE_OPERATION_TIMEDOUT, "tijd" },
    { CURLE_OUT_OF_MEMORY, "geheugen" },
    { CURLE_SSL_CONNECT_ERROR, "tls" },
    { CURLE_PEER_FAILED_VERIFICATION, "tls" },
    { CURLE_SSL_CERTPROBLEM, "tls" },
    { CURLE_SSL_CIPHER, "tls" },
    { CURLE_SSL_CACERT_BADFILE, "tls" },
    { CURLE_SSL_ISSUER_ERROR, "tls" },
    { CURLE_USE_SSL_FAILED, "tls" },
    { CURLE_UNSUPPORTED_PROTOCOL, "antwoord" },
    { CURLE_WEIRD_SERVER_REPLY, "antwoord" },
    { CURLE_BAD_CONTENT_ENCODING, "antwoord" },
    { CURLE_HTTP2, "antwoord" },
};


static const char *
failure_word(const dosisd_fetch_call_t *call, CURLcode code)
{
    size_t i;

    if (call->too_large) {
        return "te-groot";
    }
    if (call->body.rc != DOSIS_OK) {
        return "geheugen";
    }
    for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        if (failures[i].code == code) {
            return failures[i].word;
        }
    }
    return "verbinding";
}


static void
call_end(dosisd_fetch_call_t *call, CURLcode code)
{
    dosisd_fetched_t got = { .max_age_s = -1 };
    long status = 0;

    if (code == CURLE_OK) {
        (void) curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
        got.status = (unsigned) status;
        got.body = dosis_buf_slice(&call->body);
        got.type = dosis_slice(call->type, call->type_len);
        got.max_age_s = call->max_age_s;
    } else {
        got.failure = failure_word(call, code);
    }
    call->handler(call->payload, &got);
    call_free(call);
}


static void
take_done(dosisd_fetch_t *fetch)
{
    dosisd_fetch_call_t *call;
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(fetch->multi, &left)) != NULL) {
        call = NULL;
        (void) curl_easy_getinfo(
            message->easy_handle, CURLINFO_PRIVATE, (char **) &call);
        if (message->msg == CURLMSG_DONE && call != NULL) {
            call_end(call, message->data.result);
        }
    }
}


/* --- between the library and the loop ------------------------------------ */

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *payload, void *of_fd)
{
    dosisd_fetch_t *fetch = payload;
    struct epoll_event event = { .data.fd = fd };

    (void) easy;
    (void) of_fd;
    if (what == CURL_POLL_REMOVE) {
        (void) epoll_ctl(fetch->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? (uint32_t) EPOLLIN : 0)
        | (what & CURL_POLL_OUT ? (uint32_t) EPOLLOUT : 0);
    if (epoll_ctl(fetch->epoll_fd, EPOLL_CTL_MOD, fd, &event) != 0) {
        (void) epoll_ctl(fetch->epoll_fd, EPOLL_CTL_ADD, fd, &event);
    }
    return 0;
}


static int
on_timer(CURLM *multi, long ms, void *payload)
{
    dosisd_fetch_t *fetch = payload;

    (void) multi;
    if (ms < 0) {
        fetch->timer.due_ms = 0;
    } else {
        (void) dosisd_loop_start(fetch->loop, &fetch->timer, ms);
    }
    return 0;
}


static void
on_time(void *payload)
{
    dosisd_fetch_t *fetch = payload;
    int running;

    (void) curl_multi_socket_action(
        fetch->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    take_done(fetch);
}


static void
on_ready(void *payload)
{
    dosisd_fetch_t *fetch = payload;
    struct epoll_event event[FETCH_EVENTS];
    int i, count, what, running;

    count = epoll_wait(fetch->epoll_fd, event, FETCH_EVENTS, 0);
    for (i = 0; i < count; i++) {
        what = (event[i].events & EPOLLIN ? CURL_CSELECT_IN : 0)
            | (event[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0)
            | (event[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
        (void) curl_multi_socket_action(
            fetch->multi, event[i].data.fd, what, &running);
    }
    take_done(fetch);
}


static bool
multi_open(dosisd_fetch_t *fetch)
{
    CURLM *multi = curl_multi_init();

    fetch->multi = multi;
    return multi != NULL
        && curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket)
        == CURLM_OK
        && curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, fetch) == CURLM_OK
        && curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer)
        == CURLM_OK
        && curl_multi_setopt(multi, CURLMOPT_TIMERDATA, fetch) == CURLM_OK
        && curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS,
               (long) FETCH_HOST_CONNECTIONS)
        == CURLM_OK
        && curl_multi_setopt(
               multi, CURLMOPT_MAXCONNECTS, (long) FETCH_IDLE_CONNECTIONS)
        == CURLM_OK;
}


dosisd_fetch_t *
dosisd_fetch_open(dosisd_loop_t *loop)
{
    dosisd_fetch_t *fetch = calloc(1, sizeof(*fetch));

    if (fetch == NULL) {
        return NULL;
    }
    fetch->loop = loop;
    fetch->timer.handler = on_time;
    fetch->timer.payload = fetch;
    fetch->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (fetch->epoll_fd < 0
        || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK
        || !multi_open(fetch)
        || !dosisd_loop_watch(loop, fetch->epoll_fd, on_ready, fetch)) {
        dosisd_fetch_close(fetch);
        return NULL;
    }
    return fetch;
}


void
dosisd_fetch_close(dosisd_fetch_t *fetch)
{
    if (fetch == NULL) {
        return;
    }
    while (fetch->calls != NULL) {
        call_free(fetch->calls);
    }
    (void) curl_multi_cleanup(fetch->multi);
    fetch->timer.due_ms = 0;
    if (fetch->epoll_fd >= 0) {
        close(fetch->epoll_fd);
    }
    free(fetch);
}
