import type { Copy } from '../../api/types'

export type Sort = 'artist' | 'title' | 'added' | 'year'

/** Lower case, without accents and marks: "Björk" and "bjork" are the same word. */
export function fold(text: string): string {
    return text
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/ß/g, 'ss')
        .replace(/ø/g, 'o')
        .replace(/æ/g, 'ae')
        .replace(/['’.,&!?()-]/g, ' ')
}

/** What a record stands under on the shelf: articles do not count. */
export function shelfKey(text: string): string {
    return fold(text).trim().replace(/^(the|a|an|die|der|das|les|le|la|el|los)\s+/, '')
}

const keys = new WeakMap<Copy, string>()

function haystack(copy: Copy): string {
    let text = keys.get(copy)
    if (text === undefined) {
        const labels = copy.labels.map((label) => `${label.name} ${label.catno} ${label.catno.replace(/[\s-]/g, '')}`).join(' ')
        text = fold(` ${copy.artist} ${copy.title} ${labels} ${copy.year ?? ''} ${copy.country ?? ''} ${copy.location?.path ?? ''} ${copy.owner?.name ?? ''}`)
        keys.set(copy, text)
    }
    return text
}

/** The copies in which every word begins a word, in any order. */
export function search(copies: readonly Copy[], query: string): Copy[] {
    const words = fold(query).split(/\s+/).filter(Boolean)
    const found = copies.filter((copy) => words.every((word) => haystack(copy).includes(` ${word}`)))
    return found.length > 0 || words.length === 0 ? found : copies.filter((copy) => words.every((word) => haystack(copy).includes(word)))
}

export function sorted(copies: readonly Copy[], by: Sort, locale: string): Copy[] {
    const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' })
    if (by === 'added') return copies.toSorted((a, b) => b.added_at.localeCompare(a.added_at))
    const keyed = copies.map((copy) => ({ copy, artist: shelfKey(copy.artist), title: shelfKey(copy.title), year: copy.year ?? 9999 }))
    keyed.sort(
        (a, b) =>
            (by === 'title' ? collator.compare(a.title, b.title) : 0) ||
            (by === 'year' ? a.year - b.year : 0) ||
            collator.compare(a.artist, b.artist) ||
            a.year - b.year ||
            collator.compare(a.title, b.title),
    )
    return keyed.map((each) => each.copy)
}

export const smallestCell = { s: 96, m: 148, l: 220 }

export interface Layout {
    columns: number
    cell: number
    rowHeight: number
    gap: number
}

/** How the grid lies in a width: as many columns as fit, all rows of one height. */
export function layout(width: number, density: 's' | 'm' | 'l', caption: number): Layout {
    const gap = width < 400 ? 12 : 20
    const columns = Math.max(2, Math.floor((width + gap) / (smallestCell[density] + gap)))
    const cell = Math.max(0, (width - gap * (columns - 1)) / columns)
    return { columns, cell, gap, rowHeight: cell + caption + gap }
}
