// SPDX-License-Identifier: EUPL-1.2
//
// The file that is being sent. It goes on while other pages are looked at, so
// it is kept here and not by the page *Opladen*. The browser reads the file
// as it sends it: its size is nobody's memory.

import { adres, ApiFout, foutVan } from './api.js';
import { t } from './taal.js';

const nu = {
    stand: 'geen',       // geen, bezig, ontvangen, mislukt
    bestand: null,
    keuze: null,
    verstuurd: 0,
    totaal: 0,
    begonnen: 0,
    uploadId: null,
    fout: null,
};
const kijkers = new Set();
let aanvraag = null;

export function zending() {
    return nu;
}

export function bekijk(kijker, signaal) {
    kijkers.add(kijker);
    signaal.addEventListener('abort', () => kijkers.delete(kijker));
}

function meld() {
    kijkers.forEach((kijker) => kijker(nu));
}

// A name may hold a national number, which never stands in a header or an
// address that somebody logs.
export function veiligeNaam(naam) {
    return naam.replace(/\d[\d.\- ]{9,}\d/g,
        (groep) => (groep.replace(/\D/g, '').length >= 11 ? 'x' : groep));
}

function vraagVan(keuze) {
    const vraag = [['uploadId', nu.uploadId],
        ['bestand', veiligeNaam(nu.bestand.name)]];

    if (keuze.proef) {
        vraag.push(['proef', 'true']);
    }
    if (keuze.volledig) {
        vraag.push(['volledig', 'true'], ['bron', keuze.bron],
            ['peildatum', keuze.peildatum],
            ['ontbrekend', keuze.intrekken ? 'intrekken' : 'melden']);
    }
    return vraag;
}

// The same UploadId again is the same delivery: a retry stores nothing twice.
export function verstuur(aanmelding, bestand, keuze) {
    const opnieuw = nu.stand === 'mislukt' && nu.bestand === bestand
        && nu.keuze === keuze;

    Object.assign(nu, {
        stand: 'bezig', bestand, keuze, verstuurd: 0, totaal: bestand.size,
        begonnen: Date.now(), fout: null,
        uploadId: opnieuw ? nu.uploadId : crypto.randomUUID(),
    });
    aanvraag = new XMLHttpRequest();
    aanvraag.open('POST', adres('dossiers', vraagVan(keuze)));
    aanvraag.setRequestHeader('Authorization',
        `Bearer ${aanmelding.token()}`);
    aanvraag.setRequestHeader('Content-Type', 'text/csv');
    aanvraag.setRequestHeader('Accept', 'application/json');
    aanvraag.upload.addEventListener('progress', (gebeurd) => {
        nu.verstuurd = gebeurd.loaded;
        meld();
    });
    aanvraag.addEventListener('load', () => ontvangen(aanmelding));
    aanvraag.addEventListener('error', () => mislukt(
        new ApiFout(0, { detail: t('zending.afgebroken') }, null)));
    aanvraag.addEventListener('abort', stop);
    aanvraag.send(bestand);
    meld();
}

function ontvangen(aanmelding) {
    if (aanvraag.status !== 202) {
        if (aanvraag.status === 401) {
            aanmelding.geweigerd();
        }
        mislukt(foutVan(aanvraag.status, aanvraag.responseText,
            aanvraag.getResponseHeader('X-Request-Id')));
        return;
    }
    nu.stand = 'ontvangen';
    nu.uploadId = JSON.parse(aanvraag.responseText).UploadId;
    aanvraag = null;
    meld();
}

function mislukt(fout) {
    nu.stand = 'mislukt';
    nu.fout = fout;
    aanvraag = null;
    meld();
}

function stop() {
    nu.stand = 'geen';
    aanvraag = null;
    meld();
}

export function breekAf() {
    aanvraag?.abort();
}

export function vergeet() {
    if (nu.stand !== 'bezig') {
        nu.stand = 'geen';
        nu.bestand = null;
        nu.fout = null;
    }
}

// A tab that is closed takes the file with it: the browser asks first.
window.addEventListener('beforeunload', (gebeurd) => {
    if (nu.stand === 'bezig') {
        gebeurd.preventDefault();
    }
});
