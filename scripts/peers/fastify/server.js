// SPDX-License-Identifier: EUPL-1.2
// The same look-up and the same push with Fastify and PostgreSQL: token verified
// with a cache of those verified, ten rows as ready JSON; a push is one statement
// in a transaction of its own. No rights per dossier, no sealing, no verdict, no
// feed.
//
// usage: server.js KEY SOCKET_DIR PORT

import cluster from 'node:cluster';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { createVerifier } from 'fast-jwt';
import fastify from 'fastify';
import pg from 'pg';

const PROCESSES = 2;
const CONNECTIONS = 32; // to PostgreSQL, of each process
const TOKENS = 10000;
const [, , keyPath, socketDir, port] = process.argv;

const LIST = {
  name: 'list',
  text: `SELECT string_agg(t.rij, ',') AS rijen FROM (
      SELECT rij::text AS rij FROM agent WHERE agent = $1::bigint
      ORDER BY gewijzigd DESC LIMIT 10) t`,
};

const PUSH = {
  name: 'push',
  text: `WITH u AS (
      INSERT INTO upload VALUES ('leverancier', $1::uuid, 'Gewijzigd')
          ON CONFLICT DO NOTHING
  ), d AS (
      INSERT INTO dossier AS d VALUES (id_of_text($2, $3), $2, $3, 1, now(),
              $4::jsonb)
          ON CONFLICT (id) DO UPDATE SET versie = d.versie + 1,
              gewijzigd = excluded.gewijzigd, inhoud = excluded.inhoud
  ), a AS (
      INSERT INTO agent SELECT n::bigint, now(), id_of_text($2, $3),
              'SubsidieLezer-kmo', $4::jsonb FROM unnest($5::text[]) n
          ON CONFLICT (agent, dossier) DO UPDATE
              SET gewijzigd = excluded.gewijzigd, rij = excluded.rij
  )
  INSERT INTO historie (dossier, ontvangen, inhoud)
      VALUES (id_of_text($2, $3), now(), $4::jsonb)`,
};

async function start() {
  const verify = createVerifier({
    key: createPublicKey(readFileSync(keyPath)).export({
      type: 'spki',
      format: 'pem',
    }),
    algorithms: ['RS256'],
    allowedIss: 'https://issuer.dosis.localhost',
    allowedAud: 'dosis',
    requiredClaims: ['exp'],
    cache: TOKENS,
    cacheTTL: 60000,
  });
  const pool = new pg.Pool({
    host: socketDir,
    user: 'postgres',
    database: 'fastify',
    max: CONNECTIONS,
    min: CONNECTIONS,
    idleTimeoutMillis: 0,
  });
  const app = fastify({ logger: false, keepAliveTimeout: 600000 });

  app.addHook('onRequest', (request, reply, done) => {
    const header = request.headers.authorization ?? '';
    try {
      request.claims = verify(header.slice('Bearer '.length));
    } catch {
      reply.code(401).send({ status: 401 });
      return;
    }
    done();
  });

  app.get('/dossiers', async (request, reply) => {
    const found = await pool.query({
      ...LIST,
      values: [request.claims.vo_orgcode],
    });
    const rijen = found.rows[0].rijen;
    if (rijen === null) {
      return reply.code(404).send({ status: 404 });
    }
    return reply
      .header('Cache-Control', 'private, no-cache')
      .type('application/json')
      .send(`{"Elementen":[${rijen}]}`);
  });

  app.post('/dossiers', async (request, reply) => {
    const dossier = request.body;
    const id = dossier?.Identificatie;
    if (!id?.Bron || !id.DossierNummer || !dossier.UploadId
      || !Array.isArray(dossier.Agenten) || !dossier.Status) {
      return reply.code(400).send({ status: 400 });
    }
    await pool.query({
      ...PUSH,
      values: [dossier.UploadId, id.Bron, id.DossierNummer,
        JSON.stringify(dossier),
        dossier.Agenten.map((agent) => agent.Identificatie)],
    });
    return reply
      .type('application/json')
      .send(`{"Resultaat":"Nieuw","UploadId":"${dossier.UploadId}"}`);
  });

  // none of them is made while it is measured
  const ready = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => pool.connect()));
  ready.forEach((connection) => connection.release());
  await app.listen({ host: '127.0.0.1', port: Number(port), backlog: 1024 });
}

if (cluster.isPrimary) {
  for (let i = 0; i < PROCESSES; i++) {
    cluster.fork();
  }
  // A process that fell over is told by the bench: it counts no answers.
  process.on('SIGTERM', () => process.exit(0));
} else {
  start();
}
