import { formatText } from './music'
import type { Candidate, Format } from './types'

export const columns = ['country', 'year', 'label', 'catno', 'format', 'colour', 'runout', 'tracks'] as const
export type Column = (typeof columns)[number]

const listed = (values: string[]) => [...new Set(values.filter(Boolean))].join(', ')

/** The formats in words; the colour has a column of its own. */
function formatWords({ formats, colour }: Candidate): string {
    return formatText(formats.map((format): Format => ({ ...format, text: format.text === colour ? '' : format.text })))
}

/** A candidate's word in a column; empty where it is not known. */
export function cell(candidate: Candidate, column: Column): string {
    switch (column) {
        case 'country':
            return candidate.country ?? ''
        case 'year':
            return candidate.year === null ? '' : String(candidate.year)
        case 'label':
            return listed(candidate.labels.map((label) => label.name))
        case 'catno':
            return listed(candidate.labels.map((label) => label.catno))
        case 'format':
            return formatWords(candidate)
        case 'colour':
            return candidate.colour ?? ''
        case 'runout':
            return listed(candidate.runouts ?? [])
        case 'tracks':
            return candidate.tracks ? String(candidate.tracks) : ''
    }
}

export interface Comparison {
    /** The columns in which the candidates are not all the same. */
    differ: Column[]
    /** What they have in common, as words. */
    same: string[]
    /** Per candidate the words of the differing columns, and whether each stands out from what most of the others say. */
    rows: { candidate: Candidate; cells: { column: Column; text: string; apart: boolean }[] }[]
}

/** Candidates side by side: what differs, what does not, and who stands out. */
export function compare(candidates: readonly Candidate[]): Comparison {
    const differ: Column[] = []
    const same: string[] = []
    /** Per column how many say a word, and how many say the most said one. */
    const votes = new Map<Column, { counts: Map<string, number>; most: number }>()
    for (const column of columns) {
        const counts = new Map<string, number>()
        for (const candidate of candidates) {
            const text = cell(candidate, column)
            counts.set(text, (counts.get(text) ?? 0) + 1)
        }
        const [only] = counts.keys()
        if (counts.size > 1) differ.push(column)
        else if (only && column !== 'tracks') same.push(only)
        votes.set(column, { counts, most: Math.max(...counts.values()) })
    }
    const rows = candidates.map((candidate) => ({
        candidate,
        cells: differ.map((column) => {
            const text = cell(candidate, column)
            const { counts, most } = votes.get(column) ?? { counts: new Map<string, number>(), most: 0 }
            const own = counts.get(text) ?? 0
            return { column, text, apart: text !== '' && (own === 1 || own < most) }
        }),
    }))
    return { differ, same, rows }
}

export interface Album {
    key: string
    title: string
    artist: string
    candidates: Candidate[]
}

/** Candidates by album, the albums and their pressings in the order in which they came. */
export function byAlbum(candidates: readonly Candidate[]): Album[] {
    const albums = new Map<string, Album>()
    for (const candidate of candidates) {
        const key = candidate.master_id === null ? `${candidate.artist}\u0000${candidate.title}`.toLowerCase() : String(candidate.master_id)
        const album = albums.get(key)
        if (album) album.candidates.push(candidate)
        else albums.set(key, { key, title: candidate.title, artist: candidate.artist, candidates: [candidate] })
    }
    return [...albums.values()]
}

/** "UK · 1979 · NL 1011": a pressing in a few words. */
export function shortly(candidate: Candidate): string {
    return [candidate.country, candidate.year, candidate.labels[0]?.catno].filter(Boolean).join(' · ')
}
