/** A small stable hash of text (FNV-1a), so that a record without a picture always gets the same drawn sleeve. */
export function hash(text: string): number {
    let value = 0x811c9dc5
    for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
    return value >>> 0
}

export interface Inks {
    paper: string
    type: string
    one: string
    two: string
}

// Printed-ink palettes; `type` reads on `paper` at 4.5:1 or better.
const palettes: Inks[] = [
    { paper: '#efe2c8', type: '#221a12', one: '#b8432a', two: '#221a12' },
    { paper: '#1f4a4d', type: '#f4e7cd', one: '#e2894a', two: '#f4e7cd' },
    { paper: '#d9a23c', type: '#241a0e', one: '#241a0e', two: '#f5ead5' },
    { paper: '#22304c', type: '#f2e6d0', one: '#e4694c', two: '#8fb0bd' },
    { paper: '#9a3a22', type: '#fbeeda', one: '#f0c265', two: '#2a140d' },
    { paper: '#191512', type: '#f2e7d5', one: '#d8a343', two: '#a5402a' },
    { paper: '#e2b8a2', type: '#4a1623', one: '#7a2436', two: '#f7ecdd' },
    { paper: '#aab899', type: '#1c3a2a', one: '#1c4a36', two: '#f1e9d3' },
    { paper: '#a4bdc6', type: '#182a44', one: '#1f3a63', two: '#f3ebda' },
    { paper: '#4f5a2f', type: '#f5edd6', one: '#d9b34a', two: '#1e2312' },
    { paper: '#f2ead9', type: '#1f2d52', one: '#2b4a8a', two: '#d3542f' },
    { paper: '#5a2440', type: '#f6e6da', one: '#e79a6f', two: '#1e0d18' },
]

export interface SleeveArt {
    inks: Inks
    motif: number
    turn: number
    seed: number
    /** Where the words stand. */
    words: 'top' | 'bottom'
    upper: boolean
}

export const motifs = 10

export function sleeveArt(title: string, artist: string): SleeveArt {
    const seed = hash(`${artist}\u0000${title}`)
    return {
        inks: palettes[seed % palettes.length] as Inks,
        motif: (seed >>> 5) % motifs,
        turn: (seed >>> 9) % 4,
        seed,
        words: (seed >>> 12) % 2 ? 'top' : 'bottom',
        upper: (seed >>> 14) % 3 === 0,
    }
}
