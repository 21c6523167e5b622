/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/dosisd.h"

#define MAP_MAX_BYTES (UINT64_C(16) << 40)
#define DAYS 3653 /* ten years */
#define DAYS_MAX 36525

enum {
    OPT_STORE = 256,
    OPT_KEY_FILE,
    OPT_REFERENCE,
    OPT_SOCKET,
    OPT_SITE,
    OPT_MAP_SIZE,
    OPT_INZAGE_DAYS,
    OPT_INIT,
    OPT_FOREGROUND,
    OPT_VERSION,
    OPT_HELP
};

static const struct option long_options[] = {
    { "store", required_argument, NULL, OPT_STORE },
    { "key-file", required_argument, NULL, OPT_KEY_FILE },
    { "reference", required_argument, NULL, OPT_REFERENCE },
    { "socket", required_argument, NULL, OPT_SOCKET },
    { "site", required_argument, NULL, OPT_SITE },
    { "map-size", required_argument, NULL, OPT_MAP_SIZE },
    { "inzage-days", required_argument, NULL, OPT_INZAGE_DAYS },
    { "init", no_argument, NULL, OPT_INIT },
    { "foreground", no_argument, NULL, OPT_FOREGROUND },
    { "version", no_argument, NULL, OPT_VERSION },
    { "help", no_argument, NULL, OPT_HELP },
    { NULL, 0, NULL, 0 },
};

static const char help_text[] =
    "usage: dosisd --store DIR --key-file FILE --reference DIR --socket PATH\n"
    "              [--site N] [--map-size SIZE] [--inzage-days N] [--init]\n"
    "              [--foreground]\n"
    "\n"
    "The engine of DOSIS: keeps the store, loads the reference data, answers\n"
    "dosisctl on a unix socket.\n"
    "\n"
    "  --store DIR       directory of the store\n"
    "  --key-file FILE   key-encryption key, 64 hex digits, mode 0640 at most\n"
    "  --reference DIR   bronnen.json, clients.json, producten.json and\n"
    "                    codelijsten/*.json\n"
    "  --socket PATH     unix socket to listen on\n"
    "  --site N          number of this site in a new store, 1-65535 (1)\n"
    "  --map-size SIZE   most that the store may hold, from 4m (256g)\n"
    "  --inzage-days N   how long it is kept who looked at what (3653)\n"
    "  --init            create the store when there is none\n"
    "  --foreground      stay in the foreground\n"
    "  --version         print the version\n"
    "  --help            print this\n"
    "\n"
    "Signals: HUP loads the reference data anew, TERM and INT stop.\n"
    "See dosisd(8).\n";


static bool
parse_site(const char *text, uint16_t *ret_site)
{
    unsigned long value;
    char *end;

    errno = 0;
    value = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || text[0] == '-' || value < 1
        || value > UINT16_MAX) {
        fprintf(stderr, "dosisd: --site must be a number from 1 to 65535\n");
        return false;
    }
    *ret_site = (uint16_t) value;
    return true;
}


/* 512m, 256g. */
static bool
parse_map_size(const char *text, uint64_t *ret_bytes)
{
    unsigned long long value;
    unsigned shift = 0;
    char *end;

    errno = 0;
    value = strtoull(text, &end, 10);
    switch (*end) {
    case 'm':
    case 'M':
        shift = 20;
        break;
    case 'g':
    case 'G':
        shift = 30;
        break;
    default:
        break;
    }
    if (errno != 0 || end == text || shift == 0 || end[1] != '\0'
        || text[0] == '-' || value > MAP_MAX_BYTES >> shift
        || value << shift < DOSIS_STORE_MAP_MIN) {
        fprintf(stderr, "dosisd: --map-size must be from 4m to 16384g\n");
        return false;
    }
    *ret_bytes = (uint64_t) value << shift;
    return true;
}


static bool
parse_days(const char *text, uint32_t *ret_days)
{
    unsigned long value;
    char *end;

    errno = 0;
    value = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || text[0] == '-' || value < 1
        || value > DAYS_MAX) {
        fprintf(stderr,
            "dosisd: --inzage-days must be a number from 1 to 36525\n");
        return false;
    }
    *ret_days = (uint32_t) value;
    return true;
}


static bool
all_given(const dosisd_options_t *options)
{
    const struct {
        const char *name;
        const char *value;
    } needed[] = {
        { "--store", options->store_dir },
        { "--key-file", options->key_file },
        { "--reference", options->reference_dir },
        { "--socket", options->socket_path },
    };
    bool all = true;
    size_t i;

    for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        if (needed[i].value == NULL || needed[i].value[0] == '\0') {
            fprintf(stderr, "dosisd: %s is needed\n", needed[i].name);
            all = false;
        }
    }
    return all;
}


/* One option; DOSISD_OPTIONS_RUN: carry on. */
static dosisd_verdict_t
take(int option, dosisd_options_t *to)
{
    switch (option) {
    case OPT_STORE:
        to->store_dir = optarg;
        return DOSISD_OPTIONS_RUN;
    case OPT_KEY_FILE:
        to->key_file = optarg;
        return DOSISD_OPTIONS_RUN;
    case OPT_REFERENCE:
        to->reference_dir = optarg;
        return DOSISD_OPTIONS_RUN;
    case OPT_SOCKET:
        to->socket_path = optarg;
        return DOSISD_OPTIONS_RUN;
    case OPT_SITE:
        return parse_site(optarg, &to->site) ? DOSISD_OPTIONS_RUN
                                             : DOSISD_OPTIONS_WRONG;
    case OPT_MAP_SIZE:
        return parse_map_size(optarg, &to->map_bytes) ? DOSISD_OPTIONS_RUN
                                                      : DOSISD_OPTIONS_WRONG;
    case OPT_INZAGE_DAYS:
        return parse_days(optarg, &to->inzage_days) ? DOSISD_OPTIONS_RUN
                                                    : DOSISD_OPTIONS_WRONG;
    case OPT_INIT:
        to->init = true;
        return DOSISD_OPTIONS_RUN;
    case OPT_FOREGROUND:
        to->foreground = true;
        return DOSISD_OPTIONS_RUN;
    case OPT_VERSION:
        printf("dosisd %s\n", DOSIS_VERSION);
        return DOSISD_OPTIONS_DONE;
    case OPT_HELP:
        fputs(help_text, stdout);
        return DOSISD_OPTIONS_DONE;
    default:
        return DOSISD_OPTIONS_WRONG; /* getopt has said why */
    }
}


dosisd_verdict_t
dosisd_options_parse(int argc, char **argv, dosisd_options_t *ret_options)
{
    dosisd_verdict_t verdict = DOSISD_OPTIONS_RUN;
    int option;

    memset(ret_options, 0, sizeof(*ret_options));
    ret_options->site = 1;
    ret_options->inzage_days = DAYS;
    while (verdict == DOSISD_OPTIONS_RUN
        && (option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        verdict = take(option, ret_options);
    }
    if (verdict == DOSISD_OPTIONS_RUN && optind < argc) {
        fprintf(stderr, "dosisd: unexpected argument '%s'\n", argv[optind]);
        verdict = DOSISD_OPTIONS_WRONG;
    }
    if (verdict == DOSISD_OPTIONS_RUN && !all_given(ret_options)) {
        verdict = DOSISD_OPTIONS_WRONG;
    }
    if (verdict == DOSISD_OPTIONS_WRONG) {
        fprintf(stderr, "dosisd: 'dosisd --help' shows the options\n");
    }
    return verdict;
}
