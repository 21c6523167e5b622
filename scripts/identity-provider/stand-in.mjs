// SPDX-License-Identifier: EUPL-1.2
//
// What a stand-in for an identity provider is made of: oidc-provider, a
// certified OpenID provider, that gives out tokens as DOSIS wants them.
// Anybody may log in as anybody: never more than a stand-in. Used by
// provider.mjs beside this, and by t/oidc/provider.mjs.

import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

const RESOURCE = 'urn:dosis:register';
const SCOPES = ['DosisImport', 'DosisRaadpleging', 'DosisGebruiker',
    'DosisBeheer'];
const TOKEN_SECONDS = 3600;

// The provider warns of what a stand-in does on purpose.
console.info = () => {};
console.warn = () => {};

// A key that signs, as a JWK with its private half.
export async function makeKey() {
    const pair = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(pair.privateKey);

    return { ...jwk, use: 'sig', alg: 'RS256', kid: randomUUID() };
}

function resourceServer(wanted) {
    return (ctx, resource, client) => ({
        scope: SCOPES.join(' '),
        audience: wanted.audience,
        accessTokenTTL: TOKEN_SECONDS,
        accessTokenFormat:
            wanted.opaque.includes(client.clientId) ? 'opaque' : 'jwt',
        jwt: { sign: { alg: 'RS256' } },
    });
}

// Nobody is asked for consent: the register is the government's own. Of what is
// asked somebody gets no more than his own scopes, where those are known.
function grantOf(wanted) {
    return async (ctx) => {
        const { client, session, params } = ctx.oidc;
        const grant = new ctx.oidc.provider.Grant({
            clientId: client.clientId,
            accountId: session.accountId,
        });
        const own = wanted.people[session.accountId]?.scopes;
        const asked = params.scope.split(' ')
            .filter((scope) => own === undefined || !SCOPES.includes(scope)
                || own.includes(scope));

        grant.addOIDCScope(params.scope);
        grant.addResourceScope(RESOURCE, asked.join(' '));
        await grant.save();

        return grant;
    };
}

function accountOf(wanted) {
    return (ctx, login) => {
        const person = wanted.people[login];

        return person === undefined ? undefined : {
            accountId: login,
            claims: () => ({ sub: login, ...person.claims }),
        };
    };
}

// wanted: {"audience", "clients": [as oidc-provider has them], "opaque":
// [client_id] whose access tokens say nothing, "introspection": [client_id] who
// may ask what those mean, "people": {login: {"claims": {}, "scopes": [] that
// he may have, all where it is missing}}, "shown": [claim] for the client as
// well, "keys": [as makeKey gives]}; more: configuration of oidc-provider.
export function makeProvider(issuer, wanted, { features, ...more } = {}) {
    return new Provider(issuer, {
        clients: wanted.clients,
        jwks: { keys: wanted.keys },
        scopes: ['openid', ...SCOPES],
        claims: { openid: ['sub', ...wanted.shown] },
        conformIdTokenClaims: false,
        cookies: { keys: ['een stand-in heeft geen geheimen'] },
        findAccount: accountOf(wanted),
        loadExistingGrant: grantOf(wanted),
        extraTokenClaims: (ctx, token) => ({
            client_id: token.clientId,
            ...(wanted.people[token.accountId]?.claims ?? {}),
        }),
        pkce: { required: () => true, methods: ['S256'] },
        ttl: { AccessToken: TOKEN_SECONDS, ClientCredentials: TOKEN_SECONDS },
        features: {
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
                getResourceServerInfo: resourceServer(wanted),
            },
            ...features,
        },
        ...more,
    });
}
