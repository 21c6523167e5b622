// SPDX-License-Identifier: EUPL-1.2

export const hulp = {
    vragen: [
        { vraag: 'Wat is DOSIS?', antwoord: [
            'DOSIS is het Dossier Status Informatie Systeem. Het verzamelt van elk dossier bij een Vlaamse of lokale overheid een minimum aan informatie: dat het bestaat, hoe ver het staat, en waar u de rest vindt.',
            'Loketten, websites en apps halen die informatie op met een API. Zo ziet een burger of onderneming alle dossiers op één plaats.'] },
        { vraag: 'Voor wie is DOSIS?', antwoord: [[
            'Voor loketten die hun bezoekers een volledig en actueel overzicht willen tonen.',
            'Voor agentschappen en lokale besturen die de status van hun dossiers bekend willen maken.']] },
        { vraag: 'Hoe komen statussen in DOSIS?', antwoord: [
            'Elke bron levert ze zelf aan:', [
                'met de API, dossier per dossier, op het moment dat er iets verandert;',
                'met een CSV-bestand via dezelfde API, bijvoorbeeld elke nacht;',
                'met een CSV-bestand op dit portaal, bijvoorbeeld voor een eerste keer.']] },
        { vraag: 'Hoe actueel is een status?', antwoord: [
            'Zo actueel als de bron kan leveren: bij voorkeur meteen, anders elke nacht. Bij een lijst staat van welke bronnen al een tijd niets gehoord is.'] },
        { vraag: 'Mijn toepassing heeft andere statussen. Hoe kan dat?', antwoord: [
            'DOSIS toont een fase en een code die over alle bronnen heen hetzelfde betekenen. De eigen woorden van uw toepassing levert u mee in StatusDetail1; die worden ernaast getoond. StatusDetail2 is intern en ziet een burger of onderneming nooit.'] },
        { vraag: 'Wat is de link met IPDC?', antwoord: [
            'IPDC is de catalogus van producten en diensten. Een dossier is het gebruik van zo’n product; het nummer ervan staat in ProductId.'] },
        { vraag: 'Wie kan een dossier zien?', antwoord: [
            'De bron bepaalt dat, per dossier: wie betrokken is, en welk recht nodig is. De meeste dossiers zijn enkel zichtbaar voor de betrokken onderneming of burger. DOSIS geeft nooit meer prijs.'] },
        { vraag: 'Staan er privacygevoelige gegevens in DOSIS?', antwoord: [
            'Enkel wat nodig is om een dossier te tonen aan wie het aangaat. De inhoud blijft bij de bron.',
            'Alles is versleuteld, zowel bij het bewaren als onderweg. Wie een dossier bekeek, wordt bijgehouden.'] },
        { vraag: 'Hoe werkt het doorklikken naar de bron?', antwoord: [
            'Met „Open het dossier bij de bron” gaat u naar de toepassing van het agentschap, met behoud van uw identiteit en rechten. De link werkt één keer en binnen een minuut. Sommige bronnen vragen u om opnieuw aan te melden.'] },
        { vraag: 'Hoe sluit ik aan?', antwoord: [
            'Neem contact op met de helpdesk; u wordt dan begeleid. De contactgegevens staan onderaan.'] },
    ],
    csvInleiding: [
        'Een bestand heeft op de eerste lijn de namen van de kolommen, en daaronder één rij per dossier en per betrokkene. Begin van het sjabloon op de pagina Opladen.'],
    csv: [
        { vraag: 'Welk formaat?', antwoord: [[
            'Codering UTF-8 (met of zonder BOM) of Windows-1252.',
            'Scheidingsteken puntkomma, komma of tab; DOSIS herkent het.',
            'Een waarde met een scheidingsteken, aanhalingsteken of nieuwe regel staat tussen dubbele aanhalingstekens.',
            'Gecomprimeerd met gzip mag; een zip-bestand niet.',
            'Rijen van één dossier staan onder elkaar.']] },
        { vraag: 'Ik maak het bestand met Excel', antwoord: [[
            'Geef kolommen met nummers eerst het celtype Tekst, en vul ze daarna in: anders verdwijnen nullen vooraan (0123456749 wordt 123456749) en wordt een rijksregisternummer iets als 8,5E+10.',
            'Een bestaand CSV-bestand: open het met Gegevens, Uit tekst/CSV, en kies voor die kolommen Tekst. Met een dubbelklik gaan de nullen verloren.',
            'Sorteer op Bron en DossierNummer: rijen van één dossier moeten onder elkaar staan.',
            'Bewaar met Opslaan als, „CSV UTF-8 (door scheidingstekens gescheiden)”. Staat er al iets als 8,5E+10 in het bestand, dan zijn de cijfers weg: haal het opnieuw uit uw toepassing.']] },
        { vraag: 'Hoe schrijf ik datums, ja en nee, en rechten?', antwoord: [[
            'Datums als 2026-11-20 of 2026-11-20T11:16:50, in Belgische tijd.',
            'Ja en nee als true en false.',
            'Meer dan één toegangsrecht in een cel: met | ertussen.']] },
        { vraag: 'Een dossier heeft meer dan één betrokkene', antwoord: [
            'Schrijf dan één rij per betrokkene, onder elkaar. Rijen van hetzelfde dossier die niet bij elkaar staan, zijn elk een nieuwe levering: de laatste geldt.'] },
        { vraag: 'Wat gebeurt er met een foute rij?', antwoord: [
            'Die wordt geweigerd; de andere rijen worden verwerkt. U ziet per rij de lijn, de kolom en de reden, en kan de geweigerde rijen als CSV ophalen, verbeteren en opnieuw opladen.'] },
        { vraag: 'Wat is een proef?', antwoord: [
            'DOSIS leest dan het hele bestand en maakt hetzelfde verslag, maar bewaart niets van de rijen.'] },
        { vraag: 'Wat is een volledig bestand?', antwoord: [
            'Een bestand met álle dossiers van één bron op één moment, het peilmoment. DOSIS meldt dan welke dossiers ontbreken, en trekt ze in als u dat vraagt.',
            'Uit voorzorg wordt niets ingetrokken als één sleutel niet te lezen is, of als er te veel dossiers ontbreken.'] },
        { vraag: 'De verbinding viel weg. En nu?', antwoord: [
            'Tijdens het verzenden: verzend opnieuw; dezelfde oplading wordt nooit twee keer verwerkt. Daarna: DOSIS werkt verder, ook als u afmeldt. Kijk bij Mijn opladingen.'] },
    ],
    kolommen: {
        Bron: { verplicht: 'ja', tekst: 'De URI van de bron, bijvoorbeeld urn://agentschap/toepassing.' },
        DossierNummer: { verplicht: 'ja', tekst: 'Het nummer van het dossier, uniek binnen de bron.' },
        UploadId: { tekst: 'Een UUID voor deze levering; DOSIS maakt er zelf een.' },
        Naam: { verplicht: 'ja', tekst: 'De naam van het dossier, zoals een burger ze begrijpt.' },
        WijzigingsDatum: { verplicht: 'hulp.metStatus', tekst: 'Wanneer het dossier laatst wijzigde.' },
        TypeDossier: { tekst: 'DossierStatus (gewoonlijk), DossierVerwijzing of DossierCluster.' },
        StatusVlaamsFase: { verplicht: 'hulp.metStatus', tekst: 'Een fase, zie hieronder.' },
        StatusVlaamsCode: { verplicht: 'hulp.metStatus', tekst: 'Een code, zie hieronder.' },
        StatusDetail1: { tekst: 'De status in uw eigen woorden; zichtbaar.' },
        StatusDetail2: { tekst: 'Interne status; niet zichtbaar voor burger of onderneming.' },
        StatusEDRL: { tekst: 'Status volgens de Dienstenrichtlijn.' },
        StatusActieNodig: { tekst: 'true als er iets van de betrokkene verwacht wordt.' },
        StatusActie: { tekst: 'Wat er verwacht wordt.' },
        StatusActieVoor: { tekst: 'Tegen wanneer.' },
        StreefDatum: { tekst: 'Wanneer het dossier klaar zou moeten zijn.' },
        IsPubliek: { tekst: 'true als iedereen het mag zien.' },
        IsVertrouwelijk: { tekst: 'true als een sterkere aanmelding nodig is.' },
        Doorverwijzing: { tekst: 'Het https-adres van het dossier in uw toepassing.' },
        ProductId: { tekst: 'Het nummer van het product in IPDC.' },
        AgentIdentificatie: { verplicht: 'ja', tekst: 'Wie betrokken is: ondernemings-, vestigings- of rijksregisternummer, verenigingscode of OVO-code.' },
        Toegangsrechten: { tekst: 'Welke rechten toegang geven, met | ertussen.' },
        AgentRol: { tekst: 'De rol van de betrokkene, bijvoorbeeld Aanvrager.' },
        DossierBeheerderNaam: { tekst: 'Wie het dossier behandelt.' },
        DossierBeheerderDienst: { tekst: 'De dienst.' },
        DossierBeheerderTelefoon: { tekst: 'Telefoonnummer.' },
        DossierBeheerderEmail: { tekst: 'E-mailadres.' },
        DossierBeheerderWebsite: { tekst: 'Website.' },
    },
};
