/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_gzip.h"

#include <stdlib.h>

#include <zlib.h>

#include "base/dosis_buf.h"

#define GZIP_ONLY 16 /* added to the window: no zlib, no bare deflate */
#define GZIP_BYTES ((size_t) 1 << 30) /* the library counts in 32 bits */

struct dosis_gzip_s {
    z_stream stream;
    bool ended;
};


dosis_rc_t
dosis_gzip_create(dosis_gzip_t **ret_gzip)
{
    dosis_gzip_t *gzip = calloc(1, sizeof(*gzip));

    if (gzip == NULL) {
        return DOSIS_ENOMEM;
    }
    if (inflateInit2(&gzip->stream, GZIP_ONLY + MAX_WBITS) != Z_OK) {
        free(gzip);
        return DOSIS_ENOMEM;
    }
    *ret_gzip = gzip;
    return DOSIS_OK;
}


void
dosis_gzip_free(dosis_gzip_t *gzip)
{
    if (gzip != NULL) {
        (void) inflateEnd(&gzip->stream);
        free(gzip);
    }
}


bool
dosis_gzip_ended(const dosis_gzip_t *gzip)
{
    return gzip->ended;
}


static uInt
gzip_bytes(size_t bytes)
{
    return (uInt) (bytes > GZIP_BYTES ? GZIP_BYTES : bytes);
}


/* Z_BUF_ERROR: it wants more of one or the other, and that is fine. */
static dosis_rc_t
gzip_rc(dosis_gzip_t *gzip, int said)
{
    gzip->ended = said == Z_STREAM_END;
    if (said == Z_MEM_ERROR) {
        return DOSIS_ENOMEM;
    }
    return said == Z_OK || said == Z_STREAM_END || said == Z_BUF_ERROR
        ? DOSIS_OK
        : DOSIS_EFORMAT;
}


/* What comes behind the end of a member is another one, or it is refused. */
static dosis_rc_t
gzip_inflate(dosis_gzip_t *gzip)
{
    if (gzip->ended && inflateReset(&gzip->stream) != Z_OK) {
        return DOSIS_EFORMAT;
    }
    return gzip_rc(gzip, inflate(&gzip->stream, Z_NO_FLUSH));
}


/* One step. false: nothing moved, or nothing can. */
static bool
gzip_step(
    dosis_gzip_t *gzip, dosis_slice_t *packed, dosis_buf_t *to, dosis_rc_t *rc)
{
    z_stream *stream = &gzip->stream;
    uInt in = gzip_bytes(packed->len);
    uInt out = gzip_bytes(to->cap - to->len);

    if (out == 0 || (in == 0 && gzip->ended)) {
        return false;
    }
    stream->next_in = (Bytef *) packed->data;
    stream->avail_in = in;
    stream->next_out = (Bytef *) to->data + to->len;
    stream->avail_out = out;
    *rc = gzip_inflate(gzip);
    packed->data += in - stream->avail_in;
    packed->len -= in - stream->avail_in;
    to->len += out - stream->avail_out;
    return *rc == DOSIS_OK
        && (stream->avail_in < in || stream->avail_out < out);
}


dosis_rc_t
dosis_gzip_add(dosis_gzip_t *gzip, dosis_slice_t *packed, void *to, size_t size,
    size_t *ret_len)
{
    dosis_buf_t buf;
    dosis_rc_t rc = DOSIS_OK;

    dosis_buf_init_fixed(&buf, to, size);
    while (gzip_step(gzip, packed, &buf, &rc)) {
        continue;
    }
    *ret_len = buf.len;
    return rc;
}
