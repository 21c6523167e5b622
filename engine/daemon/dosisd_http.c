/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_http.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include <microhttpd.h>

#include "daemon/dosisd_introspect.h"
#include "daemon/dosisd_log.h"
#include "daemon/dosisd_oplading.h"
#include "daemon/dosisd_opladingen.h"
#include "daemon/dosisd_register.h"
#include "daemon/dosisd_signing.h"
#include "daemon/dosisd_socket.h"
#include "daemon/dosisd_status.h"

#define HTTP_CONNECTIONS (DOSISD_INTROSPECT_WAITING + 64)
#define HTTP_TIMEOUT_S 10
#define HTTP_FILE_TIMEOUT_S 300 /* between bytes of a file */
#define HTTP_MEMORY 32768 /* per connection, headers included */
#define HTTP_ANSWER_MAX (4 * 1024 * 1024)
#define HTTP_BODY_MAX DOSISD_REGISTER_BODY_MAX
#define HTTP_TURNS 16 /* per wake-up */
#define HTTP_ALLOW_MAX 64

struct dosisd_http_s {
    dosisd_t *dosisd;
    struct MHD_Daemon *mhd;
    struct MHD_Connection *waiting; /* for a load to end */
    dosisd_timer_t timer;
    bool serving; /* the library has its turn */
    char path[sizeof(((struct sockaddr_un *) 0)->sun_path)];
};

/* One request between the calls of the library. */
typedef struct {
    dosisd_http_t *http;
    struct MHD_Connection *connection;
    const char *method;
    const char *rest; /* of the path, behind that of a route that ends with / */
    dosis_buf_t body;
    dosisd_oplading_t *oplading; /* in whose place the body goes */
    dosisd_rapport_t *rapport;   /* that is the answer */
    bool routed; /* its handler has been called, and has it waiting */
    bool too_large;
    dosis_ref_kind_t kind; /* of the route */
    dosisd_waiter_t waiter;
    bool suspended;
    unsigned told; /* the status of what it waited for, which is in late */
    dosis_buf_t late;
} http_request_t;

/* A route fills answer and gives the status; 0: the answer comes later. */
typedef unsigned (*http_handler_pt)(
    http_request_t *request, dosis_buf_t *answer);

/* One whose path ends with / is of all that lie below it. */
typedef struct {
    const char *method;
    const char *path;
    http_handler_pt handler;
    dosis_ref_kind_t kind; /* of a registration, or 0 */
    http_handler_pt begin; /* called before the body comes, or NULL */
} http_route_t;

/* There is one engine in a process, and it has one ear. */
static dosisd_http_t the_http;


static unsigned
on_status(http_request_t *request, dosis_buf_t *answer)
{
    dosisd_status_add(answer, request->http->dosisd);
    return MHD_HTTP_OK;
}


static unsigned
on_health(http_request_t *request, dosis_buf_t *answer)
{
    return dosisd_health_add(answer, request->http->dosisd)
               ? MHD_HTTP_OK
               : MHD_HTTP_SERVICE_UNAVAILABLE;
}


static unsigned
load_status(const dosisd_load_t *load)
{
    if (load->busy) {
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    }
    return load->rc == DOSIS_OK ? MHD_HTTP_OK : MHD_HTTP_UNPROCESSABLE_CONTENT;
}


static unsigned
on_reload(http_request_t *request, dosis_buf_t *answer)
{
    dosisd_http_t *http = request->http;
    dosisd_load_t *load = &http->dosisd->load;
    dosis_rc_t rc;

    rc = dosisd_reload(http->dosisd);
    if (rc == DOSIS_EBUSY) {
        DOSIS_BUF_LIT(answer, "{\"loaded\":false,\"rc\":\"EBUSY\"}\n");
        return MHD_HTTP_CONFLICT;
    }
    if (rc != DOSIS_OK) {
        dosisd_load_add(answer, load);
        return load_status(load);
    }
    http->waiting = request->connection;
    MHD_suspend_connection(request->connection);
    return 0;
}


static void serve(void *payload);


/* Perhaps before the connection sleeps; else it is woken. */
static void
on_told(dosisd_waiter_t *waiter, unsigned status, dosis_slice_t answer)
{
    http_request_t *request =
        (http_request_t *) ((char *) waiter - offsetof(http_request_t, waiter));

    request->told = status;
    dosis_buf_add_slice(&request->late, answer);
    if (request->suspended) {
        request->suspended = false;
        MHD_resume_connection(request->connection);
        serve(request->http);
    }
}


/* The waiter has been handed over. */
static unsigned
wait_told(http_request_t *request, dosis_buf_t *answer)
{
    if (request->told != 0) {
        dosis_buf_add_slice(answer, dosis_buf_slice(&request->late));
        return request->told;
    }
    request->suspended = true;
    MHD_suspend_connection(request->connection);
    return 0;
}


static unsigned
on_introspectie(http_request_t *request, dosis_buf_t *answer)
{
    dosisd_t *dosisd = request->http->dosisd;

    if (dosisd->introspect == NULL) {
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    }
    request->waiter.told = on_told;
    dosisd_introspect_ask(
        dosisd->introspect, dosis_buf_slice(&request->body), &request->waiter);
    return wait_told(request, answer);
}


static const char *
parameter(const http_request_t *request, const char *name)
{
    return MHD_lookup_connection_value(
        request->connection, MHD_GET_ARGUMENT_KIND, name);
}


/* The parameter that names one. */
static const char *
key_of(dosis_ref_kind_t kind)
{
    return kind == DOSIS_REF_CLIENT   ? "client"
        : kind == DOSIS_REF_UITGEVER ? "iss"
                                     : "bron";
}


static unsigned
on_register(http_request_t *request, dosis_buf_t *answer)
{
    const dosisd_register_call_t call = {
        .kind = request->kind,
        .method = request->method,
        .name = parameter(request, key_of(request->kind)),
        .after = parameter(request, "na"),
        .body = dosis_buf_slice(&request->body),
    };

    return dosisd_register(request->http->dosisd, &call, answer);
}


static unsigned
on_signing(http_request_t *request, dosis_buf_t *answer)
{
    const dosisd_signing_call_t call = {
        .method = request->method,
        .kid = parameter(request, "kid"),
        .force = parameter(request, "nu") != NULL,
    };

    return dosisd_signing(request->http->dosisd, &call, answer);
}


/* --- files --------------------------------------------------------------- */

static dosis_slice_t
given(const http_request_t *request, const char *name)
{
    return dosis_slice_of(parameter(request, name));
}


/* As it was announced; 0: not. */
static uint64_t
announced(const http_request_t *request)
{
    const char *text = MHD_lookup_connection_value(request->connection,
        MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);

    return text == NULL ? 0 : strtoull(text, NULL, 10);
}


static unsigned
begin_oplading(http_request_t *request, dosis_buf_t *answer)
{
    const dosis_oplading_vraag_t vraag = {
        .client = given(request, "client"),
        .now_ns = dosisd_now_ns(),
        .proef = given(request, "proef"),
        .upload_id = given(request, "uploadId"),
        .bestand = given(request, "bestand"),
        .volledig = given(request, "volledig"),
        .bron = given(request, "bron"),
        .peildatum = given(request, "peildatum"),
        .ontbrekend = given(request, "ontbrekend"),
    };

    (void) MHD_set_connection_option(request->connection,
        MHD_CONNECTION_OPTION_TIMEOUT, HTTP_FILE_TIMEOUT_S);
    return dosisd_oplading_begin(request->http->dosisd->opladingen, &vraag,
        announced(request), &request->oplading, answer);
}


static unsigned
on_oplading(http_request_t *request, dosis_buf_t *answer)
{
    dosisd_oplading_t *oplading = request->oplading;

    request->oplading = NULL;
    request->waiter.told = on_told;
    dosisd_oplading_end(oplading, &request->waiter);
    return wait_told(request, answer);
}


static unsigned
on_opladingen(http_request_t *request, dosis_buf_t *answer)
{
    const dosisd_opladingen_call_t call = {
        .method = request->method,
        .rest = request->rest,
        .client = parameter(request, "client"),
        .after = parameter(request, "na"),
    };

    if (call.rest != NULL && strcmp(call.method, "GET") == 0) {
        request->rapport = dosisd_rapport_open(request->http->dosisd, &call);
        if (request->rapport != NULL) {
            return MHD_HTTP_OK;
        }
    }
    return dosisd_opladingen(request->http->dosisd, &call, answer);
}


#define HTTP_REGISTER(path, kind)                                              \
    { "GET", path, on_register, kind, NULL },                                  \
        { "POST", path, on_register, kind, NULL },                             \
        { "PUT", path, on_register, kind, NULL },                              \
        { "PATCH", path, on_register, kind, NULL },                            \
    {                                                                          \
        "DELETE", path, on_register, kind, NULL                                \
    }

static const http_route_t http_routes[] = {
    { "GET", "/status", on_status, 0, NULL },
    { "GET", "/health", on_health, 0, NULL },
    { "POST", "/reload", on_reload, 0, NULL },
    { "POST", "/introspectie", on_introspectie, 0, NULL },
    { "GET", "/sleutels", on_signing, 0, NULL },
    { "POST", "/sleutels", on_signing, 0, NULL },
    { "DELETE", "/sleutels", on_signing, 0, NULL },
    { "GET", "/opladingen", on_opladingen, 0, NULL },
    { "POST", "/opladingen", on_oplading, 0, begin_oplading },
    { "GET", DOSISD_OPLADINGEN_PATH, on_opladingen, 0, NULL },
    { "DELETE", DOSISD_OPLADINGEN_PATH, on_opladingen, 0, NULL },
    HTTP_REGISTER("/bronnen", DOSIS_REF_BRON),
    HTTP_REGISTER("/clients", DOSIS_REF_CLIENT),
    HTTP_REGISTER("/pauzes", DOSIS_REF_PAUZE),
    HTTP_REGISTER("/uitgevers", DOSIS_REF_UITGEVER),
};


static enum MHD_Result
answer(struct MHD_Connection *connection, unsigned status,
    const dosis_buf_t *body, const char *allow)
{
    struct MHD_Response *response;
    enum MHD_Result result;

    if (body->rc != DOSIS_OK) {
        return MHD_NO; /* closes the connection */
    }
    response = MHD_create_response_from_buffer(
        body->len, body->data, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) {
        return MHD_NO;
    }
    (void) MHD_add_response_header(
        response, "Content-Type", "application/json");
    (void) MHD_add_response_header(response, "Cache-Control", "no-store");
    if (allow != NULL) {
        (void) MHD_add_response_header(response, "Allow", allow);
    }
    result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}


static bool
is_path(const http_route_t *row, const char *path)
{
    size_t len = strlen(row->path);

    return row->path[len - 1] == '/' ? strncmp(path, row->path, len) == 0
                                     : strcmp(path, row->path) == 0;
}


/* allow: the methods of the path, apart by commas; empty: no such path. */
static const http_route_t *
find_route(const char *method, const char *path, dosis_buf_t *allow)
{
    size_t i;

    for (i = 0; i < sizeof(http_routes) / sizeof(http_routes[0]); i++) {
        const http_route_t *row = &http_routes[i];

        if (!is_path(row, path)) {
            continue;
        }
        if (strcmp(method, row->method) == 0) {
            return row;
        }
        dosis_buf_addf(allow, "%s%s", allow->len > 0 ? ", " : "", row->method);
    }
    return NULL;
}


static ssize_t
on_rapport_read(void *payload, uint64_t at, char *to, size_t max)
{
    ssize_t len = dosisd_rapport_read(payload, to, max);

    (void) at;
    return len > 0  ? len
        : len == 0 ? MHD_CONTENT_READER_END_OF_STREAM
                   : MHD_CONTENT_READER_END_WITH_ERROR;
}


static void
on_rapport_done(void *payload)
{
    dosisd_rapport_close(payload);
}


/* It is closed by who sends it. */
static enum MHD_Result
answer_rapport(http_request_t *request)
{
    dosisd_rapport_t *rapport = request->rapport;
    struct MHD_Response *response;
    enum MHD_Result result;

    request->rapport = NULL;
    response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, HTTP_MEMORY,
        on_rapport_read, rapport, on_rapport_done);
    if (response == NULL) {
        dosisd_rapport_close(rapport);
        return MHD_NO;
    }
    (void) MHD_add_response_header(
        response, "Content-Type", "text/csv; charset=utf-8");
    (void) MHD_add_response_header(response, "Cache-Control", "no-store");
    result = MHD_queue_response(request->connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}


/* The row and what of the path lies below it. */
static const http_route_t *
take_route(http_request_t *request, const char *path, dosis_buf_t *allow)
{
    const http_route_t *row = find_route(request->method, path, allow);
    size_t len = row == NULL ? 0 : strlen(row->path);

    if (row != NULL) {
        request->kind = row->kind;
        request->rest = row->path[len - 1] == '/' ? path + len : NULL;
    }
    return row;
}


/* Before the body comes. */
static enum MHD_Result
begin(http_request_t *request, const char *path)
{
    char unused[HTTP_ALLOW_MAX];
    const http_route_t *row;
    dosis_buf_t body, allow;
    enum MHD_Result result = MHD_YES;
    unsigned status = 0;

    dosis_buf_init(&body, HTTP_ANSWER_MAX);
    dosis_buf_init_fixed(&allow, unused, sizeof(unused));
    row = take_route(request, path, &allow);
    if (row != NULL && row->begin != NULL) {
        status = row->begin(request, &body);
    }
    if (status != 0) {
        request->routed = true;
        result = answer(request->connection, status, &body, NULL);
    }
    dosis_buf_done(&body);
    return result;
}


static enum MHD_Result
route(http_request_t *request, const char *path)
{
    char methods[HTTP_ALLOW_MAX] = "";
    const http_route_t *row;
    dosis_buf_t body, allow;
    enum MHD_Result result;
    unsigned status = MHD_HTTP_NOT_FOUND;

    dosis_buf_init(&body, HTTP_ANSWER_MAX);
    dosis_buf_init_fixed(&allow, methods, sizeof(methods) - 1);
    row = take_route(request, path, &allow);
    if (request->too_large) {
        status = MHD_HTTP_CONTENT_TOO_LARGE;
    } else if (row != NULL) {
        status = row->handler(request, &body);
    } else if (allow.len > 0) {
        status = MHD_HTTP_METHOD_NOT_ALLOWED;
    }
    if (status == 0) {
        dosis_buf_done(&body);
        return MHD_YES;
    }
    if (request->rapport != NULL) {
        dosis_buf_done(&body);
        return answer_rapport(request);
    }
    if (body.len == 0 && body.rc == DOSIS_OK) {
        dosis_buf_addf(&body, "{\"status\":%u}\n", status);
    }
    methods[allow.len] = '\0';
    result = answer(request->connection, status, &body,
        status == MHD_HTTP_METHOD_NOT_ALLOWED ? methods : NULL);
    dosis_buf_done(&body);
    return result;
}


static http_request_t *
request_create(dosisd_http_t *http, struct MHD_Connection *connection,
    const char *method)
{
    http_request_t *request = calloc(1, sizeof(*request));

    if (request != NULL) {
        request->http = http;
        request->connection = connection;
        request->method = method;
        dosis_buf_init(&request->body, HTTP_BODY_MAX);
        dosis_buf_init(&request->late, DOSISD_INTROSPECT_ANSWER_MAX);
    }
    return request;
}


/* A body may be a token, an answer what it says of a person. */
static void
wipe(dosis_buf_t *buf)
{
    if (buf->data != NULL) {
        explicit_bzero(buf->data, buf->len);
    }
    dosis_buf_done(buf);
}


static void
http_on_completed(void *payload, struct MHD_Connection *connection,
    void **stage, enum MHD_RequestTerminationCode code)
{
    http_request_t *request = *stage;

    (void) payload;
    (void) connection;
    (void) code;
    if (request != NULL) {
        dosisd_oplading_free(request->oplading);
        dosisd_rapport_close(request->rapport);
        wipe(&request->body);
        wipe(&request->late);
        free(request);
        *stage = NULL;
    }
}


/* A load that somebody waited for has ended. */
static enum MHD_Result
answer_loaded(http_request_t *request)
{
    const dosisd_load_t *load = &request->http->dosisd->load;
    enum MHD_Result result;
    dosis_buf_t body;

    dosis_buf_init(&body, HTTP_ANSWER_MAX);
    dosisd_load_add(&body, load);
    result = answer(request->connection, load_status(load), &body, NULL);
    dosis_buf_done(&body);
    return result;
}


static enum MHD_Result
answer_told(http_request_t *request)
{
    if (request->late.len == 0) {
        dosis_buf_addf(&request->late, "{\"status\":%u}\n", request->told);
    }
    return answer(request->connection, request->told, &request->late, NULL);
}


static void
take_bytes(http_request_t *request, dosis_slice_t bytes)
{
    if (request->oplading != NULL) {
        dosisd_oplading_add(request->oplading, bytes);
        return;
    }
    dosis_buf_add_slice(&request->body, bytes);
    request->too_large = request->body.rc != DOSIS_OK;
}


static enum MHD_Result
http_on_request(void *payload, struct MHD_Connection *connection,
    const char *path, const char *method, const char *version,
    const char *upload, size_t *upload_len, void **stage)
{
    http_request_t *request = *stage;

    (void) version;
    if (request == NULL) {
        *stage = request_create(payload, connection, method);
        return *stage == NULL ? MHD_NO : begin(*stage, path);
    }
    if (*upload_len > 0) {
        take_bytes(request, dosis_slice(upload, *upload_len));
        *upload_len = 0;
        return MHD_YES;
    }
    if (request->told != 0) {
        return answer_told(request);
    }
    if (request->routed) {
        return answer_loaded(request);
    }
    request->routed = true;
    return route(request, path);
}


/* That who asked has left is no news: a worker's client may do so. */
static bool
is_of_one_gone(const char *text)
{
    return strstr(text, "no longer available for sending") != NULL;
}


static void
on_library_log(void *payload, const char *format, va_list args)
{
    char text[256];

    (void) payload;
    (void) vsnprintf(text, sizeof(text), format, args);
    text[strcspn(text, "\n")] = '\0';
    if (!is_of_one_gone(text)) {
        dosisd_log(DOSISD_INFO, "socket: %s", text);
    }
}


/* Gives the library its turn, and asks it when it wants the next one. */
static void
serve(void *payload)
{
    dosisd_http_t *http = payload;
    MHD_UNSIGNED_LONG_LONG wait = 1;
    unsigned turn;

    if (http->serving) {
        return;
    }
    for (turn = 0; turn < HTTP_TURNS; turn++) {
        http->serving = true;
        (void) MHD_run(http->mhd);
        http->serving = false;
        if (MHD_get_timeout(http->mhd, &wait) != MHD_YES) {
            return; /* nothing but its descriptor wakes it */
        }
        if (wait > 0) {
            break;
        }
    }
    (void) dosisd_loop_start(
        &http->dosisd->loop, &http->timer, wait < 1000 ? (int64_t) wait : 1000);
}


bool
dosisd_http_open(dosisd_t *dosisd)
{
    dosisd_http_t *http = &the_http;
    const union MHD_DaemonInfo *info;
    int fd;

    memset(http, 0, sizeof(*http));
    http->dosisd = dosisd;
    http->timer.handler = serve;
    http->timer.payload = http;
    fd = dosisd_socket_listen(dosisd->options.socket_path);
    if (fd < 0) {
        return false;
    }
    memcpy(http->path, dosisd->options.socket_path,
        strlen(dosisd->options.socket_path) + 1);
    http->mhd = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL,
        NULL, http_on_request, http, MHD_OPTION_EXTERNAL_LOGGER, on_library_log,
        NULL, MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, http,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
        HTTP_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, HTTP_TIMEOUT_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) HTTP_MEMORY,
        MHD_OPTION_END);
    if (http->mhd == NULL) {
        dosisd_log(DOSISD_ERROR, "listener not started: socket=%s", http->path);
        close(fd);
        return false;
    }
    dosisd->http = http;
    info = MHD_get_daemon_info(http->mhd, MHD_DAEMON_INFO_EPOLL_FD);
    return info != NULL
        && dosisd_loop_watch(&dosisd->loop, info->epoll_fd, serve, http);
}


void
dosisd_http_close(dosisd_http_t *http)
{
    if (http == NULL || http->mhd == NULL) {
        return;
    }
    dosisd_http_loaded(http); /* the library must not hold a sleeper */
    MHD_stop_daemon(http->mhd);
    http->mhd = NULL;
    (void) unlink(http->path);
}


void
dosisd_http_loaded(dosisd_http_t *http)
{
    if (http == NULL || http->mhd == NULL || http->waiting == NULL) {
        return;
    }
    MHD_resume_connection(http->waiting);
    http->waiting = NULL;
    serve(http);
}
