import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { act, cleanup, configure, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makeQueryClient } from '../api/queryClient'
import { queries } from '../api/queries'
import { loadWords } from './i18n'
import { makeRouter } from './router'

const candidate = { release_id: 7, master_id: null, title: 'Moon Dust', artist: 'Åkesson', year: 1972, country: 'UK', labels: [], formats: [], colour: null }
const online = { ...candidate, release_id: 8, title: 'Sun Dust' }
const copy = { id: 'c_1', version: 1, pressing_open: false, owner: null, location: null, notes: '', plays: 0, cover_url: null, deleted_at: null, added_at: '2026-01-01T00:00:00Z', last_played_at: null, label: null, ...candidate }
const item = (id: string) => ({ id, kind: 'unknown', code: id, source: 'hall', at: '2026-01-01T00:00:00Z', copy_id: null, candidates: [], question: null, settled: false, attributions: [] })
const page = (...items: unknown[]) => ({ items, next: null, total: items.length })
const attribution = { source: 'discogs', url: 'https://www.discogs.com', notice: '', notice_url: '', fetched_at: '2026-01-01T00:00:00Z' }

/** What the box answers to questions, by how their address begins. */
const answers: [string, unknown][] = [
    ['/session', { name: 'Anna', permissions: ['play', 'collection_edit', 'inbox_resolve'] }],
    ['/decks/main/now-playing', { album: null, state: 'idle', seq: 1 }],
    ['/decks', page({ id: 'main', name: 'Living room' })],
    ['/copies/c_1', copy],
    ['/copies', page()],
    ['/releases', { tracklist: [{ position: 'A1', title: 'Dust', duration: '3:00' }], identifiers: [], genres: [], styles: [] }],
    ['/catalogue/search', { read_as: 'text', also: [], releases: [candidate] }],
    ['/sources/search', { found: [{ release: online, mbid: null, attribution }], silent: [] }],
    ['/inbox/i_1', item('i_1')],
    ['/inbox/i_2', item('i_2')],
    ['/inbox?', page()],
]
/** To what is pressed. */
const replies: Record<string, unknown> = {
    'POST /decks/main/play': { state: 'playing', album: null, seq: 9 },
    'POST /copies': copy,
    'POST /inbox/i_1/resolve': { ...item('i_1'), settled: true },
    'POST /sources/releases': { release_id: 8 },
}

/** Whatever is pressed is answered once it is called. */
let reply: () => void
let pressed: string[]
/** When the box says who is signed in. */
let session: Promise<void>

// The first to open a page waits until it is compiled.
vi.setConfig({ testTimeout: 60_000 })
configure({ asyncUtilTimeout: 20_000 })

beforeEach(async () => {
    pressed = []
    session = Promise.resolve()
    await loadWords('en')
    const held = new Promise<void>((resolve) => {
        reply = resolve
    })
    vi.stubGlobal('ResizeObserver', class {
        observe() {}
        disconnect() {}
    })
    vi.stubGlobal('scrollTo', () => undefined)
    vi.stubGlobal('fetch', async (address: string, { method = 'GET' }: RequestInit) => {
        const path = address.replace('/api/v1', '')
        if (path === '/events') return new Promise(() => undefined)
        if (path === '/session') await session
        if (method === 'GET') {
            const found = answers.find(([start]) => path.startsWith(start))
            return found ? new Response(JSON.stringify(found[1])) : new Response('{}', { status: 404 })
        }
        const asked = `${method} ${path}`
        pressed.push(asked)
        await held
        return asked.startsWith('DELETE') ? new Response(null, { status: 204 }) : new Response(JSON.stringify(replies[asked]))
    })
})
afterEach(() => {
    cleanup()
    vi.unstubAllGlobals()
})

function open(path: string) {
    history.replaceState(null, '', path)
    const client = makeQueryClient()
    const router = makeRouter(client)
    render(
        <I18nProvider i18n={i18n}>
            <QueryClientProvider client={client}>
                <RouterProvider router={router} />
            </QueryClientProvider>
        </I18nProvider>,
    )
    return { client, router }
}
const tap = async (button: string | RegExp) => userEvent.click((await screen.findAllByRole('button', { name: button }))[0]!)
const choose = async (pressing: RegExp) => userEvent.click(await screen.findByRole('radio', { name: pressing }))
const address = () => location.pathname + location.search

interface Press {
    what: string
    /** The page it is on. */
    on: string
    press: () => Promise<void>
    /** The box. */
    asks: string
    /** To the page at this address. */
    leads: string
    /** The query that the reply fills. */
    keeps: readonly unknown[] | null
}
const presses: Press[] = [
    { what: 'Play on a record', on: '/record/c_1', press: () => tap('Play side A'), asks: 'POST /decks/main/play', leads: '/now', keeps: ['now', 'main'] },
    { what: 'Remove', on: '/record/c_1', press: () => tap('Remove'), asks: 'DELETE /copies/c_1', leads: '/', keeps: null },
    {
        what: 'Add to the shelf',
        on: '/identify?q=moon',
        press: async () => {
            await choose(/Moon Dust/)
            await tap('Add to the shelf')
        },
        asks: 'POST /copies',
        leads: '/record/c_1',
        keeps: ['copy', 'c_1'],
    },
    {
        what: 'Play of what was found',
        on: '/identify?q=moon',
        press: async () => {
            await choose(/Moon Dust/)
            await tap('Play')
        },
        asks: 'POST /decks/main/play',
        leads: '/now',
        keeps: ['now', 'main'],
    },
    {
        what: 'This is it',
        on: '/identify?inbox=i_1&q=moon',
        press: async () => {
            await choose(/Moon Dust/)
            await tap('This is it')
        },
        asks: 'POST /inbox/i_1/resolve',
        leads: '/inbox?item=i_1',
        keeps: queries.inboxItem('i_1').queryKey,
    },
    {
        what: 'Put it on the shelf',
        on: '/identify?q=moon',
        press: async () => {
            await userEvent.type(await screen.findByLabelText('Title'), 'Moon Dust')
            await userEvent.type(screen.getByLabelText('Artist'), 'Åkesson')
            await tap('Put it on the shelf')
        },
        asks: 'POST /copies',
        leads: '/record/c_1',
        keeps: ['copy', 'c_1'],
    },
]

it.each(presses)('$what leads on when the box has answered', async ({ on, press, asks, leads }) => {
    open(on)
    await press()
    expect([pressed, address()]).toEqual([[asks], on])
    reply()
    await waitFor(() => expect(address()).toBe(leads))
})

/** The reply comes, and all that follows from it at once. */
const replied = (client: QueryClient) =>
    act(async () => {
        reply()
        await vi.waitFor(() => expect(client.isMutating()).toBe(0))
    })

it.each(presses)('$what does not lead away from the next page, which knows the reply', async ({ on, press, asks, keeps }) => {
    const { client, router } = open(on)
    await press()
    expect(pressed).toEqual([asks])
    await act(() => router.navigate({ to: '/identify', search: { inbox: 'i_2' } }))
    const filled = () => (keeps && client.getQueryState(keeps)?.dataUpdateCount) ?? 0
    const before = filled()
    await replied(client)
    await screen.findByText('i_2')
    expect(address()).toBe('/identify?inbox=i_2')
    expect(filled()).toBe(keeps ? before + 1 : 0)
})

it.each(presses)('$what does not lead away from the way to a page that is still being fetched', async ({ on, press }) => {
    const { client, router } = open(on)
    await press()
    client.removeQueries(queries.session) // asked for again on the way
    let arrive!: () => void
    session = new Promise((resolve) => {
        arrive = resolve
    })
    const onTheWay = router.navigate({ to: '/identify', search: { inbox: 'i_2' } })
    await replied(client)
    expect(router.state.status).toBe('pending')
    arrive()
    await act(() => onTheWay)
    await screen.findByText('i_2')
    expect(address()).toBe('/identify?inbox=i_2')
})

/** A hit of the online sources is tapped; the box is asked to take it over. */
async function takeOnline() {
    open('/identify?q=sun')
    await tap('Ask Discogs and MusicBrainz')
    await choose(/Sun Dust/)
    expect(pressed).toEqual(['POST /sources/releases'])
}
const chosen = () => screen.queryByRole('region', { name: 'The chosen pressing' })

it('a hit of an online source is chosen when the box has taken it over', async () => {
    await takeOnline()
    reply()
    await waitFor(() => expect(chosen()?.textContent).toContain('Sun Dust'))
})

it('a hit of an online source is not chosen for other words', async () => {
    await takeOnline()
    await userEvent.type(screen.getByRole('searchbox'), ' king')
    await act(async () => reply())
    await screen.findByRole('button', { name: 'Ask Discogs and MusicBrainz' })
    expect(chosen()).toBeNull()
})
