/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disk_record.h: what the shim writes down and the replayer reads: one record
 * per call on a file of the watched directory, in an order that fits every
 * order the programs relied on; and how a test orders a fault.
 *
 * A write is recorded after it was done, a sync before and after: whoever
 * waits for the one before it begins the other finds them in that order. The
 * log is opened O_APPEND and a record is one write, so that several processes
 * share it without a lock.
 */

#ifndef DOSIS_T_DISK_DISK_RECORD_H
#define DOSIS_T_DISK_DISK_RECORD_H

#include <stdint.h>

#define DISK_MAGIC    UINT32_C(0x4b534944)
#define DISK_NAME_MAX 64

typedef enum {
    DISK_OPEN = 'O',       /* name; flags: it was made */
    DISK_WRITE = 'W',      /* at, data; flags: durable on return */
    DISK_SIZE = 'T',       /* at = the new size */
    DISK_BEGIN = 'B',      /* a sync begins; token pairs it with its end */
    DISK_END = 'E',        /* flags: it failed; or it was of a part: at, and
                              u64 bytes as data */
    DISK_RENAME = 'R',     /* from NUL to */
    DISK_LINK = 'L',       /* from NUL to */
    DISK_SYMLINK = 'S',    /* target NUL name */
    DISK_UNLINK = 'U',     /* name */
    DISK_MARK = 'M',       /* data: what the test says about itself */
    DISK_UNKNOWN = 'X'     /* data: a call the replayer has no model of */
} disk_kind_t;

enum { DISK_MADE = 1, DISK_DURABLE = 2, DISK_FAILED = 4, DISK_PART = 8 };

/* Followed by name_bytes of names and bytes - name_bytes of data. */
typedef struct {
    uint32_t magic;
    uint32_t bytes;
    uint8_t kind;
    uint8_t flags;
    uint16_t name_bytes;
    uint32_t pid;
    uint64_t inode;
    uint64_t at;
    uint64_t token;
} disk_record_t;

/* Calls a fault may be ordered for. */
enum {
    FAULT_WRITE = 1,
    FAULT_SYNC = 2,        /* fsync, fdatasync, msync */
    FAULT_DURABLE = 4,     /* a write through O_DSYNC: it is in the cache, but
                              the call says that the disk failed */
    FAULT_SIZE = 8,        /* ftruncate, fallocate */
    FAULT_READ = 16,
    FAULT_OPEN = 32
};

/* The control file, shared by all processes. */
typedef struct {
    uint32_t calls;        /* 0: no fault */
    uint32_t error;        /* errno; 0: half of the write is done */
    uint64_t skip;         /* calls that go well first */
    uint64_t times;        /* then so many fail */
    uint64_t seen;         /* calls of that kind so far; the shim counts */
    uint64_t hit;          /* how many failed */
    char name[DISK_NAME_MAX];    /* only files that begin so; "": all */
} disk_fault_t;

#endif
