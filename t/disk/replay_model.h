/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * replay_model.h: what a disk holds of the files of one directory, and what a
 * kernel still keeps of them for itself.
 *
 * The model is the weakest that a program may count on: only what a sync that
 * ended well had before it is there. Of all else any sector (512 bytes) may
 * have any state since; a size may be there without the data and the reverse;
 * names come and go in order, but none for certain before the directory was
 * synced, not even that of a file that was. What was pending when a sync
 * failed is lost or not, and no later sync brings it back.
 *
 * Threads    one
 * Blocking   reads and writes files
 * Memory     names and data of a record are borrowed: the log stays mapped
 * Errors     its own end the program with code 2
 */

#ifndef DOSIS_T_DISK_REPLAY_MODEL_H
#define DOSIS_T_DISK_REPLAY_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "t/disk/disk_record.h"

#define MODEL_SECTOR 512

/* Which of what is pending reached the disk. */
typedef enum {
    MODEL_NONE,
    MODEL_ALL,
    MODEL_SECTORS,     /* any state of any sector */
    MODEL_WRITES,      /* some writes, whole */
    MODEL_NEWEST,      /* those after a point, none before */
    MODEL_OLDEST,      /* those before a point; the one at it is torn */
    MODEL_BUT_ONE,     /* one lacks */
    MODEL_MODES
} model_mode_t;

extern const char *const model_mode_name[MODEL_MODES];

typedef struct {
    model_mode_t mode;
    uint64_t seed;
    uint64_t first, pivot;    /* of the writes: the first, a drawn one */
} model_draw_t;

/* One step of the log: a record, or the second half of a durable write. */
typedef struct {
    const disk_record_t *head;
    const char *names;
    const uint8_t *data;
    size_t data_bytes;
    bool settle;
} model_step_t;

/* Kinds of sync that the model does as if they had not been asked for. */
enum {
    MODEL_DEAF_SYNC = 1,
    MODEL_DEAF_DURABLE = 2,
    MODEL_DEAF_NAMES = 4,
    MODEL_DEAF_PART = 8    /* the sync of a part of a file */
};

/* The directory as it was before the first step. deaf, seed: see above. */
void model_begin(const char *base, unsigned deaf, uint64_t seed);

/* Steps in order, numbered from 1. */
void model_step(const model_step_t *step, uint64_t number);

/* The number of one of what is pending, as drawn, or 0. */
uint64_t model_pending(uint64_t drawn);

/* Makes dir hold what the disk does. It is emptied first. */
void model_image(const char *dir, const model_draw_t *draw);

uint64_t model_hash(uint64_t seed, uint64_t a, uint64_t b);

void model_die(const char *what, const char *which);

#endif
