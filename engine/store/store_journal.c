/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/dosis_file.h"
#include "base/dosis_wire.h"

#define SLOT_MAGIC    UINT64_C(0x444f534953534c54)    /* DOSISSLT */
#define RECORD_MAGIC  UINT64_C(0x444f534953524543)    /* DOSISREC */
#define ROUND_MAGIC   UINT64_C(0x444f534953524e44)    /* DOSISRND */
#define SLOT_BYTES    (STORE_PAGE_BYTES + STORE_ROOTS_BYTES)
#define SLOT_APART    (16 << 10)
#define USED_BYTE     0           /* locked: the store is open */
#define WANTED_BYTE   1           /* locked: somebody waits to write */
#define MARK_AT       (32 << 10)
#define COMING_AT     (MARK_AT + 8)
#define SYNCED_AT     (MARK_AT + 16)
#define BULK_AT       (MARK_AT + 24)
#define HEAD_BYTES    64
#define CHANGE_BYTES  8           /* in front of key and value */
#define GROW_BYTES    ((uint64_t) 1 << 20)
#define RECORD_KEEP   ((size_t) 8 << 20)
#define WAIT_MS       10
#define WAITS         1000        /* 10 s for another's recovery */

/* Offsets of both heads. The first four are there in either. */
enum { AT_MAGIC = 0, AT_NUMBER = 8, AT_TXN = 16, AT_SUM = 24, AT_CLOCK = 32,
    AT_BYTES = 32, AT_CHANGES = 40, AT_BEGIN = 40, AT_SERIES = 48,
    AT_FREED = 56 };


/* --- bytes --------------------------------------------------------------- */

/*
 * Tells a record that was torn from a whole one; nobody gains by forging one.
 * len is a multiple of 32; four lanes, since a multiplication takes a while.
 */
static uint64_t
sum_of(const char *bytes, size_t len)
{
    uint64_t lane[4] = { 1, 2, 3, 4 }, word[4], sum = len;
    size_t i, k;

    for (i = 0; i < len; i += sizeof(word)) {
        memcpy(word, bytes + i, sizeof(word));
        for (k = 0; k < 4; k++) {
            lane[k] = (lane[k] ^ word[k]) * UINT64_C(0x9e3779b97f4a7c15);
            lane[k] ^= lane[k] >> 29;
        }
    }
    for (k = 0; k < 4; k++) {
        sum = (sum ^ lane[k]) * UINT64_C(0xbf58476d1ce4e5b9);
        sum ^= sum >> 31;
    }
    return sum;
}


static void
seal(char *bytes, size_t len)
{
    memset(bytes + AT_SUM, 0, 8);
    dosis_be64(bytes + AT_SUM, sum_of(bytes, len));
}


static bool
is_whole(char *bytes, size_t len, uint64_t magic)
{
    uint64_t sum = dosis_be64_get(bytes + AT_SUM);
    bool whole;

    memset(bytes + AT_SUM, 0, 8);
    whole = dosis_be64_get(bytes + AT_MAGIC) == magic
            && sum == sum_of(bytes, len);
    dosis_be64(bytes + AT_SUM, sum);
    return whole;
}


static uint64_t
whole_pages(uint64_t bytes)
{
    return (bytes + STORE_PAGE_BYTES - 1) & ~(uint64_t) (STORE_PAGE_BYTES - 1);
}


/* Bytes that are not there read as zeros. */
static bool
read_at(const store_journal_t *journal, char *bytes, size_t len, uint64_t at)
{
    size_t got;

    if (dosis_file_read_at(journal->fd, at, bytes, len, &got) != DOSIS_OK) {
        return false;
    }
    memset(bytes + got, 0, len - got);
    return true;
}


static uint64_t
number_at(const store_journal_t *journal, uint64_t at)
{
    char bytes[8];

    return read_at(journal, bytes, sizeof(bytes), at)
               ? dosis_be64_get(bytes)
               : 0;
}


/* --- open, lock ---------------------------------------------------------- */

static bool
lock_byte(int fd, off_t byte, short type)
{
    struct flock how = { .l_type = type, .l_whence = SEEK_SET,
        .l_start = byte, .l_len = 1 };

    return fcntl(fd, F_OFD_SETLK, &how) == 0;
}


/* By whom: anybody who did not open it together with who asks. If it cannot be
   told, `otherwise`. */
static bool
is_byte_locked(int fd, off_t byte, bool otherwise)
{
    struct flock how = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
        .l_start = byte, .l_len = 1 };

    return fcntl(fd, F_OFD_GETLK, &how) == 0 ? how.l_type != F_UNLCK
                                             : otherwise;
}


static bool
lock(const store_journal_t *journal, short type)
{
    return lock_byte(journal->fd, USED_BYTE, type);
}


static dosis_rc_t
lock_any(store_journal_t *journal, bool wait)
{
    unsigned i;
    static const struct timespec pause = { .tv_nsec = WAIT_MS * 1000000 };

    for (i = 0; i < (wait ? WAITS : 1); i++) {
        journal->alone = journal->writable ? lock(journal, F_WRLCK)
                                           : !is_byte_locked(journal->fd,
                                                 USED_BYTE, true);
        if ((journal->writable && journal->alone) || lock(journal, F_RDLCK)) {
            return DOSIS_OK;
        }
        if (wait) {
            (void) nanosleep(&pause, NULL);
        }
    }
    return DOSIS_EBUSY;
}


dosis_rc_t
store_journal_open(const char *path, bool writable, bool make, bool wait,
    store_journal_t *ret_journal)
{
    dosis_rc_t rc;
    struct stat st;
    store_journal_t *j = ret_journal;

    memset(j, 0, sizeof(*j));
    j->writable = writable;
    j->most = STORE_JOURNAL_BYTES;
    dosis_buf_init(&j->record, STORE_RECORD_MAX);
    j->fd = open(path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    if (j->fd < 0 && errno == ENOENT && make) {
        j->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
        if (j->fd >= 0) {
            (void) fchmod(j->fd, 0660);    /* whatever the umask: the group */
        }
    }
    if (j->fd < 0) {
        return errno == ENOENT ? DOSIS_OK : dosis_file_rc();
    }
    rc = fstat(j->fd, &st) != 0             ? DOSIS_EIO
         : (st.st_mode & S_IRWXO) != 0 ? DOSIS_EDENIED
                                            : lock_any(j, wait);
    if (rc != DOSIS_OK) {
        store_journal_close(j);
    }
    return rc;
}


dosis_rc_t
store_journal_share(store_journal_t *journal)
{
    journal->alone = false;
    return lock(journal, F_RDLCK) ? DOSIS_OK : DOSIS_EIO;
}


bool
store_journal_is_last(store_journal_t *journal)
{
    journal->alone = journal->fd >= 0 && lock(journal, F_WRLCK);
    return journal->alone;
}


void
store_journal_close(store_journal_t *journal)
{
    dosis_buf_done(&journal->record);
    if (journal->fd >= 0) {
        (void) close(journal->fd);
        journal->fd = -1;
    }
}


/*
 * Zeros, written: a record then goes where the file system has nothing left to
 * note down but the bytes.
 */
static dosis_rc_t
make_room(store_journal_t *journal, uint64_t end)
{
    static const char zeros[64 << 10];
    dosis_rc_t rc = DOSIS_OK;
    struct stat st;

    if (end <= journal->file_bytes) {
        return DOSIS_OK;
    }
    if (fstat(journal->fd, &st) != 0) {
        return DOSIS_EIO;
    }
    journal->file_bytes = (uint64_t) st.st_size;
    if (end <= journal->file_bytes) {
        return DOSIS_OK;
    }
    end = (end + GROW_BYTES - 1) & ~(GROW_BYTES - 1);
    journal->file_bytes &= ~(uint64_t) (STORE_PAGE_BYTES - 1);
    while (rc == DOSIS_OK && journal->file_bytes < end) {
        size_t len = end - journal->file_bytes < sizeof(zeros)
                         ? end - journal->file_bytes
                         : sizeof(zeros);

        rc = dosis_file_write_at(journal->fd, journal->file_bytes,
            dosis_slice(zeros, len));
        if (rc == DOSIS_OK) {
            journal->file_bytes += len;
        }
    }
    return rc;
}


/* --- slots --------------------------------------------------------------- */

void
store_journal_renew(store_slot_t *slot)
{
    slot->begin = STORE_JOURNAL_BEGIN;
    slot->series = slot->number;
    slot->freed = 0;
}


static bool
load_slot(const store_journal_t *journal, uint64_t at, store_slot_t *slot)
{
    char bytes[SLOT_BYTES];

    if (!read_at(journal, bytes, sizeof(bytes), at)
        || !is_whole(bytes, sizeof(bytes), SLOT_MAGIC)) {
        return false;
    }
    slot->number = dosis_be64_get(bytes + AT_NUMBER);
    slot->txn = dosis_be64_get(bytes + AT_TXN);
    slot->clock = dosis_be64_get(bytes + AT_CLOCK);
    memcpy(slot->roots, bytes + STORE_PAGE_BYTES, STORE_ROOTS_BYTES);
    store_journal_renew(slot);
    if (dosis_be64_get(bytes + AT_BEGIN) != 0) {
        slot->begin = dosis_be64_get(bytes + AT_BEGIN);
        slot->series = dosis_be64_get(bytes + AT_SERIES);
        slot->freed = dosis_be64_get(bytes + AT_FREED);
    }
    return slot->number > 0;
}


uint64_t
store_journal_newest(const store_journal_t *journal)
{
    uint64_t a = number_at(journal, AT_NUMBER);
    uint64_t b = number_at(journal, SLOT_APART + AT_NUMBER);

    return a > b ? a : b;
}


dosis_rc_t
store_journal_peek(const store_journal_t *journal, store_slot_t *ret_slot)
{
    store_slot_t other;
    bool a = load_slot(journal, 0, ret_slot);
    bool b = load_slot(journal, SLOT_APART, &other);

    if (b && (!a || other.number > ret_slot->number)) {
        *ret_slot = other;
    }
    return a || b ? DOSIS_OK : DOSIS_EFORMAT;
}


dosis_rc_t
store_journal_load(store_journal_t *journal)
{
    store_slot_t slot;
    dosis_rc_t rc;

    if (journal->slot.number > 0
        && journal->slot.number == store_journal_newest(journal)) {
        return DOSIS_OK;
    }
    rc = store_journal_peek(journal, &slot);
    if (rc == DOSIS_OK && slot.number != journal->slot.number) {
        journal->slot = slot;
        journal->synced = number_at(journal, SYNCED_AT) == slot.number;
    }
    return rc;
}


/* Only once it is on disk: nobody needs to write it again to be certain. */
static void
note_synced(store_journal_t *journal, uint64_t number)
{
    char bytes[16] = { 0 };

    dosis_be64(bytes + SYNCED_AT - COMING_AT, number);
    (void) !dosis_file_write_at(journal->fd, COMING_AT,
        dosis_slice(bytes, sizeof(bytes)));
    journal->coming = 0;
}


dosis_rc_t
store_journal_save(store_journal_t *journal, const store_slot_t *slot)
{
    char bytes[SLOT_BYTES] = { 0 };
    dosis_rc_t rc;

    rc = make_room(journal, STORE_JOURNAL_BEGIN + GROW_BYTES);
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_be64(bytes + AT_MAGIC, SLOT_MAGIC);
    dosis_be64(bytes + AT_NUMBER, slot->number);
    dosis_be64(bytes + AT_TXN, slot->txn);
    dosis_be64(bytes + AT_CLOCK, slot->clock);
    dosis_be64(bytes + AT_BEGIN, slot->begin);
    dosis_be64(bytes + AT_SERIES, slot->series);
    dosis_be64(bytes + AT_FREED, slot->freed);
    memcpy(bytes + STORE_PAGE_BYTES, slot->roots, STORE_ROOTS_BYTES);
    seal(bytes, sizeof(bytes));
    rc = dosis_file_write_at(journal->fd, slot->number % 2 * SLOT_APART,
        dosis_slice(bytes, sizeof(bytes)));
    if (rc == DOSIS_OK && fdatasync(journal->fd) != 0) {
        rc = DOSIS_EIO;
    }
    if (rc == DOSIS_OK) {
        journal->slot = *slot;
        journal->synced = true;
        note_synced(journal, slot->number);
    }
    return rc;
}


/* Written anew, the same: after a failed sync the page cache calls it clean. */
dosis_rc_t
store_journal_settle(store_journal_t *journal)
{
    const store_slot_t slot = journal->slot;

    return journal->synced || slot.number == 0
               ? DOSIS_OK
               : store_journal_save(journal, &slot);
}


static void
put_number(const store_journal_t *journal, uint64_t at, uint64_t number)
{
    char bytes[8];

    dosis_be64(bytes, number);
    (void) !dosis_file_write_at(
        journal->fd, at, dosis_slice(bytes, sizeof(bytes)));
}


bool
store_journal_is_broken(const store_journal_t *journal)
{
    return number_at(journal, MARK_AT) != 0;
}


void
store_journal_break(store_journal_t *journal, bool broken)
{
    put_number(journal, MARK_AT, broken);
}


void
store_journal_announce(store_journal_t *journal, uint64_t txn)
{
    put_number(journal, COMING_AT, txn);
    journal->coming = txn;
}


void
store_journal_say_bulk(store_journal_t *journal, bool bulk)
{
    put_number(journal, BULK_AT, bulk);
    journal->bulk = bulk;
}


void
store_journal_want(const store_journal_t *journal, bool want)
{
    if (journal->fd >= 0) {
        (void) lock_byte(journal->fd, WANTED_BYTE, want ? F_RDLCK : F_UNLCK);
    }
}


bool
store_journal_is_wanted(const store_journal_t *journal)
{
    return journal->fd >= 0
           && is_byte_locked(journal->fd, WANTED_BYTE, false);
}


void
store_journal_heed(store_journal_t *journal)
{
    char bytes[BULK_AT + 8 - COMING_AT] = { 0 };

    (void) read_at(journal, bytes, sizeof(bytes), COMING_AT);
    journal->coming = dosis_be64_get(bytes);
    journal->bulk = dosis_be64_get(bytes + BULK_AT - COMING_AT) != 0;
}


/* --- records: writing ---------------------------------------------------- */

void
store_journal_begin(store_journal_t *journal, uint64_t at)
{
    dosis_buf_t *record = &journal->record;

    if (record->cap > RECORD_KEEP) {
        dosis_buf_done(record);
        dosis_buf_init(record, STORE_RECORD_MAX);
    }
    dosis_buf_reset(record);
    journal->changes = journal->puts = 0;
    journal->at = at;
}


void
store_journal_note(store_journal_t *journal, store_redo_kind_t kind, uint8_t db,
    dosis_slice_t key, dosis_slice_t value)
{
    char *to;
    dosis_buf_t *record = &journal->record;

    if (record->len == 0) {
        to = dosis_buf_grow(record, HEAD_BYTES);
        if (to != NULL) {
            memset(to, 0, HEAD_BYTES);
        }
    }
    to = dosis_buf_grow(record, CHANGE_BYTES + key.len + value.len);
    if (to == NULL) {
        return;
    }
    to[0] = (char) kind;
    to[1] = (char) db;
    dosis_be16(to + 2, (uint16_t) key.len);
    dosis_be32(to + 4, (uint32_t) value.len);
    to += CHANGE_BYTES;
    if (key.len > 0) {
        memcpy(to, key.data, key.len);
    }
    if (value.len > 0) {
        memcpy(to + key.len, value.data, value.len);
    }
    journal->changes++;
    journal->puts += kind != REDO_APPEND;
}


uint64_t
store_journal_end(const store_journal_t *journal)
{
    return journal->at + whole_pages(journal->record.len);
}


bool
store_journal_is_round(const store_journal_t *journal)
{
    return journal->at < journal->slot.begin;
}


/* Not up to it either: the next one would lie upon the first that counts. */
bool
store_journal_fits(const store_journal_t *journal)
{
    return !store_journal_is_round(journal)
           || store_journal_end(journal) < journal->slot.begin;
}


dosis_rc_t
store_journal_append(store_journal_t *journal, uint64_t txn)
{
    dosis_rc_t rc;
    dosis_buf_t *record = &journal->record;
    size_t bytes = record->len, whole = whole_pages(bytes);
    char *pad = dosis_buf_grow(record, whole - bytes);

    if (record->rc != DOSIS_OK) {
        return record->rc;
    }
    if (whole > bytes) {
        memset(pad, 0, whole - bytes);
    }
    dosis_be64(record->data + AT_MAGIC,
        journal->rounds ? ROUND_MAGIC : RECORD_MAGIC);
    dosis_be64(record->data + AT_NUMBER, journal->slot.series);
    dosis_be64(record->data + AT_TXN, txn);
    dosis_be64(record->data + AT_BYTES, bytes);
    dosis_be32(record->data + AT_CHANGES, journal->changes);
    seal(record->data, whole);
    rc = make_room(journal, journal->at + whole);
    if (rc == DOSIS_OK) {
        rc = dosis_file_write_at(journal->fd, journal->at,
            dosis_slice(record->data, whole));
    }
    if (rc == DOSIS_OK && fdatasync(journal->fd) != 0) {
        rc = DOSIS_EIO;
    }
    return rc;
}


void
store_journal_void(store_journal_t *journal, uint64_t at)
{
    static const char nothing[HEAD_BYTES];

    if (dosis_file_write_at(journal->fd, at,
            dosis_slice(nothing, sizeof(nothing)))
        == DOSIS_OK) {
        (void) fdatasync(journal->fd);
    }
}


/* --- records: reading ---------------------------------------------------- */

static dosis_rc_t
read_one(store_journal_t *journal, uint64_t txn, uint64_t *at,
    dosis_slice_t *ret_changes)
{
    char head[HEAD_BYTES];
    uint64_t bytes, whole, magic;
    dosis_buf_t *record = &journal->record;

    if (!read_at(journal, head, sizeof(head), *at)) {
        return DOSIS_EIO;
    }
    magic = dosis_be64_get(head + AT_MAGIC);
    bytes = dosis_be64_get(head + AT_BYTES);
    whole = whole_pages(bytes);
    if ((magic != RECORD_MAGIC && magic != ROUND_MAGIC)
        || dosis_be64_get(head + AT_NUMBER) != journal->slot.series
        || dosis_be64_get(head + AT_TXN) != txn || bytes < HEAD_BYTES
        || whole > STORE_RECORD_MAX) {
        return DOSIS_ENOTFOUND;
    }
    dosis_buf_reset(record);
    if (dosis_buf_grow(record, whole) == NULL) {
        return record->rc;
    }
    if (!read_at(journal, record->data, whole, *at)) {
        return DOSIS_EIO;
    }
    if (!is_whole(record->data, whole, magic)) {
        return DOSIS_ENOTFOUND;
    }
    *ret_changes = dosis_slice(record->data + HEAD_BYTES, bytes - HEAD_BYTES);
    *at += whole;
    return DOSIS_OK;
}


/* What lies there of an earlier round bears an earlier transaction. */
dosis_rc_t
store_journal_read(store_journal_t *journal, uint64_t txn, uint64_t *at,
    dosis_slice_t *ret_changes)
{
    dosis_rc_t rc = read_one(journal, txn, at, ret_changes);
    uint64_t round = STORE_JOURNAL_BEGIN;

    if (rc != DOSIS_ENOTFOUND || *at < journal->slot.begin) {
        return rc;
    }
    rc = read_one(journal, txn, &round, ret_changes);
    if (rc == DOSIS_OK) {
        *at = round;
    }
    return rc;
}


dosis_rc_t
store_journal_next(dosis_slice_t *changes, store_redo_t *ret_redo)
{
    size_t key, value;
    const char *p = changes->data;

    if (changes->len == 0) {
        return DOSIS_ENOTFOUND;
    }
    if (changes->len < CHANGE_BYTES) {
        return DOSIS_EFORMAT;
    }
    key = dosis_be16_get(p + 2);
    value = dosis_be32_get(p + 4);
    if (changes->len - CHANGE_BYTES < key + value) {
        return DOSIS_EFORMAT;
    }
    ret_redo->kind = (store_redo_kind_t) p[0];
    ret_redo->db = (uint8_t) p[1];
    ret_redo->key = dosis_slice(p + CHANGE_BYTES, key);
    ret_redo->value = dosis_slice(p + CHANGE_BYTES + key, value);
    *changes = dosis_slice(p + CHANGE_BYTES + key + value,
        changes->len - CHANGE_BYTES - key - value);
    return DOSIS_OK;
}
