// SPDX-License-Identifier: EUPL-1.2
//
// Builds elements. Data only ever becomes text or the value of a property:
// nothing here reads markup, so what a source delivered cannot become any.

// bouw('p', { class: 'x', onclick: f, hidden: true }, 'text', element, [..])
export function bouw(naam, eigen = {}, ...inhoud) {
    const element = document.createElement(naam);

    for (const [sleutel, waarde] of Object.entries(eigen)) {
        zet(element, sleutel, waarde);
    }
    vul(element, inhoud);
    return element;
}

function zet(element, sleutel, waarde) {
    if (waarde === undefined || waarde === null || waarde === false) {
        return;
    }
    if (sleutel.startsWith('on')) {
        element.addEventListener(sleutel.slice(2), waarde);
    } else if (waarde === true) {
        element.setAttribute(sleutel, '');
    } else {
        element.setAttribute(sleutel, String(waarde));
    }
}

// What is null or false is left out, so that a caller may write conditions.
export function vul(element, inhoud) {
    for (const deel of [inhoud].flat(Infinity)) {
        if (deel !== undefined && deel !== null && deel !== false) {
            element.append(deel instanceof Node ? deel : String(deel));
        }
    }
    return element;
}

export function vervang(element, ...inhoud) {
    element.replaceChildren();
    return vul(element, inhoud);
}

let teller = 0;

// An id that is unique on this page, to tie a label to its field.
export function nieuweId(stam) {
    teller += 1;
    return `${stam}-${teller}`;
}

// A list of terms and what they are; pairs without a value are left out.
export function termen(paren) {
    return bouw('dl', { class: 'termen' }, paren
        .filter(([, waarde]) => waarde !== null && waarde !== undefined
            && waarde !== '')
        .map(([term, waarde]) => bouw('div', {},
            bouw('dt', {}, term), bouw('dd', {}, waarde))));
}
