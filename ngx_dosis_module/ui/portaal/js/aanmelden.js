// SPDX-License-Identifier: EUPL-1.2
//
// Logging in: OpenID Connect, authorization code with PKCE, by oidc-client-ts
// (vendor/, a classic script that leaves its name `oidc`). Tokens stay in
// sessionStorage: they end with the tab.

const WAARSCHUW_S = 120;

// Without the answer of the issuer, and without the route: what the issuer
// has registered.
function eigenAdres() {
    return new URL('.', document.baseURI).href;
}

function maakBeheer(uitgever) {
    const bewaar = new globalThis.oidc.WebStorageStateStore(
        { store: window.sessionStorage });

    return new globalThis.oidc.UserManager({
        authority: uitgever.Adres,
        client_id: uitgever.ClientId,
        scope: uitgever.Scopes,
        resource: uitgever.Bereik,
        redirect_uri: eigenAdres(),
        post_logout_redirect_uri: eigenAdres(),
        response_type: 'code',
        userStore: bewaar,
        stateStore: bewaar,
        // would use a frame, which our policy forbids
        automaticSilentRenew: false,
        monitorSession: false,
        loadUserInfo: false,
        accessTokenExpiringNotificationTimeInSeconds: WAARSCHUW_S,
    });
}

function isTerug(vraag) {
    return vraag.has('state') && (vraag.has('code') || vraag.has('error'));
}

// Nobody can log in: no configuration, no library. Help is still there.
export function zonderAanmelding() {
    return {
        aangemeld: () => false, token: () => null, mag: () => false,
        naam: () => '', geweigerd() {}, async binnen() {}, async buiten() {},
        bij() {}, mogelijk: false, fout: null,
    };
}

// What the rest of the portal knows of it. bij(f): f('verlopen'|'bijna'|
// 'vernieuwd') when that happens.
export async function beginAanmelding(uitgever) {
    const beheer = maakBeheer(uitgever);
    const luisteraars = [];
    const zeg = (wat) => luisteraars.forEach((f) => f(wat));
    const wie = { gebruiker: null, fout: null };

    await beheer.clearStaleState();
    await komBinnen(beheer, wie);
    letOpEinde(beheer, wie, zeg);
    return {
        mogelijk: true,
        fout: wie.fout,
        aangemeld: () => wie.gebruiker !== null && !wie.gebruiker.expired,
        token: () => wie.gebruiker?.access_token ?? null,
        mag: (scope) => wie.gebruiker?.scopes.includes(scope) ?? false,
        naam: () => naamVan(wie.gebruiker?.profile ?? {}),
        geweigerd() {
            zeg('verlopen');
        },
        binnen: () => beheer.signinRedirect(
            { state: { weg: window.location.hash } }),
        buiten: () => gaBuiten(beheer, wie),
        bij: (f) => luisteraars.push(f),
    };
}

// Back from the issuer, or with a token that is still good.
async function komBinnen(beheer, wie) {
    const vraag = new URLSearchParams(window.location.search);

    if (!isTerug(vraag)) {
        const held = await beheer.getUser();
        wie.gebruiker = held?.expired ? null : held;
        return;
    }

    let weg = window.location.hash;
    try {
        wie.gebruiker = await beheer.signinCallback();
        weg = wie.gebruiker?.state?.weg ?? weg;
    } catch (fout) {
        wie.fout = fout;
    }
    // a code in the address would be tried again at each reload
    window.history.replaceState(null, '', window.location.pathname + weg);
}

function letOpEinde(beheer, wie, zeg) {
    beheer.events.addAccessTokenExpired(() => zeg('verlopen'));
    beheer.events.addAccessTokenExpiring(async () => {
        if (!wie.gebruiker?.refresh_token) {
            zeg('bijna');
            return;
        }
        try {
            wie.gebruiker = await beheer.signinSilent();
            zeg('vernieuwd');
        } catch {
            zeg('bijna');
        }
    });
}

// The tokens are forgotten first: an issuer is told who leaves by an id_token
// in an address otherwise, and that may name a person.
async function gaBuiten(beheer, wie) {
    wie.gebruiker = null;
    await beheer.removeUser();
    try {
        await beheer.signoutRedirect();
    } catch {
        // an issuer without log-out: at least here nobody is logged in
        window.location.replace(eigenAdres());
    }
}

function naamVan(profiel) {
    const mens = [profiel.given_name, profiel.family_name]
        .filter(Boolean).join(' ');

    return [mens || profiel.name, profiel.vo_orgnaam]
        .filter(Boolean).join(' – ') || profiel.sub || '';
}
