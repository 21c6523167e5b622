/*
 * dosis_rule.h: the validation rules as a table: code, field, severity, Dutch
 * text, where the rule comes from. The same rows drive the checks, the error
 * texts and the published rules.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     static
 * Errors     none
 */

#ifndef DOSIS_DOMAIN_DOSIS_RULE_H
#define DOSIS_DOMAIN_DOSIS_RULE_H

#include "base/dosis_err.h"

/*
 * One word per rule; the row stands in dosis_rule.c. H3 OWNS THIS LIST.
 */
typedef enum {
    DOSIS_RULE_VELD_ONTBREEKT,
    DOSIS_RULE_MAX
} dosis_rule_id_t;

typedef struct {
    const char *code;          /* stable, on the wire */
    const char *ernst;         /* "fout" or "waarschuwing" */
    const char *text;          /* Dutch; may hold one %s for a name */
    const char *herkomst;      /* where the rule comes from */
} dosis_rule_t;

const dosis_rule_t *dosis_rule(dosis_rule_id_t id);

/* Adds the rule's problem for that field; detail fills its %s, or NULL. */
void dosis_rule_broken(dosis_err_t *err, dosis_rule_id_t id,
    const char *field, const char *detail);

#endif
