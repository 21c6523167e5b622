/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_commands.h: the words of dosisctl; one file each.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   yes: a command runs and the program ends
 * Memory     per command
 * Errors     said on standard error as "dosisctl: ..."; the exit code tells
 */

#ifndef DOSIS_CTL_CTL_COMMANDS_H
#define DOSIS_CTL_CTL_COMMANDS_H

enum {
    CTL_FINE = 0,
    CTL_FOUND = 1, /* did its work, and there is something wrong */
    CTL_FAILED = 2 /* could not do its work */
};

typedef struct ctl_command_s ctl_command_t;

struct ctl_command_s {
    const char *word;
    const char *summary;
    const char *help; /* of `dosisctl <word> --help` */
    int (*run)(const ctl_command_t *command, int argc, char **argv);
};

/* How the engine and its store are. */
extern const ctl_command_t ctl_status;

/* Whether the store is whole. */
extern const ctl_command_t ctl_verify;

/* Who looked at what: is the record whole, and what does it say. */
extern const ctl_command_t ctl_inzage;

/* A copy of the store while it is in use. */
extern const ctl_command_t ctl_backup;

/* The sources, one by one. */
extern const ctl_command_t ctl_bron;

/* The clients, one by one. */
extern const ctl_command_t ctl_client;

/* Deliveries paused, the register stopped. */
extern const ctl_command_t ctl_pauze;
/* The issuers of tokens, one by one. */
extern const ctl_command_t ctl_uitgever;

/* A token of the development issuer. */
extern const ctl_command_t ctl_token;

/* The rules and limits of a delivery. */
extern const ctl_command_t ctl_regels;

/* Who sees what, shown and put to the test. */
extern const ctl_command_t ctl_toegang;

/* The header of a CSV file with dossiers. */
extern const ctl_command_t ctl_csv;

/* A file of deliveries, sent and followed. */
extern const ctl_command_t ctl_import;

/* The files that were delivered. */
extern const ctl_command_t ctl_opladingen;

/* The dossiers of a source as CSV. */
extern const ctl_command_t ctl_export;

/* The keys of a new development instance. */
extern const ctl_command_t ctl_keys;

#endif
