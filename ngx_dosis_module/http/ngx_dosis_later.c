/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_later.h"

#include "http/ngx_dosis_ctx.h"
#include "ngx_dosis_worker.h"

#define LATER_A_TURN 4 /* the more, the longer a delivery waits */
#define LATER_STAY_MS 60000

static struct {
    ngx_queue_t line; /* oldest first */
    ngx_event_t turn;
    ngx_event_t stay;       /* nginx does not end while it has a timer */
    ngx_connection_t dummy; /* what nginx wants in a timer's data */
} later;


static void
later_on_leave(ngx_dosis_listener_t *listener)
{
    ngx_dosis_later_t *one = (ngx_dosis_later_t *) ((u_char *) listener
        - offsetof(ngx_dosis_later_t, listener));

    ngx_queue_remove(&one->queue);
}


static void
later_go_on(ngx_dosis_later_t *one)
{
    ngx_http_request_t *r = one->listener.r;
    ngx_connection_t *c = r->connection;

    ngx_queue_remove(&one->queue);
    ngx_dosis_listen_end(&one->listener);
    ngx_http_set_log_request(c->log, r);
    if (c->error) {
        /* a stream that was reset: nothing of it is read, or noted */
        ngx_http_finalize_request(r, NGX_HTTP_CLIENT_CLOSED_REQUEST);
    } else {
        one->go_on(r);
    }
    ngx_http_run_posted_requests(c);
}


static void
later_on_turn(ngx_event_t *ev)
{
    ngx_uint_t i;

    if (ngx_queue_empty(&later.line)) {
        if (later.stay.timer_set) {
            ngx_del_timer(&later.stay);
        }
        return;
    }
    ngx_dosis_writer_kick(ngx_dosis_worker()->writer);
    /* before the first goes on: who comes by it is of the next turn */
    ngx_post_event(ev, &ngx_posted_next_events);
    for (i = 0; i < LATER_A_TURN && !ngx_queue_empty(&later.line); i++) {
        later_go_on(ngx_queue_data(
            ngx_queue_head(&later.line), ngx_dosis_later_t, queue));
    }
}


static void
later_on_stay(ngx_event_t *ev)
{
    ngx_add_timer(ev, LATER_STAY_MS);
}


void
ngx_dosis_later_init(ngx_cycle_t *cycle)
{
    ngx_queue_init(&later.line);
    later.turn.handler = later_on_turn;
    later.turn.log = cycle->log;
    later.dummy.fd = (ngx_socket_t) -1;
    later.stay.handler = later_on_stay;
    later.stay.data = &later.dummy;
    later.stay.log = cycle->log;
}


bool
ngx_dosis_later(ngx_http_request_t *r, ngx_dosis_later_pt go_on)
{
    ngx_dosis_later_t *one = &ngx_dosis_ctx(r)->later;

    if (ngx_queue_empty(&later.line)
        && !ngx_dosis_writer_is_busy(ngx_dosis_worker()->writer)) {
        return false;
    }
    one->go_on = go_on;
    one->listener.on_leave = later_on_leave;
    ngx_dosis_listen(r, &one->listener);
    /* who has sent all and closes that side is answered, as without a line */
    r->read_event_handler = ngx_http_block_reading;
    ngx_queue_insert_tail(&later.line, &one->queue);
    if (!later.turn.posted) {
        ngx_post_event(&later.turn, &ngx_posted_events);
    }
    if (!later.stay.timer_set) {
        ngx_add_timer(&later.stay, LATER_STAY_MS);
    }
    return true;
}
