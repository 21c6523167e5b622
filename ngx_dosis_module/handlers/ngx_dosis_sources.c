/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET bronnen/uris: the sources that this client may deliver for.
 * GET bronnen/dossiers: what one of them delivered, whole, paged.
 *
 *   dossiers    reads the parameters; may this client deliver for that source?
 *   work        on a thread, for a page opens thousands of values: client and
 *               source are judged again, in the snapshot that is read
 *   on_read     answers
 */

#include "auth/ngx_dosis_source.h"
#include "base/dosis_json.h"
#include "handlers/ngx_dosis_handlers.h"
#include "writer/ngx_dosis_inzage.h"
#include "writer/ngx_dosis_task.h"

/* A page ends beyond DOSIS_SOURCE_BYTES_MAX; then one dossier more. */
#define SOURCE_OUT_BYTES (DOSIS_SOURCE_BYTES_MAX + ((size_t) 2 << 20))
#define SOURCE_ARENA_BYTES (SOURCE_OUT_BYTES + ((size_t) 64 << 10))

/* One page on its way. */
typedef struct {
    dosis_source_page_t page; /* bron: of the snapshot */
    dosis_slice_t bron;
    dosis_buf_t out;
    dosis_rc_t rc;
    dosis_err_t err;
    dosis_inzage_t inzage;
    dosis_shown_t shown;
} source_read_t;


ngx_int_t
ngx_dosis_source_uris(ngx_dosis_call_t *call)
{
    size_t i;
    bool first = true;
    const dosis_bron_t *bron;
    const dosis_client_t *client = call->client;
    const dosis_ref_t *ref = dosis_reader_ref(call->reader);

    dosis_buf_add_byte(call->out, '[');
    for (i = 0; client != NULL && i < client->bronnen_count; i++) {
        bron = dosis_ref_bron(ref, client->bronnen[i]);
        if (bron == NULL || !bron->actief) {
            continue;
        }
        if (!first) {
            dosis_buf_add_byte(call->out, ',');
        }
        dosis_json_add_string(call->out, bron->bron);
        first = false;
    }
    dosis_buf_add_byte(call->out, ']');
    return ngx_dosis_answer(call);
}


static void
source_work(ngx_dosis_task_t *task, dosis_reader_t *reader)
{
    source_read_t *read = task->data;
    const dosis_ref_t *ref = dosis_reader_ref(reader);
    void *memory = dosis_arena_alloc(task->arena, SOURCE_OUT_BYTES);

    if (memory == NULL) {
        read->rc = DOSIS_ENOMEM;
        return;
    }
    dosis_buf_init_fixed(&read->out, memory, SOURCE_OUT_BYTES);
    read->page.bron = dosis_ref_bron(ref, read->bron);
    if (!dosis_ref_delivers(ref, read->page.client, read->page.bron)) {
        read->rc = DOSIS_EDENIED;
        return;
    }
    read->rc = dosis_source_dossiers(reader, &read->page, &read->out);
}


static void
source_on_read(ngx_dosis_task_t *task)
{
    source_read_t *read = task->data;
    ngx_dosis_reply_t reply = { .err = &read->err };
    dosis_rc_t rc = (task->rc != DOSIS_OK) ? task->rc : read->rc;

    if (rc == DOSIS_EINPUT) {
        reply.problem = ngx_dosis_cursor_wrong(&read->err);
    } else if (rc == DOSIS_EDENIED) {
        reply.problem = NGX_DOSIS_BRON_NIET_TOEGELATEN;
    } else if (rc != DOSIS_OK) {
        reply.problem = ngx_dosis_problem_of_rc(rc);
    }
    reply.body = dosis_buf_slice(&read->out);
    ngx_dosis_inzage_answer(&task->listener, &reply, &read->inzage);
    ngx_dosis_task_free(task);
}


/* Copies what must outlive this turn of the loop. NULL: no memory. */
static ngx_dosis_task_t *
source_task(const dosis_source_page_t *page)
{
    source_read_t *read = NULL;
    ngx_dosis_task_t *task = ngx_dosis_task_create(SOURCE_ARENA_BYTES);

    if (task != NULL) {
        read = dosis_arena_zalloc(task->arena, sizeof(*read));
    }
    if (read == NULL) {
        ngx_dosis_task_free(task);
        return NULL;
    }
    read->page = *page;
    read->bron = dosis_arena_copy(task->arena, page->bron->bron);
    read->page.client = dosis_arena_copy(task->arena, page->client);
    read->page.after = dosis_arena_copy(task->arena, page->after);
    read->page.shown = &read->shown;
    read->inzage.deur = DOSIS_DEUR_BRON;
    read->inzage.client = read->page.client;
    read->inzage.bron = read->bron;
    read->inzage.shown = &read->shown;
    task->data = read;
    task->work = source_work;
    task->done = source_on_read;
    if (read->bron.data == NULL || read->page.client.data == NULL
        || (page->after.len > 0 && read->page.after.data == NULL)) {
        ngx_dosis_task_free(task);
        return NULL;
    }
    return task;
}


ngx_int_t
ngx_dosis_source_dossiers(ngx_dosis_call_t *call)
{
    dosis_rc_t rc;
    ngx_dosis_task_t *task;
    dosis_source_page_t page;

    if (!ngx_dosis_source_page(
            call, DOSIS_PAGE_ROWS, NGX_DOSIS_BRON_NIET_TOEGELATEN, &page)) {
        return NGX_OK;
    }
    task = source_task(&page);
    if (task == NULL) {
        return ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    rc = ngx_dosis_task_post(task);
    if (rc != DOSIS_OK) {
        ngx_dosis_task_free(task);
        return ngx_dosis_refuse_rc(call, rc);
    }
    ngx_dosis_listen(call->r, &task->listener);
    return NGX_DONE;
}
