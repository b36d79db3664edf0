import type { Attribution, OnlineFind } from '../../api/types'

export const kinds = ['barcode', 'catno', 'runout', 'text'] as const
export type Kind = (typeof kinds)[number]

/** The question to the catalogue: as one kind where somebody said so, else the box finds out what was typed. */
export function askFor(words: string, kind: Kind | undefined): string {
    return `/catalogue/search?${kind ?? 'q'}=${encodeURIComponent(words)}&limit=40`
}

/** The same question to the online sources. */
export function askOnline(words: string, kind: Kind | undefined): string {
    return `/sources/search?q=${encodeURIComponent(words)}${kind ? `&read_as=${kind}` : ''}`
}

/** What tells one hit from all others. */
export const nameOf = ({ release, mbid, attribution }: OnlineFind): string => `${attribution.source} ${release.release_id || mbid}`

/** One attribution a source, for its notice. */
export function oneOfEach(found: readonly OnlineFind[]): Attribution[] {
    return [...new Map(found.map(({ attribution }) => [attribution.source, attribution])).values()]
}

/** A scan's code as a barcode that a release written down by hand can carry; null where it is none. */
export function barcodeOf(code: string): string | null {
    const digits = code.replace(/[\s-]/g, '')
    return /^(\d{8}|\d{12,14})$/.test(digits) ? digits : null
}
