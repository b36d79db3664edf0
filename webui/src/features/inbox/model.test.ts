import { describe, expect, it } from 'vitest'
import type { Candidate } from '../../api/types'
import { differences, recognise } from './model'

function pressing(country: string, year: number): Candidate {
    return { country, year, labels: [{ name: 'Harvest', catno: 'SHVL 804' }], formats: [] } as unknown as Candidate
}

describe('differences', () => {
    it('keeps the columns that tell pressings apart and names the rest once', () =>
        expect(differences([pressing('UK', 1973), pressing('DE', 1973)])).toEqual({ differ: ['country'], same: ['1973', 'Harvest', 'SHVL 804'] }))
    it('finds none in one', () => expect(differences([pressing('UK', 1973)]).differ).toEqual([]))
})

describe('what was typed', () => {
    it.each([
        ['0 75992 73131 2', 'barcode'],
        ['SHVL 804', 'catno'],
        ['SD-8216', 'catno'],
        ['pink floyd dark side', 'text'],
    ])('%s is %s', (typed, asked) => expect(recognise(typed)).toBe(asked))
})
