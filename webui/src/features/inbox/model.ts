import { formatText } from '../../api/music'
import type { Candidate } from '../../api/types'

export const columns = ['country', 'year', 'label', 'catno', 'format'] as const
export type Column = (typeof columns)[number]

export function cell(candidate: Candidate, column: Column): string {
    switch (column) {
        case 'country':
            return candidate.country ?? ''
        case 'year':
            return candidate.year === null ? '' : String(candidate.year)
        case 'label':
            return [...new Set(candidate.labels.map((label) => label.name))].join(', ')
        case 'catno':
            return [...new Set(candidate.labels.map((label) => label.catno))].join(', ')
        case 'format':
            return formatText(candidate.formats)
    }
}

/** Where the candidates differ, and what they all have in common. */
export function differences(candidates: readonly Candidate[]): { differ: Column[]; same: string[] } {
    const differ: Column[] = []
    const same: string[] = []
    for (const column of columns) {
        const values = new Set(candidates.map((candidate) => cell(candidate, column)))
        const [only = ''] = values
        if (values.size > 1) differ.push(column)
        else if (only !== '') same.push(only)
    }
    return { differ, same }
}

export type Asked = 'barcode' | 'catno' | 'text'

/** What somebody typed: digits of a barcode, a catalogue number, or words. */
export function recognise(typed: string): Asked {
    const text = typed.trim()
    if (/^\d[\d\s-]{6,16}\d$/.test(text) && text.replace(/\D/g, '').length >= 8) return 'barcode'
    return /\d/.test(text) && /^[A-Za-z]{0,6}[\s.-]?[\dA-Za-z.\s/-]{2,14}$/.test(text) && text.split(/\s+/).length <= 3 ? 'catno' : 'text'
}
