/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_http.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <microhttpd.h>

#include "daemon/dosisd_log.h"
#include "daemon/dosisd_status.h"

#define HTTP_CONNECTIONS 32
#define HTTP_TIMEOUT_S 10
#define HTTP_MEMORY 32768 /* per connection, headers included */
#define HTTP_BODY_MAX 131072
#define HTTP_BACKLOG 64
#define HTTP_TURNS 16 /* per wake-up */
#define HTTP_SOCKET_MODE 0660

struct dosisd_http_s {
    dosisd_t *dosisd;
    struct MHD_Daemon *mhd;
    struct MHD_Connection *waiting; /* for a load to end */
    dosisd_timer_t timer;
    char path[sizeof(((struct sockaddr_un *) 0)->sun_path)];
};

/* A route fills body and gives the status; 0: the answer comes later. */
typedef unsigned (*http_handler_pt)(
    dosisd_http_t *http, struct MHD_Connection *connection, dosis_buf_t *body);

typedef struct {
    const char *method;
    const char *path;
    http_handler_pt handler;
} http_route_t;

/* How far a request is: kept by the library between its calls. */
static int stage_headers, stage_waited;

/* There is one engine in a process, and it has one ear. */
static dosisd_http_t the_http;


static unsigned
on_status(
    dosisd_http_t *http, struct MHD_Connection *connection, dosis_buf_t *body)
{
    (void) connection;
    dosisd_status_add(body, http->dosisd);
    return MHD_HTTP_OK;
}


static unsigned
on_health(
    dosisd_http_t *http, struct MHD_Connection *connection, dosis_buf_t *body)
{
    (void) connection;
    return dosisd_health_add(body, http->dosisd) ? MHD_HTTP_OK
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
on_reload(
    dosisd_http_t *http, struct MHD_Connection *connection, dosis_buf_t *body)
{
    dosisd_load_t *load = &http->dosisd->load;
    dosis_rc_t rc;

    rc = dosisd_reload(http->dosisd);
    if (rc == DOSIS_EBUSY) {
        DOSIS_BUF_LIT(body, "{\"loaded\":false,\"rc\":\"EBUSY\"}\n");
        return MHD_HTTP_CONFLICT;
    }
    if (rc != DOSIS_OK) {
        dosisd_load_add(body, load);
        return load_status(load);
    }
    http->waiting = connection;
    MHD_suspend_connection(connection);
    return 0;
}


static const http_route_t http_routes[] = {
    { "GET", "/status", on_status },
    { "GET", "/health", on_health },
    { "POST", "/reload", on_reload },
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


static enum MHD_Result
route(dosisd_http_t *http, struct MHD_Connection *connection,
    const char *method, const char *path)
{
    const char *allow = NULL;
    dosis_buf_t body;
    enum MHD_Result result;
    unsigned status = MHD_HTTP_NOT_FOUND;
    size_t i;

    dosis_buf_init(&body, HTTP_BODY_MAX);
    for (i = 0; i < sizeof(http_routes) / sizeof(http_routes[0]); i++) {
        if (strcmp(path, http_routes[i].path) != 0) {
            continue;
        }
        if (strcmp(method, http_routes[i].method) == 0) {
            status = http_routes[i].handler(http, connection, &body);
        } else {
            status = MHD_HTTP_METHOD_NOT_ALLOWED;
            allow = http_routes[i].method;
        }
        break;
    }
    if (status == 0) {
        dosis_buf_done(&body);
        return MHD_YES;
    }
    if (body.len == 0 && body.rc == DOSIS_OK) {
        dosis_buf_addf(&body, "{\"status\":%u}\n", status);
    }
    result = answer(connection, status, &body, allow);
    dosis_buf_done(&body);
    return result;
}


static enum MHD_Result
http_on_request(void *payload, struct MHD_Connection *connection,
    const char *path, const char *method, const char *version,
    const char *upload, size_t *upload_len, void **stage)
{
    dosisd_http_t *http = payload;
    dosis_buf_t body;
    enum MHD_Result result;

    (void) version;
    (void) upload;
    if (*stage == NULL) {
        *stage = &stage_headers;
        return MHD_YES;
    }
    if (*upload_len > 0) {
        *upload_len = 0; /* no request of ours has a body; let it pass */
        return MHD_YES;
    }
    if (*stage == &stage_waited) {
        dosis_buf_init(&body, HTTP_BODY_MAX);
        dosisd_load_add(&body, &http->dosisd->load);
        result =
            answer(connection, load_status(&http->dosisd->load), &body, NULL);
        dosis_buf_done(&body);
        return result;
    }
    *stage = &stage_waited;
    return route(http, connection, method, path);
}


static void
on_library_log(void *payload, const char *format, va_list args)
{
    char text[256];

    (void) payload;
    (void) vsnprintf(text, sizeof(text), format, args);
    text[strcspn(text, "\n")] = '\0';
    dosisd_log(DOSISD_INFO, "socket: %s", text);
}


/* Gives the library its turn, and asks it when it wants the next one. */
static void
serve(void *payload)
{
    dosisd_http_t *http = payload;
    MHD_UNSIGNED_LONG_LONG wait = 1;
    unsigned turn;

    for (turn = 0; turn < HTTP_TURNS; turn++) {
        (void) MHD_run(http->mhd);
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


static bool
someone_listens(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answers;

    if (fd < 0) {
        return false;
    }
    answers =
        connect(fd, (const struct sockaddr *) address, sizeof(*address)) == 0;
    close(fd);
    return answers;
}


static int
listen_on(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd;

    if (strlen(path) >= sizeof(address.sun_path)) {
        dosisd_log(DOSISD_ERROR, "socket path too long: max=%zu path=%s",
            sizeof(address.sun_path) - 1, path);
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (someone_listens(&address)) {
        dosisd_log(
            DOSISD_ERROR, "somebody listens there already: socket=%s", path);
        return -1;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    (void) unlink(path); /* left by a killed engine */
    if (bind(fd, (const struct sockaddr *) &address, sizeof(address)) != 0
        || chmod(path, HTTP_SOCKET_MODE) != 0
        || listen(fd, HTTP_BACKLOG) != 0) {
        dosisd_log(DOSISD_ERROR, "not listening: socket=%s why=%s", path,
            strerror(errno));
        close(fd);
        return -1;
    }
    return fd;
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
    fd = listen_on(dosisd->options.socket_path);
    if (fd < 0) {
        return false;
    }
    memcpy(http->path, dosisd->options.socket_path,
        strlen(dosisd->options.socket_path) + 1);
    http->mhd = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL,
        NULL, http_on_request, http, MHD_OPTION_EXTERNAL_LOGGER, on_library_log,
        NULL, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
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
