-- SPDX-License-Identifier: EUPL-1.2
-- One durable push, half of them new: one statement, its own transaction.
\set c random(0, :companies - 1)
\set oud :c * :each + random(0, :each - 1)
\set nieuw 1000000000 + random(1, 2000000000000)
\set nummer case when random(0, 1) = 0 then :oud else :nieuw end
\set ronde random(1, 1000000)
WITH n AS MATERIALIZED (
    SELECT id_of(:nummer::bigint) AS id, inhoud_of(:ronde::int) AS inhoud
), u AS (
    INSERT INTO upload VALUES ('leverancier', gen_random_uuid(), 'Gewijzigd')
        ON CONFLICT DO NOTHING
), d AS (
    INSERT INTO dossier AS d SELECT id, 'urn://test/subsidies',
            :nummer::bigint, 1, now(), inhoud FROM n
        ON CONFLICT (id) DO UPDATE SET versie = d.versie + 1,
            gewijzigd = excluded.gewijzigd, inhoud = excluded.inhoud
), a AS (
    INSERT INTO agent SELECT :c::int, now(), id, 'SubsidieLezer-kmo', inhoud
            FROM n
        ON CONFLICT (agent, dossier) DO UPDATE
            SET gewijzigd = excluded.gewijzigd, rij = excluded.rij
)
INSERT INTO historie (dossier, ontvangen, inhoud) SELECT id, now(), inhoud
    FROM n;
