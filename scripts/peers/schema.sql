-- SPDX-License-Identifier: EUPL-1.2
-- What the store keeps of a dossier, as a relational schema: its content, a
-- row for each agent, its history, the uploads with their result.

CREATE TABLE dossier (
    id bytea PRIMARY KEY,
    bron text NOT NULL,
    nummer bigint NOT NULL,
    versie int NOT NULL,
    gewijzigd timestamptz NOT NULL,
    inhoud jsonb NOT NULL
);

CREATE TABLE agent (
    agent bigint NOT NULL,
    gewijzigd timestamptz NOT NULL,
    dossier bytea NOT NULL,
    recht text NOT NULL,
    rij jsonb NOT NULL,
    PRIMARY KEY (agent, dossier)
);
CREATE INDEX ON agent (agent, gewijzigd DESC);

CREATE TABLE historie (
    volgnummer bigserial PRIMARY KEY,
    dossier bytea NOT NULL,
    ontvangen timestamptz NOT NULL,
    inhoud jsonb NOT NULL
);

CREATE TABLE upload (
    client text NOT NULL,
    upload uuid NOT NULL,
    resultaat text NOT NULL,
    PRIMARY KEY (client, upload)
);

CREATE FUNCTION id_of(nummer bigint) RETURNS bytea LANGUAGE sql IMMUTABLE
    AS $$ SELECT decode(md5(nummer::text), 'hex') $$;

CREATE FUNCTION inhoud_of(ronde int) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT ('{"Naam":"Subsidie kmo-portefeuille","TypeDossierCode":'
        '"DossierStatus","Status":{"VlaamsFase":"Behandeling","VlaamsCode":'
        '"DossierOnvolledig","Detail1":"Ronde ' || ronde || '","Actie":{'
        '"ActieNodig":true,"Actie":"Bezorg de factuur"}},"Producten":[{"Id":'
        '"1984"}],"DossierBeheerder":{"Naam":"Team subsidies","Dienst":'
        '"Steun","Telefoon":"02 000 00 00"},"Agenten":[{"Identificatie":'
        '"0123456749","Toegangsrechten":[{"Code":"SubsidieLezer - kmo"}]}]}'
        )::jsonb $$;
