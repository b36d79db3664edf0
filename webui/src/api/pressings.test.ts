import { describe, expect, it } from 'vitest'
import { byAlbum, compare } from './pressings'
import type { Candidate } from './types'

function pressing(release_id: number, country: string, year: number, more: Partial<Candidate> = {}): Candidate {
    return { release_id, master_id: 7, title: 'Meddle', artist: 'Pink Floyd', country, year, labels: [{ name: 'Harvest', catno: 'SHVL 795' }], formats: [], colour: null, ...more } as unknown as Candidate
}

const coloured = (id: number, colour: string | null, runouts: string[], tracks: number) =>
    pressing(id, 'UK', 1971, { colour, runouts, tracks, formats: [{ name: 'Vinyl', quantity: 1, text: colour ?? '', descriptions: ['LP'] }] })

describe('pressings side by side', () => {
    it('keep the columns that tell them apart and name the rest once', () => {
        const { differ, same } = compare([pressing(1, 'UK', 1971), pressing(2, 'DE', 1971)])
        expect(differ).toEqual(['country'])
        expect(same).toEqual(['1971', 'Harvest', 'SHVL 795'])
    })
    it('mark who stands out from the most', () => {
        const { rows } = compare([pressing(1, 'UK', 1971), pressing(2, 'UK', 1971), pressing(3, 'UK', 2016)])
        expect(rows.map((row) => row.cells)).toEqual([
            [{ column: 'year', text: '1971', apart: false }],
            [{ column: 'year', text: '1971', apart: false }],
            [{ column: 'year', text: '2016', apart: true }],
        ])
    })
    it('mark all when no two agree, and never what is not known', () => {
        const { rows } = compare([pressing(1, 'UK', 1971), pressing(2, 'DE', 1971), pressing(3, '', 1971)])
        expect(rows.map((row) => row.cells[0]?.apart)).toEqual([true, true, false])
    })
    it('tell apart by colour, runout and tracks', () => {
        const { differ, same, rows } = compare([coloured(1, null, ['SHVL 795 A-1'], 6), coloured(2, 'Red', ['SHVL 795 A-2G'], 7)])
        expect(differ).toEqual(['colour', 'runout', 'tracks'])
        expect(same).toContain('Vinyl, LP')
        expect(rows[1]?.cells.map((each) => each.text)).toEqual(['Red', 'SHVL 795 A-2G', '7'])
    })
    it('mark nobody where the house is split in halves', () => {
        const { rows } = compare([pressing(1, 'UK', 1971), pressing(2, 'UK', 1971), pressing(3, 'DE', 1971), pressing(4, 'DE', 1971)])
        expect(rows.every((row) => !row.cells[0]?.apart)).toBe(true)
    })
    it('find no difference in one', () => expect(compare([pressing(1, 'UK', 1971)]).differ).toEqual([]))
})

describe('albums', () => {
    it('gather their pressings, the best first', () => {
        const albums = byAlbum([pressing(1, 'UK', 1971), pressing(9, 'UK', 1973, { master_id: null, title: 'Bananamour' }), pressing(2, 'DE', 1971)])
        expect(albums.map((album) => [album.title, album.candidates.length])).toEqual([
            ['Meddle', 2],
            ['Bananamour', 1],
        ])
    })
})
