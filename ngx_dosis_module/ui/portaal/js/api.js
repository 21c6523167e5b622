// SPDX-License-Identifier: EUPL-1.2
//
// Questions to DOSIS: the token goes in a header, an error becomes an ApiFout
// that knows everything the answer said about it.

import { t } from './taal.js';

const BASIS = 'api/v1/dosis/';

export class ApiFout extends Error {
    constructor(status, probleem, aanvraag) {
        super(probleem?.detail ?? probleem?.title ?? `HTTP ${status}`);
        this.status = status;
        this.probleem = probleem;
        this.aanvraag = aanvraag;
        this.wacht = null;
    }

    // Another try may well succeed.
    get tijdelijk() {
        return this.status === 0 || this.status === 429
            || this.status === 502 || this.status === 503
            || this.status === 504;
    }
}

export function isAfgebroken(fout) {
    return fout?.name === 'AbortError';
}

export function adres(pad, vraag) {
    const heel = new URL(BASIS + pad, document.baseURI);

    for (const [naam, waarde] of vraag ?? []) {
        if (waarde !== null && waarde !== undefined && waarde !== '') {
            heel.searchParams.append(naam, waarde);
        }
    }
    return heel.href;
}

export function foutVan(status, tekst, aanvraag) {
    let probleem = null;

    try {
        probleem = JSON.parse(tekst);
    } catch {
        // not from DOSIS: a proxy in between, or nothing at all
    }
    return new ApiFout(status, probleem, aanvraag);
}

// aanmelding: see aanmelden.js. One api per page load.
export function maakApi(aanmelding) {
    async function roep(pad, keuze = {}) {
        const koppen = new Headers({ Accept: 'application/json',
            ...keuze.koppen });
        const token = aanmelding.token();
        if (token !== null) {
            koppen.set('Authorization', `Bearer ${token}`);
        }

        let antwoord;
        try {
            antwoord = await fetch(adres(pad, keuze.vraag), {
                method: keuze.methode ?? 'GET', headers: koppen,
                signal: keuze.signaal, cache: 'no-cache',
                credentials: 'same-origin',
            });
        } catch (fout) {
            if (isAfgebroken(fout)) {
                throw fout;
            }
            throw new ApiFout(0, { detail: t('fout.netwerk') }, null);
        }
        if (!antwoord.ok) {
            throw await mislukt(antwoord);
        }
        return antwoord;
    }

    async function mislukt(antwoord) {
        const fout = foutVan(antwoord.status, await antwoord.text(),
            antwoord.headers.get('X-Request-Id'));

        fout.wacht = Number(antwoord.headers.get('Retry-After')) || null;
        if (antwoord.status === 401) {
            aanmelding.geweigerd();
        }
        return fout;
    }

    return {
        roep,
        async json(pad, keuze) {
            return (await roep(pad, keuze)).json();
        },
        async blob(pad, accept, signaal) {
            const antwoord = await roep(pad,
                { koppen: { Accept: accept }, signaal });
            return antwoord.blob();
        },
    };
}

// Gives a file to the person: there is no address that could be opened
// without the header that holds the token.
export function bewaarAls(blob, naam) {
    const link = document.createElement('a');

    link.href = URL.createObjectURL(blob);
    link.download = naam;
    document.body.append(link);
    link.click();
    link.remove();
    // the browser has begun to read it by then
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
