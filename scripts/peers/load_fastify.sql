-- SPDX-License-Identifier: EUPL-1.2
-- :companies companies with :each dossiers, as the door delivers them: numbered
-- by words, found by the number of the company, each with a row as it is listed.

ALTER TABLE dossier ALTER COLUMN nummer TYPE text;
CREATE FUNCTION id_of_text(bron text, nummer text) RETURNS bytea LANGUAGE sql
    IMMUTABLE AS $$ SELECT decode(md5(bron || ' ' || nummer), 'hex') $$;

CREATE TEMP TABLE kbo (c int PRIMARY KEY, kbo bigint NOT NULL);
CREATE TEMP TABLE rij (i int PRIMARY KEY, rij jsonb NOT NULL);
\copy kbo FROM 'kbo.txt'
\copy rij FROM 'rij.txt'

CREATE TEMP TABLE alles AS
    SELECT id_of_text('urn://test/subsidies', d.nummer) AS id, d.nummer, k.kbo,
        r.rij
    FROM generate_series(0, :companies * :each - 1) n
    JOIN kbo k ON k.c = n / :each
    JOIN rij r ON r.i = n % :each
    CROSS JOIN LATERAL (SELECT 'd' || lpad((n / :each)::text, 6, '0') || '-'
        || n % :each AS nummer) d;

INSERT INTO dossier
    SELECT id, 'urn://test/subsidies', nummer, 1, now(), rij FROM alles;
INSERT INTO agent
    SELECT kbo, now(), id, 'SubsidieLezer-kmo', rij FROM alles;
INSERT INTO historie (dossier, ontvangen, inhoud)
    SELECT id, now(), rij FROM alles;
INSERT INTO upload
    SELECT 'leverancier', gen_random_uuid(), 'Nieuw' FROM alles;
VACUUM ANALYZE dossier, agent, historie, upload;
CHECKPOINT;
