-- SPDX-License-Identifier: EUPL-1.2
-- :companies companies with :each dossiers.

INSERT INTO dossier
    SELECT id_of(n), 'urn://test/subsidies', n, 1, now(), inhoud_of(n::int)
    FROM generate_series(0, :companies * :each - 1) n;
INSERT INTO agent
    SELECT n / :each, now(), id_of(n), 'SubsidieLezer-kmo', inhoud_of(n::int)
    FROM generate_series(0, :companies * :each - 1) n;
INSERT INTO historie (dossier, ontvangen, inhoud)
    SELECT id, now(), inhoud FROM dossier;
INSERT INTO upload
    SELECT 'leverancier', gen_random_uuid(), 'Nieuw' FROM dossier;
VACUUM ANALYZE;
CHECKPOINT;
