-- SPDX-License-Identifier: EUPL-1.2
-- What a file of deliveries becomes: one table with its columns, or the tables
-- of schema.sql, keyed by text as the file has it. No index yet.

CREATE TABLE rij (
    bron text NOT NULL,
    nummer text NOT NULL,
    naam text NOT NULL,
    gewijzigd timestamptz NOT NULL,
    type text NOT NULL,
    fase text NOT NULL,
    code text NOT NULL,
    detail1 text,
    actie_nodig boolean,
    actie text,
    product text,
    agent text NOT NULL,
    recht text,
    rol text
);

CREATE TABLE bulk_dossier (
    id bytea NOT NULL,
    bron text NOT NULL,
    nummer text NOT NULL,
    versie int NOT NULL,
    gewijzigd timestamptz NOT NULL,
    inhoud jsonb NOT NULL
);

CREATE TABLE bulk_agent (
    agent text NOT NULL,
    gewijzigd timestamptz NOT NULL,
    dossier bytea NOT NULL,
    recht text NOT NULL,
    rij jsonb NOT NULL
);

CREATE TABLE bulk_historie (
    volgnummer bigserial NOT NULL,
    dossier bytea NOT NULL,
    ontvangen timestamptz NOT NULL,
    inhoud jsonb NOT NULL
);
