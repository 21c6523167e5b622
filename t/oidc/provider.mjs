// SPDX-License-Identifier: EUPL-1.2
//
// An identity provider to test against, with the clients and people of one
// JSON file. Anybody may log in as one of them: never more than a stand-in.
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

import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import {
    makeKey, makeProvider,
} from '../../scripts/identity-provider/stand-in.mjs';

const KEYS_KEPT = 2;

const file = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const tls = file.key === undefined ? undefined
    : { key: readFileSync(file.key), cert: readFileSync(file.cert) };
const issuer = tls === undefined
    ? `http://127.0.0.1:${file.port}` : `https://localhost:${file.port}`;
const wanted = {
    ...file,
    keys: [],
    shown: ['rrn', 'vo_orgcode', 'vo_doelgroepcode'],
    people: Object.fromEntries(Object.entries(file.people)
        .map(([login, claims]) => [login, { claims }])),
};
let provider;
let broken = false;

async function rotate() {
    wanted.keys = [await makeKey(), ...wanted.keys].slice(0, KEYS_KEPT);
    provider = makeProvider(issuer, wanted,
        { features: { devInteractions: { enabled: true } } });
}

async function proof(request, response) {
    if (request.url === '/proef/draai') {
        await rotate();
    } else {
        broken = request.url.endsWith('?aan');
    }
    response.end(wanted.keys[0].kid);
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
server.listen(file.port, '127.0.0.1', () => {
    process.stdout.write(`${issuer}\n`);
});
