-- SPDX-License-Identifier: EUPL-1.2
-- One transaction: the file into a table that no log knows, from there into
-- the set, in the order of each table's key as far as that is known.
BEGIN;
CREATE TEMP TABLE aanvoer (LIKE rij) ON COMMIT DROP;
\copy aanvoer FROM 'bulk.csv' WITH (FORMAT csv, HEADER, DELIMITER ';')
CREATE TEMP TABLE klaar ON COMMIT DROP AS
    SELECT decode(md5(bron || E'\n' || nummer), 'hex') AS id, bron, nummer,
        gewijzigd, agent, recht,
        jsonb_build_object('Naam', naam, 'TypeDossierCode', type, 'Status',
            jsonb_build_object('VlaamsFase', fase, 'VlaamsCode', code,
                'Detail1', detail1, 'Actie', jsonb_build_object('ActieNodig',
                    actie_nodig, 'Actie', actie)),
            'Producten', jsonb_build_array(jsonb_build_object('Id', product)),
            'Agenten', jsonb_build_array(jsonb_build_object('Identificatie',
                agent, 'Rol', rol, 'Toegangsrechten', recht))) AS inhoud
    FROM aanvoer;
INSERT INTO bulk_dossier
    SELECT id, bron, nummer, 1, gewijzigd, inhoud FROM klaar ORDER BY id;
INSERT INTO bulk_agent
    SELECT agent, gewijzigd, id, recht, inhoud FROM klaar ORDER BY agent, id;
INSERT INTO bulk_historie (dossier, ontvangen, inhoud)
    SELECT id, now(), inhoud FROM klaar;
COMMIT;
