-- SPDX-License-Identifier: EUPL-1.2
-- The ten last changed dossiers of one company, as JSON.
\set c random(0, :companies - 1)
SELECT jsonb_agg(rij) FROM (
    SELECT rij FROM agent WHERE agent = :c::bigint
    ORDER BY gewijzigd DESC LIMIT 10) r;
