import type { Copy, Format, NowPlaying, Release, Track } from './types'

export interface SideTrack {
    position: string
    title: string
    /** Seconds; null where nobody printed it. */
    seconds: number | null
}
export interface Side {
    name: string
    tracks: SideTrack[]
    /** Seconds, where all tracks say theirs. */
    seconds: number | null
}

/** "4:45" or "1:02:03" as seconds. */
export function seconds(text: string | null | undefined): number | null {
    if (!text || !/^\d+(:\d{1,2}){1,2}$/.test(text)) return null
    return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}

/** Seconds as "4:45". */
export function clock(value: number): string {
    const whole = Math.max(0, Math.floor(value))
    const minutes = Math.floor(whole / 60)
    const text = `${minutes}:${String(whole % 60).padStart(2, '0')}`
    return minutes < 60 ? text : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`
}

function sideOf(position: string): string {
    return /^(\d+)-/.exec(position)?.[1] ?? /^([A-Za-z]+)/.exec(position)?.[1]?.toUpperCase() ?? '1'
}

/** The tracklist by sides, headings left out. */
export function sides(tracklist: readonly Track[]): Side[] {
    const found = new Map<string, SideTrack[]>()
    for (const track of tracklist) {
        if (track.position === '') continue
        const name = sideOf(track.position)
        const list = found.get(name) ?? []
        list.push({ position: track.position, title: track.title, seconds: seconds(track.duration) })
        found.set(name, list)
    }
    return [...found].map(([name, tracks]) => ({
        name,
        tracks,
        seconds: tracks.every((track) => track.seconds !== null) ? tracks.reduce((sum, track) => sum + (track.seconds ?? 0), 0) : null,
    }))
}

const guessedTrack = 240

/** How long each track of a side is taken to be: printed, else the mean of the printed ones, else four minutes. */
export function lengths(side: Side): number[] {
    const printed = side.tracks.map((track) => track.seconds).filter((each) => each !== null)
    const mean = printed.length > 0 ? printed.reduce((sum, each) => sum + each, 0) / printed.length : guessedTrack
    return side.tracks.map((track) => track.seconds ?? mean)
}

/** Seconds into the track at a moment; what a reader of the now-playing document computes. */
export function positionAt(now: NowPlaying, ms: number): number {
    if (now.position_s === null) return 0
    const since = now.state === 'playing' && now.position_at !== null ? (ms - Date.parse(now.position_at)) / 1000 : 0
    const position = now.position_s + Math.max(0, since) * now.rate
    return now.duration_s === null ? position : Math.min(position, now.duration_s)
}

/** How much of the side is behind the needle, 0 to 1. */
export function sideShare(side: Side | undefined, now: NowPlaying, ms: number): number {
    if (now.state === 'run_out') return 1
    if (!side || now.track_no === null) return 0
    const all = lengths(side)
    const total = all.reduce((sum, each) => sum + each, 0)
    const before = all.slice(0, now.track_no - 1).reduce((sum, each) => sum + each, 0)
    return total === 0 ? 0 : Math.min(1, (before + Math.min(positionAt(now, ms), all[now.track_no - 1] ?? 0)) / total)
}

/** "LP, Album, Reissue" */
export function formatText(formats: readonly Format[]): string {
    return formats
        .map((format) => [format.quantity > 1 ? `${format.quantity}×` : '', [format.name, ...format.descriptions, format.text].filter(Boolean).join(', ')].join(''))
        .join(' + ')
}

export function catno(release: Pick<Release | Copy, 'labels'>): string {
    return release.labels[0]?.catno ?? ''
}
