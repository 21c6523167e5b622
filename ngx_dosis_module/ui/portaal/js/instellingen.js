// SPDX-License-Identifier: EUPL-1.2
//
// config.json, beside the page: who issues tokens, whom to call.

export async function leesInstellingen() {
    const answer = await fetch('config.json', { cache: 'no-cache' });

    if (!answer.ok) {
        throw new Error(`config.json: ${answer.status}`);
    }

    const { Uitgever, Contact = {}, Omgeving = '' } = await answer.json();
    return { uitgever: Uitgever, contact: Contact, omgeving: Omgeving };
}
