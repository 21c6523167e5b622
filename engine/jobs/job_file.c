/* SPDX-License-Identifier: EUPL-1.2 */
/* The heap: see the header. */
#include "jobs/job_file.h"

#include <stdlib.h>

#include "base/dosis_gzip.h"
#include "domain/dosis_limiet.h"

struct job_file_s {
    dosis_spool_reader_t *spool;
    dosis_crypt_t *crypt;
    dosis_gzip_t *gzip;       /* NULL: the text is what was sent */
    uint64_t block;           /* the next one */
    uint64_t sent;            /* bytes of the blocks before it */
    uint64_t given;           /* bytes of text */
    dosis_slice_t packed;     /* of the last block, not unpacked yet */
    dosis_slice_t rest;       /* of a piece, behind where seek went */
    bool last;                /* that block was the last */
    bool ended;               /* so was the piece */
    dosis_rc_t rc;            /* behind what was given */
    char bytes[DOSIS_SPOOL_BLOCK];
    char text[JOB_FILE_PIECE];
};


dosis_rc_t
job_file_open(const char *dir, const dosis_oplading_t *oplading,
    dosis_crypt_t *crypt, job_file_t **ret_file)
{
    dosis_rc_t rc;
    job_file_t *file = calloc(1, sizeof(*file));

    if (file == NULL) {
        return DOSIS_ENOMEM;
    }
    file->crypt = crypt;
    rc = dosis_spool_open(dir, oplading->spool, &file->spool);
    if (rc == DOSIS_OK && oplading->gzip) {
        rc = dosis_gzip_create(&file->gzip);
    }
    if (rc != DOSIS_OK) {
        job_file_close(file);
        return rc;
    }
    *ret_file = file;
    return DOSIS_OK;
}


void
job_file_close(job_file_t *file)
{
    if (file != NULL) {
        dosis_gzip_free(file->gzip);
        dosis_spool_close(file->spool);
        free(file);
    }
}


static dosis_rc_t
read_block(job_file_t *file, dosis_slice_t *ret_bytes)
{
    size_t len = 0;
    dosis_rc_t rc;

    rc = dosis_spool_read(
        file->spool, file->crypt, file->block, file->bytes, &len);
    if (rc == DOSIS_OK) {
        file->last = dosis_spool_is_last(file->spool, file->block);
        file->block++;
        file->sent += len;
        *ret_bytes = dosis_slice(file->bytes, len);
    }
    return rc;
}


static dosis_rc_t
unpack(job_file_t *file, dosis_slice_t *ret_text, bool *ret_last)
{
    size_t len = 0, more;
    dosis_rc_t rc = DOSIS_OK;

    while (rc == DOSIS_OK && len < sizeof(file->text)) {
        if (file->packed.len == 0 && !file->last) {
            rc = read_block(file, &file->packed);
        }
        more = 0;
        if (rc == DOSIS_OK) {
            rc = dosis_gzip_add(file->gzip, &file->packed, file->text + len,
                sizeof(file->text) - len, &more);
        }
        len += more;
        if (rc == DOSIS_OK && file->last && file->packed.len == 0
            && len < sizeof(file->text)) {
            *ret_last = dosis_gzip_ended(file->gzip);
            rc = *ret_last ? DOSIS_OK : DOSIS_EFORMAT;
            break;
        }
    }
    if (rc == DOSIS_OK && file->given + len > DOSIS_CSV_BYTES_MAX) {
        rc = DOSIS_ELIMIT;
    }
    file->rc = rc;
    *ret_text = dosis_slice(file->text, len);
    return len > 0 ? DOSIS_OK : rc;
}


dosis_rc_t
job_file_next(job_file_t *file, dosis_slice_t *ret_text, bool *ret_last)
{
    dosis_rc_t rc;

    *ret_last = file->ended;
    *ret_text = file->rest;
    if (file->rest.len > 0 || file->ended) {
        file->rest = dosis_slice(NULL, 0);
        return DOSIS_OK;
    }
    if (file->rc != DOSIS_OK) {
        return file->rc;
    }
    if (file->gzip != NULL) {
        rc = unpack(file, ret_text, ret_last);
    } else {
        rc = read_block(file, ret_text);
        *ret_last = file->last;
    }
    file->given += ret_text->len;
    file->ended = rc == DOSIS_OK && *ret_last;
    return rc;
}


dosis_rc_t
job_file_seek(job_file_t *file, uint64_t to)
{
    dosis_rc_t rc = DOSIS_OK;
    dosis_slice_t text = { NULL, 0 };
    bool last = false;

    if (file->gzip == NULL) {
        file->block = to > 0 ? (to - 1) / DOSIS_SPOOL_BLOCK : 0;
        file->given = file->sent = file->block * DOSIS_SPOOL_BLOCK;
    }
    while (rc == DOSIS_OK && !last && file->given < to) {
        rc = job_file_next(file, &text, &last);
    }
    if (rc == DOSIS_OK && file->given < to) {
        return DOSIS_EFORMAT;
    }
    if (rc == DOSIS_OK && file->given > to) {
        file->rest = dosis_slice(text.data + (text.len - (file->given - to)),
            (size_t) (file->given - to));
    }
    return rc;
}


uint64_t
job_file_read(const job_file_t *file)
{
    return file->sent;
}
