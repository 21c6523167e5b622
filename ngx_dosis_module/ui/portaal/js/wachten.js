// SPDX-License-Identifier: EUPL-1.2
//
// Waiting that ends when the page is left, and that does nothing while nobody
// looks.

export function wacht(ms, signaal) {
    return new Promise((klaar, afgebroken) => {
        const einde = () => {
            clearTimeout(wekker);
            afgebroken(new DOMException('', 'AbortError'));
        };
        const wekker = setTimeout(() => {
            signaal.removeEventListener('abort', einde);
            klaar();
        }, ms);

        if (signaal.aborted) {
            einde();
        }
        signaal.addEventListener('abort', einde, { once: true });
    });
}

// Until the tab is seen again; at once when it is.
export function wachtOpZicht(signaal) {
    if (!document.hidden) {
        return Promise.resolve();
    }
    return new Promise((klaar) => {
        const kijk = () => {
            if (!document.hidden || signaal.aborted) {
                document.removeEventListener('visibilitychange', kijk);
                klaar();
            }
        };
        document.addEventListener('visibilitychange', kijk);
        signaal.addEventListener('abort', kijk, { once: true });
    });
}

// Longer pauses while nothing changes, short ones as soon as something does.
export function maakPauze(kortste, langste) {
    let nu = kortste;

    return {
        kort() {
            nu = kortste;
        },
        volgende() {
            const deze = nu;
            nu = Math.min(langste, nu * 1.5);
            return deze;
        },
    };
}
