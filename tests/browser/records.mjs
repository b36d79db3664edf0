// Made-up records: a small household's shelf, and a catalogue in the form of a Discogs releases dump.
const tracks = (letters, names) => names.map((title, index) => ({ position: `${letters[Math.floor((index * letters.length) / names.length)]}${(index % Math.ceil(names.length / letters.length)) + 1}`, title, duration: `${3 + (index % 4)}:${String((index * 17) % 60).padStart(2, '0')}` }))

const words = ['Signal Parade', 'Low Tide', 'Paper Lanterns', 'The Long Way Home', 'Salt', 'Morning Freight', 'Glass Harbour', 'Nine Lamps', 'After the Fair', 'Undertow']
const albums = [
    ['Velvet Harbour', 'Copper Winter', 1977, 'Northlight', 'NL 1007', 'UK'],
    ['Mina Okafor Quartet', 'Blue Hours at the Depot', 1961, 'Meridian', 'MLP 4012', 'US'],
    ['The Tin Orchard', 'Apples for the Crow', 1969, 'Harrow', 'HRW 33', 'UK'],
    ['Kraftfeld', 'Nachtbetrieb', 1979, 'Sonar', '2371 088', 'Germany'],
    ['Ana Lúcia Prado', 'Varanda', 1973, 'Continente', 'CLP 5190', 'Brazil'],
    ['Johnny Marlow', 'Gone by Suppertime', 1958, 'Crestline', 'CL-1042', 'US'],
    ['Les Ombres', 'Minuit moins dix', 1966, 'Disques Vega', 'VGA 226', 'France'],
    ['Tetsuo Hamada', 'Rain on Route 8', 1982, 'Polestar', 'PS-28', 'Japan'],
    ['Ruth Ashby', 'Letters I Never Sent', 1971, 'Harrow', 'HRW 61', 'UK'],
    ['Deep Pier', 'Fathoms', 1995, 'Kelp', 'KELP 012', 'UK'],
    ['Orquesta Malecón', 'Baila la Marea', 1974, 'Fania Azul', 'FA-441', 'Cuba'],
    ['Northern Exchange', 'Dialtone', 1981, 'Factory Lane', 'FACL 19', 'UK'],
    ['Sister Odette & The Lamplighters', 'Carry the Fire', 1967, 'Gospel Road', 'GR 7711', 'US'],
    ['Björn Åkesson', 'Midvinter', 1976, 'Silverlund', 'SLP-204', 'Sweden'],
    ['The Static Gardeners', 'Weeds', 1992, 'Loom', 'LOOM 7', 'US'],
    ['Moon Dust', 'Moon Dust', 1972, 'Vertex', 'VTX 6360', 'UK'],
    ['Hollis Drum', 'Cities Without Rivers', 2004, 'Loom', 'LOOM 88', 'Canada'],
    ['Clara Voss', 'Kammermusik für Zwei', 1963, 'Sonar', 'SLPM 138', 'Germany'],
    ['Idris Bello & The Lagos Engineers', 'Highlife Motorway', 1975, 'Afrodisc', 'DWAPS 22', 'Nigeria'],
    ['The Paper Kites Club', 'String Theory', 2011, 'Kelp', 'KELP 140', 'UK'],
    ['Wolfsong', 'Iron Meadow', 1984, 'Anvil', 'ANV 3', 'US'],
    ['Eleni Stavrou', 'Thalassa', 1978, 'Lyra', 'LYR 3301', 'Greece'],
    ['فرقة النخيل', 'ليالي الواحة', 1970, 'Nile Sound', 'NS 118', 'Egypt'],
    ['The Understudies', 'An Evening of Very Long Titles Performed in Full by the Original Cast and Some of Their Neighbours', 1986, 'Gramercy', 'GRM 2', 'US'],
]

export const shelf = albums.map(([artist, title, year, label, catno, country]) => ({
    release: { title, artist, year, country, labels: [{ name: label, catno }], tracklist: tracks(['A', 'B'], words) },
}))

/** EAN-13s of the catalogue: one pressing, four pressings under one code, and six that one question does not tell apart. */
export const lone = '4006381333931'
export const shared = '5012345678900'
export const many = '4009876543211'

const pressing = (id, title, artist, year, country, catno, text, barcode, runout = '') => `<release id="${id}" status="Accepted">
<artists><artist><id>${id}</id><name>${artist}</name></artist></artists><title>${title}</title>
<labels><label name="Northlight" catno="${catno}" id="9"/></labels>
<formats><format name="Vinyl" qty="1" text="${text}"><descriptions><description>LP</description><description>Album</description></descriptions></format></formats>
<genres><genre>Rock</genre></genres><styles><style>Art Rock</style></styles><country>${country}</country><released>${year}</released><master_id is_main_release="${id % 10 === 1}">77</master_id>
<tracklist>${tracks(['A', 'B'], words).map((track) => `<track><position>${track.position}</position><title>${track.title}</title><duration>${track.duration}</duration></track>`).join('')}</tracklist>
<identifiers>${barcode && `<identifier type="Barcode" value="${barcode}"/>`}${runout && `<identifier type="Matrix / Runout" value="${runout}"/>`}</identifiers></release>`

const of = (master, release) => release.replace('77</master_id>', `${master}</master_id>`)

export function dump() {
    return `<releases>
${of(78, pressing(101, 'Lanterns of March', 'Velvet Harbour', 1980, 'UK', 'NL 1020', '', lone))}
${pressing(201, 'Harbour Lights', 'Velvet Harbour', 1979, 'UK', 'NL 1011', '', shared)}
${pressing(202, 'Harbour Lights', 'Velvet Harbour', 1979, 'Germany', '6369 011', '', shared)}
${pressing(203, 'Harbour Lights', 'Velvet Harbour', 1980, 'US', 'NLA 1011', '', shared)}
${pressing(204, 'Harbour Lights', 'Velvet Harbour', 2019, 'Europe', 'NLR 42', 'Red', shared)}
${of(79, pressing(301, 'Paper Moons', 'The Static Gardeners', 1992, 'UK', 'LOOM 12', '', many, 'LOOM 12 A1'))}
${of(79, pressing(302, 'Paper Moons', 'The Static Gardeners', 1992, 'UK', 'LOOM 12', 'Green', many, 'LOOM 12 A2'))}
${of(79, pressing(303, 'Paper Moons', 'The Static Gardeners', 1992, 'Germany', 'LOOM 12', '', many, 'LOOM-12-A RE'))}
${of(79, pressing(304, 'Paper Moons', 'The Static Gardeners', 2014, 'Germany', 'LOOM 12', 'Clear', many, 'LOOM 12 A3'))}
${of(79, pressing(305, 'Paper Moons', 'The Static Gardeners', 2014, 'US', 'LOOM 12 RE', '', many, '81233-A'))}
${of(79, pressing(306, 'Paper Moons', 'The Static Gardeners', 2014, 'US', 'LOOM 12 RE', 'Orange marbled', many, '81233-B'))}
${of(80, pressing(401, '雨の国道八号線', '浜田哲夫', 1982, 'Japan', 'PS-28', '', ''))}
${of(81, pressing(402, 'ليالي الواحة', 'فرقة النخيل', 1970, 'Egypt', 'NS 118', '', ''))}
${of(82, pressing(403, 'Weeds', 'The Static Gardeners', 1991, 'US', 'LOOM 7', '', ''))}
</releases>
`
}
