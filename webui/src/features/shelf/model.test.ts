import { describe, expect, it } from 'vitest'
import type { Copy } from '../../api/types'
import { fold, layout, search, shelfKey, sorted } from './model'

function copy(artist: string, title: string, year: number | null = null, catno = ''): Copy {
    return { artist, title, year, labels: [{ name: 'Label', catno }], added_at: '', location: null, owner: null, country: null } as unknown as Copy
}
const shelf = [copy('The Beatles', 'Revolver', 1966), copy('Björk', 'Post', 1995, 'TPLP 51'), copy('Aphex Twin', 'Drukqs', 2001)]

describe('search', () => {
    it('forgives accents', () => expect(search(shelf, 'bjork').map((each) => each.title)).toEqual(['Post']))
    it('forgives word order', () => expect(search(shelf, 'post björk')).toHaveLength(1))
    it('finds a catalogue number written together', () => expect(search(shelf, 'tplp51')).toHaveLength(1))
    it('finds the middle of a word where no beginning fits', () => expect(search(shelf, 'olver')).toHaveLength(1))
    it('finds nothing for another word', () => expect(search(shelf, 'zappa')).toEqual([]))
    it('finds all without words', () => expect(search(shelf, ' ')).toHaveLength(3))
})

describe('order', () => {
    it('does not count articles', () => expect(shelfKey('The Beatles')).toBe('beatles'))
    it('goes by artist', () => expect(sorted(shelf, 'artist', 'en').map((each) => each.artist)).toEqual(['Aphex Twin', 'The Beatles', 'Björk']))
    it('goes by year', () => expect(sorted(shelf, 'year', 'en').map((each) => each.year)).toEqual([1966, 1995, 2001]))
    it('folds', () => expect(fold('Motörhead & Straße')).toBe('motorhead   strasse'))
})

describe('layout', () => {
    it('has two columns on the smallest phone', () => expect(layout(288, 'm', 48).columns).toBe(2))
    it('fills the width', () => {
        const { columns, cell, gap } = layout(1200, 'm', 48)
        expect(columns * cell + (columns - 1) * gap).toBeCloseTo(1200)
    })
})
