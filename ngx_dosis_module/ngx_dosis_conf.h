/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_conf.h: the directives as values.
 *
 * Layer      module
 * Threads    written while the configuration is read, then only read
 * Blocking   reads the key file and the key sets, in the master process
 * Memory     the pool of the configuration; secrets and key sets are wiped
 *            and freed with it
 * Errors     reported by `nginx -t` with the directive and the reason
 */

#ifndef NGX_DOSIS_CONF_H
#define NGX_DOSIS_CONF_H

#include "crypto/dosis_jwt.h"
#include "crypto/dosis_secret.h"
#include "domain/dosis_grens.h"
#include "domain/dosis_identity.h"
#include "ngx_dosis_module.h"

/* What is limited in time, each apart. */
typedef enum {
    NGX_DOSIS_LIMIT_VRAGEN,     /* of a machine */
    NGX_DOSIS_LIMIT_LEVERINGEN, /* of a machine: dossiers */
    NGX_DOSIS_LIMIT_GEBRUIKER,  /* questions of a user */
    NGX_DOSIS_LIMIT_MAX
} ngx_dosis_limit_what_t;

/* One for the whole http block. */
typedef struct {
    bool enabled;       /* some location says `dosis on` */
    ngx_str_t store;    /* directory, full path */
    off_t map_bytes;    /* the most its file may hold */
    ngx_str_t key_file; /* full path */
    dosis_secret_t *kek;
    ngx_array_t issuers;    /* of dosis_jwt_issuer_t */
    ngx_array_t rules;      /* of dosis_identity_rules_t, same index */
    ngx_uint_t token_cache; /* entries; 0 = off */
    time_t leeway_s;
    ngx_uint_t queue_max; /* jobs, per worker */
    ngx_uint_t batch_max; /* jobs */
    time_t future_s;
    ngx_uint_t streams_max; /* that wait for a change, per worker */
    ngx_uint_t streams_client_max;
    ngx_msec_t heartbeat_ms;
    ngx_uint_t inzage;      /* ngx_dosis_inzage_mode_t */
    size_t inzage_buffer;   /* bytes that are not on disk, per worker */
    ngx_http_upstream_conf_t engine; /* upstream NULL: nobody to ask */
    ngx_thread_pool_t *threads;      /* of the writer */
    ngx_thread_pool_t *read_threads; /* of what is too long for the loop */
    dosis_grens_t limit[NGX_DOSIS_LIMIT_MAX];
    bool limit_set[NGX_DOSIS_LIMIT_MAX]; /* by a directive */
    off_t csv_reserve;      /* bytes of the disk that no file takes */
    ngx_uint_t csv_uploads; /* files that come in at once, per worker */
    size_t limit_zone_bytes;
    ngx_shm_zone_t *limit_zone; /* of ngx_dosis_limit.h */
    ngx_int_t request_id; /* index of $request_id */
} ngx_dosis_main_conf_t;

/* One for each server. */
typedef struct {
    bool enabled; /* some location of it says `dosis on` */
} ngx_dosis_srv_conf_t;

/* One for each location. */
typedef struct {
    bool enabled; /* this very location says `dosis on` */
    ngx_str_t prefix;
    ngx_str_t base; /* our address, as others see it, or empty */
    ngx_flag_t require_tls;
    ngx_array_t *trusted; /* of ngx_cidr_t; NULL = nobody */
    ngx_str_t certificate_header; /* by which those pass it; empty = none */
    ngx_flag_t token_in_query;
    size_t body_max;       /* of one dossier */
    size_t batch_body_max; /* of a list of dossiers */
    off_t csv_max;         /* of a CSV file */
} ngx_dosis_loc_conf_t;

extern ngx_command_t ngx_dosis_commands[];

void *ngx_dosis_create_main_conf(ngx_conf_t *cf);
char *ngx_dosis_init_main_conf(ngx_conf_t *cf, void *conf);
void *ngx_dosis_create_srv_conf(ngx_conf_t *cf);
void *ngx_dosis_create_loc_conf(ngx_conf_t *cf);
char *ngx_dosis_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child);

#endif
