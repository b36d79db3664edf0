import { queryOptions, type QueryClient } from '@tanstack/react-query'
import { api, ApiError } from './client'
import type { CatalogueInfo, Copy, Deck, Device, InboxItem, Job, Location, NowPlaying, Page, Person, Release, Scan, Session, Source, Token } from './types'

const pageSize = 500
const mostCopies = 100_000

export interface Collection {
    copies: Copy[]
    total: number
}

/** All copies, page by page; what has arrived is shown while the rest is on its way. */
async function fetchCollection(client: QueryClient, signal: AbortSignal): Promise<Collection> {
    const copies: Copy[] = []
    let cursor: string | null = ''
    let total = 0
    while (cursor !== null && copies.length < mostCopies) {
        const page: Page<Copy> = await api(`/copies?sort=artist&limit=${pageSize}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`, { signal })
        copies.push(...page.items)
        cursor = page.next
        total = page.total
        if (cursor !== null && client.getQueryData<Collection>(['collection']) === undefined) {
            client.setQueryData<Collection>(['collection', 'so-far'], { copies: copies.slice(), total })
        }
    }
    return { copies, total }
}

export const queries = {
    setup: queryOptions({ queryKey: ['setup'], queryFn: () => api<{ open: boolean }>('/setup') }),
    session: queryOptions({
        queryKey: ['session'],
        staleTime: 60_000,
        queryFn: async () => {
            try {
                return await api<Session>('/session')
            } catch (error) {
                if (error instanceof ApiError && error.status === 401) return null
                throw error
            }
        },
    }),
    collection: queryOptions({
        queryKey: ['collection'],
        staleTime: Infinity,
        queryFn: ({ client, signal }) => fetchCollection(client, signal),
    }),
    copy: (id: string) => queryOptions({ queryKey: ['copy', id], queryFn: () => api<Copy>(`/copies/${id}`) }),
    release: (id: number) => queryOptions({ queryKey: ['release', id], staleTime: 300_000, queryFn: () => api<Release>(`/releases/${id}`) }),
    decks: queryOptions({ queryKey: ['decks'], staleTime: 300_000, queryFn: () => api<Page<Deck>>('/decks') }),
    nowPlaying: (deck: string) =>
        queryOptions({ queryKey: ['now', deck], staleTime: 300_000, queryFn: () => api<NowPlaying>(`/decks/${deck}/now-playing`) }),
    inbox: queryOptions({ queryKey: ['inbox'], staleTime: 60_000, queryFn: () => api<Page<InboxItem>>('/inbox?limit=200') }),
    inboxItem: (id: string) => queryOptions({ queryKey: ['inbox-item', id], queryFn: () => api<InboxItem>(`/inbox/${id}`) }),
    devices: queryOptions({ queryKey: ['devices'], refetchInterval: 5000, queryFn: () => api<Page<Device>>('/devices?limit=100') }),
    scans: queryOptions({ queryKey: ['scans'], staleTime: 30_000, queryFn: () => api<Page<Scan>>('/scans?limit=30') }),
    locations: queryOptions({ queryKey: ['locations'], staleTime: 60_000, queryFn: () => api<Page<Location>>('/locations?limit=500') }),
    users: queryOptions({ queryKey: ['users'], staleTime: 60_000, queryFn: () => api<Page<Person>>('/users?limit=200') }),
    catalogue: queryOptions({ queryKey: ['catalogue-info'], staleTime: 30_000, queryFn: () => api<CatalogueInfo>('/catalogue') }),
    jobs: queryOptions({ queryKey: ['jobs'], queryFn: () => api<Page<Job>>('/jobs?limit=20') }),
    sources: queryOptions({ queryKey: ['sources'], refetchInterval: 30_000, queryFn: () => api<Page<Source>>('/sources') }),
    tokens: queryOptions({ queryKey: ['tokens'], staleTime: 60_000, queryFn: () => api<Page<Token>>('/tokens?limit=200') }),
}
