/* SPDX-License-Identifier: EUPL-1.2 */

#include "store/dosis_click.h"

#include "domain/dosis_url.h"
#include "store/store_detail.h"


/* Whose agent it is seen as; a public one is seen by the first. */
static const dosis_subject_t *
viewer(const dosis_question_t *question, const dosis_agent_t *own)
{
    size_t i;

    for (i = 0; own != NULL && i < question->subjects; i++) {
        if (&question->subject[i].agent == own) {
            return &question->subject[i];
        }
    }
    return question->subject;
}


dosis_rc_t
dosis_click(dosis_reader_t *reader, const dosis_question_t *question,
    const uint8_t id[16], dosis_click_t *click)
{
    store_admitted_t admitted;
    const store_content_t *content = &admitted.view.content;
    dosis_rc_t rc;

    rc = store_detail_admit(reader, question, id, &admitted);
    if (rc != DOSIS_OK) {
        return rc;
    }
    click->bron = admitted.view.bron;
    click->subject = viewer(question, admitted.own);
    click->nummer = content->text[FIELD_NUMMER];
    click->url = dosis_slice(NULL, 0);
    if (store_content_has(content, FIELD_DOORVERWIJZING)
        && dosis_url_may_open(content->text[FIELD_DOORVERWIJZING],
            click->bron->hosten, click->bron->hosten_count)) {
        click->url = content->text[FIELD_DOORVERWIJZING];
    }
    return DOSIS_OK;
}
