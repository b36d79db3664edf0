import type { QueryClient } from '@tanstack/react-query'
import { api } from '../api/client'
import type { Collection } from '../api/queries'
import type { Copy, NowPlaying, ScanResult } from '../api/types'

export type Happening = { kind: 'scan'; scan: ScanResult } | { kind: 'deck'; deck: string; type: string }

/** The collection with one copy put in, replaced or taken out. */
export function withCopy(collection: Collection, copy: Copy): Collection {
    const at = collection.copies.findIndex((each) => each.id === copy.id)
    const gone = copy.deleted_at !== null
    if (at < 0) return gone ? collection : { copies: [...collection.copies, copy], total: collection.total + 1 }
    const copies = collection.copies.slice()
    if (gone) copies.splice(at, 1)
    else copies[at] = copy
    return { copies, total: gone ? collection.total - 1 : collection.total }
}

export function withoutCopy(collection: Collection, id: string): Collection {
    const copies = collection.copies.filter((each) => each.id !== id)
    return copies.length === collection.copies.length ? collection : { copies, total: collection.total - 1 }
}

/** Puts a copy as the box tells it into everything that shows it. */
export function keepCopy(client: QueryClient, copy: Copy) {
    client.setQueryData(['copy', copy.id], copy)
    client.setQueryData<Collection>(['collection'], (old) => old && withCopy(old, copy))
}

async function refreshCopy(client: QueryClient, id: string) {
    try {
        keepCopy(client, await api<Copy>(`/copies/${id}`))
    } catch {
        client.setQueryData<Collection>(['collection'], (old) => old && withoutCopy(old, id))
    }
}

interface Envelope {
    event_type: string
    deck?: string
    data: { copy_id?: string | null; inbox_id?: string | null }
}

/** Brings what the page holds up to date with one event. What people may want to hear of is told first: it waits for no answer of the box. */
export function patchCache(client: QueryClient, name: string, text: string, tell: (happening: Happening) => void) {
    const data: unknown = JSON.parse(text)
    switch (name) {
        case 'now_playing': {
            const document = data as NowPlaying & { deck: string }
            client.setQueryData<NowPlaying>(['now', document.deck], (old) => (old && old.seq > document.seq ? old : document))
            break
        }
        case 'scan_result': {
            const scan = data as ScanResult
            tell({ kind: 'scan', scan })
            void client.invalidateQueries({ queryKey: ['scans'] })
            if (scan.inbox_id !== undefined || scan.outcome === 'control') void client.invalidateQueries({ queryKey: ['inbox'] })
            if (scan.copy_id !== undefined) void refreshCopy(client, scan.copy_id)
            break
        }
        case 'collection': {
            const { copy_id, inbox_id } = (data as Envelope).data
            if (inbox_id) void client.invalidateQueries({ queryKey: ['inbox-item', inbox_id] })
            if (copy_id) void refreshCopy(client, copy_id)
            void client.invalidateQueries({ queryKey: ['inbox'] })
            break
        }
        case 'deck': {
            const event = data as Envelope
            tell({ kind: 'deck', deck: event.deck ?? '', type: event.event_type })
            if (event.data.copy_id && event.event_type === 'played') void refreshCopy(client, event.data.copy_id)
            break
        }
        case 'reset':
            void client.invalidateQueries()
    }
}
