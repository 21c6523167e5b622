/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_later.h: while deliveries come in, they go first: whatever else
 * needs a token stands in line.
 *
 *   later      puts the request in the line
 *   on_turn    when all is done that the kernel told the loop of: the first
 *              few of the line go on, the rest in the turns that follow, each
 *              of which hears first what came meanwhile
 *
 * Without it a delivery, and the end of its commit, waits until all that the
 * loop was told of before has been answered: beside 64 counters that ask as
 * fast as they can, some 2 ms each time (engine/doc/speed.md).
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     in place, in the request's context
 * Errors     none
 *
 * The line is no longer than there are open requests; each turn takes four.
 * While there is one, whoever comes joins it, so that nobody is passed. It
 * carries a timer, so that a worker that ends in good order waits for it.
 */

#ifndef NGX_DOSIS_LATER_H
#define NGX_DOSIS_LATER_H

#include "writer/ngx_dosis_listener.h"

typedef void (*ngx_dosis_later_pt)(ngx_http_request_t *r);

typedef struct {
    ngx_queue_t queue;
    ngx_dosis_listener_t listener;
    ngx_dosis_later_pt go_on;
} ngx_dosis_later_t;

/* Before the first request of this process. */
void ngx_dosis_later_init(ngx_cycle_t *cycle);

/*
 * true: go_on will be called, which finalizes r, unless the request ends
 * before. false: there is nothing to wait for.
 */
bool ngx_dosis_later(ngx_http_request_t *r, ngx_dosis_later_pt go_on);

#endif
