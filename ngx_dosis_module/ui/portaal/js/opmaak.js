// SPDX-License-Identifier: EUPL-1.2
//
// Numbers, sizes and moments as people read them, in the language chosen.
// Moments are shown in the time of Brussels, wherever the reader is.

import { taal, t } from './taal.js';

const ZONE = 'Europe/Brussels';
const EENHEDEN = ['B', 'kB', 'MB', 'GB', 'TB'];

function landstaal() {
    return taal() === 'en' ? 'en-GB' : 'nl-BE';
}

export function getal(waarde) {
    return waarde === null || waarde === undefined
        ? '–' : new Intl.NumberFormat(landstaal()).format(waarde);
}

export function procent(waarde) {
    return new Intl.NumberFormat(landstaal(),
        { maximumFractionDigits: 1 }).format(waarde ?? 0) + ' %';
}

export function grootte(bytes) {
    if (bytes === null || bytes === undefined) {
        return '–';
    }

    let waarde = bytes;
    let eenheid = 0;
    while (waarde >= 1000 && eenheid < EENHEDEN.length - 1) {
        waarde /= 1000;
        eenheid += 1;
    }
    return new Intl.NumberFormat(landstaal(),
        { maximumFractionDigits: eenheid === 0 ? 0 : 1 }).format(waarde)
        + ' ' + EENHEDEN[eenheid];
}

function opgemaakt(tekst, keuze) {
    const moment = new Date(tekst);

    return Number.isNaN(moment.getTime()) ? String(tekst)
        : new Intl.DateTimeFormat(landstaal(), { timeZone: ZONE, ...keuze })
            .format(moment);
}

export function tijdstip(tekst) {
    return tekst ? opgemaakt(tekst, {
        day: 'numeric', month: 'short', year: 'numeric',
        hour: '2-digit', minute: '2-digit',
    }) : '–';
}

export function uur(tekst) {
    return opgemaakt(tekst,
        { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

export function dag(tekst) {
    return tekst ? opgemaakt(tekst,
        { day: 'numeric', month: 'long', year: 'numeric' }) : '–';
}

export function dagKort(tekst) {
    return tekst ? opgemaakt(tekst,
        { day: 'numeric', month: 'short', year: 'numeric' }) : '–';
}

// Days from today until a day, in Brussels; negative: it has passed.
export function dagenTot(tekst) {
    const alsDag = (moment) => Date.parse(new Intl.DateTimeFormat('en-CA',
        { timeZone: ZONE }).format(moment));

    return Math.round((alsDag(new Date(tekst)) - alsDag(new Date()))
        / 86400000);
}

export function termijn(tekst) {
    const dagen = dagenTot(tekst);
    // a date is not broken over two lines
    const heel = { dag: dag(tekst).replaceAll(' ', '\u00A0') };

    if (dagen < 0) {
        return t('termijn.voorbij', heel);
    }
    if (dagen === 0) {
        return t('termijn.vandaag');
    }
    return dagen === 1 ? t('termijn.morgen', heel)
        : t('termijn.nog', { ...heel, dagen: getal(dagen) });
}

// How long something takes, roughly: nobody plans by seconds.
export function duur(seconden) {
    if (seconden < 60) {
        return t('duur.seconden', { n: Math.max(1, Math.round(seconden)) });
    }
    if (seconden < 3600) {
        return t('duur.minuten', { n: Math.round(seconden / 60) });
    }
    return t('duur.uren', { n: Math.floor(seconden / 3600),
        m: Math.round((seconden % 3600) / 60) });
}
