// SPDX-License-Identifier: EUPL-1.2
//
// Which page is meant by what stands behind the # of the address:
// #/opladingen/{id}?a=b. What stands there never goes to a server.

export function leesWeg(hash) {
    const [pad, vraag = ''] = hash.replace(/^#\/?/, '').split('?', 2);

    return {
        delen: pad.split('/').filter((deel) => deel !== '')
            .map(decodeer),
        vraag: new URLSearchParams(vraag),
    };
}

function decodeer(deel) {
    try {
        return decodeURIComponent(deel);
    } catch {
        return deel;
    }
}

export function maakWeg(delen, vraag) {
    const tekst = vraag === undefined ? '' : String(vraag);

    return '#/' + delen.map(encodeURIComponent).join('/')
        + (tekst === '' ? '' : `?${tekst}`);
}

export function gaNaar(delen, vraag) {
    window.location.hash = maakWeg(delen, vraag);
}

// Another question on the same page: the page draws itself, the address only
// follows, so that it can be kept and shared.
export function toonVraag(delen, vraag) {
    window.history.replaceState(null, '', maakWeg(delen, vraag));
}
