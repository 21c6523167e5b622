/* SPDX-License-Identifier: EUPL-1.2 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "store/dosis_beheer.h"
#include "store/dosis_oplading.h"
#include "store/store_bronnen.h"

#define ENTRIES_MAX 100000 /* looked at of a directory */
#define ARENA_MAX   ((size_t) 64 << 10)


/* --- members ------------------------------------------------------------- */

static void
add_flag(dosis_buf_t *body, bool flag)
{
    dosis_buf_add_slice(
        body, flag ? DOSIS_SLICE("true") : DOSIS_SLICE("false"));
}


static void
add_text(dosis_buf_t *body, dosis_slice_t text)
{
    if (text.len == 0) {
        DOSIS_BUF_LIT(body, "null");
    } else {
        dosis_json_add_string(body, text);
    }
}


static void
add_pauze(dosis_buf_t *body, const dosis_pauze_t *pauze)
{
    if (pauze == NULL) {
        DOSIS_BUF_LIT(body, "null");
        return;
    }
    DOSIS_BUF_LIT(body, "{\"Stand\":");
    dosis_json_add_string(body, pauze->stand == DOSIS_PAUZE_STIL
            ? DOSIS_SLICE("stil")
            : DOSIS_SLICE("lezen"));
    DOSIS_BUF_LIT(body, ",\"Tot\":");
    dosis_time_add_json(body, pauze->tot_ns == INT64_MAX ? 0 : pauze->tot_ns);
    DOSIS_BUF_LIT(body, ",\"Reden\":");
    add_text(body, pauze->reden);
    dosis_buf_add_byte(body, '}');
}


/* --- pages --------------------------------------------------------------- */

/* What a source and a client both have. */
static void
begin_row(dosis_buf_t *body, const char *what, const dosis_slice_t id_naam[2],
    bool actief)
{
    dosis_buf_addf(body, "{\"%s\":", what);
    dosis_json_add_string(body, id_naam[0]);
    DOSIS_BUF_LIT(body, ",\"Naam\":");
    dosis_json_add_string(body, id_naam[1]);
    DOSIS_BUF_LIT(body, ",\"Actief\":");
    add_flag(body, actief);
}


static dosis_rc_t
add_bron(dosis_reader_t *reader, const dosis_bron_t *bron, int64_t now_ns,
    dosis_buf_t *body)
{
    int64_t heard;
    dosis_rc_t rc = store_bronnen_heard(&reader->snap, bron->nummer, &heard);

    if (rc != DOSIS_OK) {
        return rc;
    }
    begin_row(body, "Bron", (dosis_slice_t[]) { bron->bron, bron->naam },
        bron->actief);
    DOSIS_BUF_LIT(body, ",\"LaatstGehoord\":");
    dosis_time_add_json(body, heard);
    DOSIS_BUF_LIT(body, ",\"Pauze\":");
    add_pauze(body, dosis_ref_pauze_bron(reader->ref, bron->bron, now_ns));
    dosis_buf_add_byte(body, '}');
    return DOSIS_OK;
}


static dosis_slice_t
soort_of(const dosis_client_t *client)
{
    if (client->bronnen_count > 0) {
        return client->is_loket ? DOSIS_SLICE("LeverancierEnLoket")
                                : DOSIS_SLICE("Leverancier");
    }
    return client->is_loket ? DOSIS_SLICE("Loket") : DOSIS_SLICE("Andere");
}


static void
add_client(const dosis_client_t *client, dosis_buf_t *body)
{
    size_t i;

    begin_row(body, "Client",
        (dosis_slice_t[]) { client->client, client->naam }, client->actief);
    DOSIS_BUF_LIT(body, ",\"Soort\":");
    dosis_json_add_string(body, soort_of(client));
    DOSIS_BUF_LIT(body, ",\"Bronnen\":[");
    for (i = 0; i < client->bronnen_count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(body, ',');
        }
        dosis_json_add_string(body, client->bronnen[i]);
    }
    DOSIS_BUF_LIT(body, "]}");
}


/* Where a page goes on: a name, or the empty slice at the end. */
static void
add_next(dosis_buf_t *body, dosis_slice_t last, bool more)
{
    DOSIS_BUF_LIT(body, "],\"Volgende\":");
    add_text(body, more ? last : dosis_slice(NULL, 0));
    dosis_buf_add_byte(body, '}');
}


dosis_rc_t
dosis_beheer_bronnen(dosis_reader_t *reader, const dosis_beheer_page_t *page,
    dosis_buf_t *body)
{
    uint32_t rows;
    size_t from = body->len;
    dosis_rc_t rc = DOSIS_OK;
    dosis_slice_t last = page->after;
    const dosis_bron_t *bron;

    DOSIS_BUF_LIT(body, "{\"Bronnen\":[");
    for (rows = 0; rc == DOSIS_OK && rows < page->limit
         && body->len - from < DOSIS_BEHEER_BYTES;
         rows++) {
        bron = dosis_ref_bron_after(reader->ref, last);
        if (bron == NULL) {
            break;
        }
        if (rows > 0) {
            dosis_buf_add_byte(body, ',');
        }
        rc = add_bron(reader, bron, page->now_ns, body);
        last = bron->bron;
    }
    add_next(body, last, dosis_ref_bron_after(reader->ref, last) != NULL);
    return rc;
}


dosis_rc_t
dosis_beheer_clienten(dosis_reader_t *reader, const dosis_beheer_page_t *page,
    dosis_buf_t *body)
{
    uint32_t rows;
    size_t from = body->len;
    dosis_slice_t last = page->after;
    const dosis_client_t *client;

    DOSIS_BUF_LIT(body, "{\"Clienten\":[");
    for (rows = 0;
         rows < page->limit && body->len - from < DOSIS_BEHEER_BYTES;
         rows++) {
        client = dosis_ref_client_after(reader->ref, last);
        if (client == NULL) {
            break;
        }
        if (rows > 0) {
            dosis_buf_add_byte(body, ',');
        }
        add_client(client, body);
        last = client->client;
    }
    add_next(body, last, dosis_ref_client_after(reader->ref, last) != NULL);
    return DOSIS_OK;
}


/* --- how it is ----------------------------------------------------------- */

/* When the engine was last heard, or 0. */
static int64_t
heartbeat_of(const char *dir)
{
    char path[PATH_MAX];
    struct stat info;

    (void) snprintf(path, sizeof(path), "%s/heartbeat", dir);
    if (stat(path, &info) != 0) {
        return 0;
    }
    return (int64_t) info.st_mtim.tv_sec * DOSIS_NS_PER_S
        + info.st_mtim.tv_nsec;
}


/* What the files in a directory take on disk; none when it is not there. */
static uint64_t
bytes_in(const char *path)
{
    unsigned i;
    uint64_t bytes = 0;
    struct dirent *entry = NULL;
    struct stat info;
    DIR *dir = opendir(path);

    for (i = 0; dir != NULL && i < ENTRIES_MAX; i++) {
        entry = readdir(dir);
        if (entry == NULL) {
            break;
        }
        if (fstatat(dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0
            && S_ISREG(info.st_mode)) {
            bytes += (uint64_t) info.st_size;
        }
    }
    if (dir != NULL) {
        (void) closedir(dir);
    }
    return bytes;
}


/* What we may still write there; 0 when nobody tells. */
static uint64_t
room_in(const char *path)
{
    struct statvfs info;

    return statvfs(path, &info) == 0
        ? (uint64_t) info.f_bavail * info.f_frsize
        : 0;
}


/* Of the files that came in. One step for each, and they have a ceiling. */
static dosis_rc_t
add_uploads(dosis_reader_t *reader, dosis_buf_t *body)
{
    unsigned waiting = 0, running = 0;
    dosis_rc_t rc = DOSIS_ENOMEM;
    dosis_oplading_t file = { .nummer = 0 };
    dosis_arena_t *arena = dosis_arena_create(ARENA_MAX);

    if (arena != NULL) {
        rc = dosis_oplading_next(reader, 0, arena, &file);
    }
    while (rc == DOSIS_OK && waiting + running < DOSIS_OPLADINGEN_MAX) {
        if (file.toestand == DOSIS_OPLADING_BEZIG) {
            running++;
        } else {
            waiting++;
        }
        dosis_arena_reset(arena);
        rc = dosis_oplading_next(reader, file.nummer, arena, &file);
    }
    dosis_arena_free(arena);
    dosis_buf_addf(body, ",\"Uploads\":{\"Wachtend\":%u,\"Bezig\":%u}",
        waiting, running);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static void
add_room(dosis_buf_t *body, const char *name, uint64_t bytes, uint64_t room)
{
    dosis_buf_addf(body,
        ",\"%s\":{\"Bytes\":%" PRIu64 ",\"VrijeBytes\":%" PRIu64 "}", name,
        bytes, room);
}


dosis_rc_t
dosis_beheer_toestand(dosis_reader_t *reader,
    const dosis_beheer_plaats_t *plaats, dosis_buf_t *body)
{
    char spool[PATH_MAX];
    dosis_rc_t rc;
    dosis_store_state_t state;

    rc = dosis_store_state(reader->store, &state);
    if (rc != DOSIS_OK) {
        return rc;
    }
    (void) snprintf(
        spool, sizeof(spool), "%s/" DOSIS_SPOOL_DIR, plaats->dir);
    DOSIS_BUF_LIT(body, "{\"Versie\":");
    dosis_json_add_string(body, plaats->versie);
    add_room(body, "Opslag", state.used_bytes, room_in(plaats->dir));
    DOSIS_BUF_LIT(body, ",\"Motor\":{\"LaatstGehoord\":");
    dosis_time_add_json(body, heartbeat_of(plaats->dir));
    dosis_buf_add_byte(body, '}');
    rc = add_uploads(reader, body);
    add_room(body, "Spool", bytes_in(spool), room_in(plaats->dir));
    DOSIS_BUF_LIT(body, ",\"Pauze\":");
    add_pauze(body, dosis_ref_pauze(reader->ref, plaats->now_ns));
    dosis_buf_add_byte(body, '}');
    return rc;
}
