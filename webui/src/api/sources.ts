const names: Record<string, string> = { discogs: 'Discogs', musicbrainz: 'MusicBrainz', coverart: 'Cover Art Archive' }

/** An online source's own name. */
export function sourceName(source: string): string {
    return names[source] ?? source
}
