// SPDX-License-Identifier: EUPL-1.2
//
// An identity provider to test against: oidc-provider, a certified OpenID
// provider, with the clients and people of one JSON file. Anybody may log in
// as one of them: never more than a stand-in.
//
//   provider.mjs FILE     prints its address when it listens on loopback
//
// FILE: {"port", "key", "cert": files, for TLS; "audience", "clients": [as oidc-provider has them],
//        "opaque": [client_id, ...] whose access tokens say nothing,
//        "introspection": [client_id, ...] who may ask what those mean,
//        "people": {login: {claim: value}}}
//
// What it does for its test only, beside the provider:
//   POST /proef/draai     a new signing key; the one before stays in the set
//   POST /proef/stuk?aan  answers 500 at every address, until ?uit

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { Provider } from 'oidc-provider';
import { exportJWK, generateKeyPair } from 'jose';

const RESOURCE = 'urn:dosis:register';
const TOKEN_SECONDS = 3600;
const KEYS_KEPT = 2;

const wanted = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const tls = wanted.key === undefined ? undefined
    : { key: readFileSync(wanted.key), cert: readFileSync(wanted.cert) };
const issuer = tls === undefined
    ? `http://127.0.0.1:${wanted.port}` : `https://localhost:${wanted.port}`;
const keys = [];
let provider;
let broken = false;

// The provider warns of what a stand-in does on purpose.
console.info = () => {};
console.warn = () => {};

async function addKey() {
    const pair = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(pair.privateKey);

    keys.unshift({ ...jwk, use: 'sig', alg: 'RS256', kid: randomUUID() });
    keys.length = Math.min(keys.length, KEYS_KEPT);
}

function resourceServer(ctx, resource, client) {
    return {
        scope: 'DosisImport DosisRaadpleging DosisGebruiker DosisBeheer',
        audience: wanted.audience,
        accessTokenTTL: TOKEN_SECONDS,
        accessTokenFormat:
            wanted.opaque.includes(client.clientId) ? 'opaque' : 'jwt',
        jwt: { sign: { alg: 'RS256' } },
    };
}

// Nobody is asked for consent: the register is the government's own.
async function grantAll(ctx) {
    const { client, session, params } = ctx.oidc;
    const grant = new ctx.oidc.provider.Grant({
        clientId: client.clientId,
        accountId: session.accountId,
    });

    grant.addOIDCScope(params.scope);
    grant.addResourceScope(RESOURCE, params.scope);
    await grant.save();

    return grant;
}

function account(ctx, login) {
    if (wanted.people[login] === undefined) {
        return undefined;
    }
    return {
        accountId: login,
        claims: () => ({ sub: login, ...wanted.people[login] }),
    };
}

function makeProvider() {
    return new Provider(issuer, {
        clients: wanted.clients,
        jwks: { keys },
        scopes: ['openid', 'DosisImport', 'DosisRaadpleging',
            'DosisGebruiker', 'DosisBeheer'],
        claims: { openid: ['sub', 'rrn', 'vo_orgcode', 'vo_doelgroepcode'] },
        conformIdTokenClaims: false,
        cookies: { keys: ['een stand-in heeft geen geheimen'] },
        findAccount: account,
        loadExistingGrant: grantAll,
        extraTokenClaims: (ctx, token) => ({
            client_id: token.clientId,
            ...(wanted.people[token.accountId] ?? {}),
        }),
        pkce: { required: () => true, methods: ['S256'] },
        ttl: { AccessToken: TOKEN_SECONDS, ClientCredentials: TOKEN_SECONDS },
        features: {
            devInteractions: { enabled: true },
            clientCredentials: { enabled: true },
            introspection: {
                enabled: true,
                allowedPolicy: (ctx, client) =>
                    wanted.introspection.includes(client.clientId),
            },
            resourceIndicators: {
                enabled: true,
                defaultResource: () => RESOURCE,
                useGrantedResource: () => true,
                getResourceServerInfo: resourceServer,
            },
        },
    });
}

async function rotate() {
    await addKey();
    provider = makeProvider();
}

async function proof(request, response) {
    if (request.url === '/proef/draai') {
        await rotate();
    } else {
        broken = request.url.endsWith('?aan');
    }
    response.end(keys[0].kid);
}

async function answer(request, response) {
    if (request.url.startsWith('/proef/')) {
        await proof(request, response);
    } else if (broken) {
        response.writeHead(500).end();
    } else {
        provider.callback()(request, response);
    }
}

await rotate();
const server = tls === undefined
    ? http.createServer(answer) : https.createServer(tls, answer);
server.listen(wanted.port, '127.0.0.1', () => {
    process.stdout.write(`${issuer}\n`);
});
