-- SPDX-License-Identifier: EUPL-1.2
-- One durable push, half of them new: all in one round trip.
\set c random(0, :companies - 1)
\set oud :c * :each + random(0, :each - 1)
\set nieuw 1000000000 + random(1, 2000000000000)
\set nummer case when random(0, 1) = 0 then :oud else :nieuw end
\set ronde random(1, 1000000)
\startpipeline
BEGIN;
INSERT INTO upload VALUES ('leverancier', gen_random_uuid(), 'Gewijzigd')
    ON CONFLICT DO NOTHING;
INSERT INTO dossier AS d VALUES (id_of(:nummer::bigint),
        'urn://test/subsidies', :nummer::bigint, 1, now(),
        inhoud_of(:ronde::int))
    ON CONFLICT (id) DO UPDATE SET versie = d.versie + 1,
        gewijzigd = excluded.gewijzigd, inhoud = excluded.inhoud;
INSERT INTO agent VALUES (:c::int, now(), id_of(:nummer::bigint),
        'SubsidieLezer-kmo', inhoud_of(:ronde::int))
    ON CONFLICT (agent, dossier) DO UPDATE SET gewijzigd = excluded.gewijzigd,
        rij = excluded.rij;
INSERT INTO historie (dossier, ontvangen, inhoud)
    VALUES (id_of(:nummer::bigint), now(), inhoud_of(:ronde::int));
COMMIT;
\endpipeline
