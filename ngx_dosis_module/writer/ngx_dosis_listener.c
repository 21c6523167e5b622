/* SPDX-License-Identifier: EUPL-1.2 */

#include "writer/ngx_dosis_listener.h"

#include "http/ngx_dosis_ctx.h"


void
ngx_dosis_listen(ngx_http_request_t *r, ngx_dosis_listener_t *listener)
{
    listener->r = r;
    ngx_dosis_ctx(r)->listener = listener;

    /* the answer comes later; until then only leaving is of interest */
    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;
}


void
ngx_dosis_listen_leave(ngx_dosis_listener_t *listener)
{
    if (listener == NULL) {
        return;
    }
    listener->r = NULL;
    if (listener->on_leave != NULL) {
        listener->on_leave(listener);
    }
}


void
ngx_dosis_listen_end(ngx_dosis_listener_t *listener)
{
    if (listener->r != NULL) {
        ngx_dosis_ctx(listener->r)->listener = NULL;
        listener->r = NULL;
    }
}


void
ngx_dosis_listener_answer(
    ngx_dosis_listener_t *listener, const ngx_dosis_reply_t *reply)
{
    ngx_connection_t *c;
    ngx_http_request_t *r = listener->r;

    if (r == NULL) {
        return;
    }
    c = r->connection;
    ngx_http_set_log_request(c->log, r);
    ngx_dosis_listen_end(listener);
    ngx_http_finalize_request(r, ngx_dosis_reply_send(r, reply));
    ngx_http_run_posted_requests(c);
}
