// SPDX-License-Identifier: EUPL-1.2
//
// What people and machines do at the identity provider, for tests in Perl.
// Each prints one line of JSON.
//
//   person.mjs machine ISSUER CLIENT KEY SCOPE    client credentials, with an
//                                                 assertion signed by KEY (JWK)
//   person.mjs user ISSUER CLIENT REDIRECT LOGIN  authorization code and PKCE
//   person.mjs open LOGIN ADDRESS..               to the end, each in a browser
//                                                 of its own

import { readFileSync } from 'node:fs';
import { custom, generators, Issuer } from 'openid-client';
import { Browser } from './browser.mjs';

const RESOURCE = 'urn:dosis:register';
const WAIT_MS = 60_000;

custom.setHttpOptionsDefaults({ timeout: WAIT_MS });

async function machine(issuer, clientId, keyFile, scope) {
    const found = await Issuer.discover(issuer);
    const client = new found.Client({
        client_id: clientId,
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
    }, { keys: [JSON.parse(readFileSync(keyFile, 'utf8'))] });

    return client.grant({
        grant_type: 'client_credentials', scope, resource: RESOURCE,
    });
}

async function user(issuer, clientId, redirect, login) {
    const found = await Issuer.discover(issuer);
    const client = new found.Client({
        client_id: clientId,
        redirect_uris: [redirect],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
    });
    const verifier = generators.codeVerifier();
    const state = generators.state();
    const nonce = generators.nonce();
    const start = client.authorizationUrl({
        scope: 'openid DosisGebruiker', resource: RESOURCE, state, nonce,
        code_challenge: generators.codeChallenge(verifier),
        code_challenge_method: 'S256',
    });
    const end = await new Browser(login)
        .open(start, (address) => address.startsWith(redirect));

    return client.callback(redirect, client.callbackParams(end.url.href),
        { state, nonce, code_verifier: verifier },
        { exchangeBody: { resource: RESOURCE } });
}

async function openOne(login, address) {
    const browser = new Browser(login);
    const page = await browser.open(address);

    return {
        url: page.url.href,
        status: page.answer.status,
        text: page.text,
        hops: browser.hops,
    };
}

function open(login, ...addresses) {
    return Promise.all(addresses.map((address) => openOne(login, address)));
}

const [what, ...words] = process.argv.slice(2);
const said = await { machine, user, open }[what](...words);
process.stdout.write(`${JSON.stringify(said)}\n`);
