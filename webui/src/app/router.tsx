import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { queries } from '../api/queries'
import { ErrorPage, NotFound } from './ErrorPage'
import { loadOtherWords } from './i18n'
import { Shell } from './Shell'

interface Context {
    client: QueryClient
}
interface InboxSearch {
    /** The item whose question is open. */
    item?: string | undefined
}
interface IdentifySearch {
    q?: string | undefined
    kind?: 'barcode' | 'catno' | 'runout' | 'text' | undefined
    /** The inbox item that this is for. */
    inbox?: string | undefined
}
export interface ShelfSearch {
    q?: string | undefined
    sort?: 'title' | 'added' | 'year' | undefined
}

/** A page of its own, with the words it needs. */
function page<T extends Record<string, unknown>, K extends keyof T & string>(load: () => Promise<T>, name: K) {
    return lazyRouteComponent(async () => (await Promise.all([load(), loadOtherWords()]))[0], name)
}

const root = createRootRouteWithContext<Context>()({ notFoundComponent: NotFound, errorComponent: ErrorPage })

async function whoIsIt({ context }: { context: Context }) {
    if (await context.client.ensureQueryData(queries.session)) return
    const { open } = await context.client.fetchQuery(queries.setup)
    throw redirect({ to: open ? '/setup' : '/signin' })
}

const house = createRoute({ getParentRoute: () => root, id: 'house', component: Shell, beforeLoad: whoIsIt })
const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: page(() => import('../features/signin/SetupPage'), 'SetupPage') })
const signin = createRoute({ getParentRoute: () => root, path: '/signin', component: page(() => import('../features/signin/SignInPage'), 'SignInPage') })
const kiosk = createRoute({
    getParentRoute: () => root,
    path: '/kiosk',
    beforeLoad: whoIsIt,
    component: page(() => import('../features/kiosk/KioskPage'), 'KioskPage'),
})
const shelf = createRoute({
    getParentRoute: () => house,
    path: '/',
    validateSearch: (search: Record<string, unknown>): ShelfSearch => ({
        ...(typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {}),
        ...(search['sort'] === 'title' || search['sort'] === 'added' || search['sort'] === 'year' ? { sort: search['sort'] } : {}),
    }),
    component: lazyRouteComponent(() => import('../features/shelf/ShelfPage'), 'ShelfPage'),
})
const record = createRoute({
    getParentRoute: () => house,
    path: '/record/$copyId',
    component: page(() => import('../features/record/RecordPage'), 'RecordPage'),
})
const now = createRoute({ getParentRoute: () => house, path: '/now', component: page(() => import('../features/now/NowPage'), 'NowPage') })
const nowOn = createRoute({
    getParentRoute: () => house,
    path: '/now/$deckId',
    // It keeps nothing of a deck, and the tab that was pressed keeps the focus.
    remountDeps: () => null,
    component: page(() => import('../features/now/NowPage'), 'NowPage'),
})
const inbox = createRoute({
    getParentRoute: () => house,
    path: '/inbox',
    validateSearch: (search: Record<string, unknown>): InboxSearch => (typeof search['item'] === 'string' ? { item: search['item'] } : {}),
    component: page(() => import('../features/inbox/InboxPage'), 'InboxPage'),
})
const kinds = ['barcode', 'catno', 'runout', 'text'] as const
const identify = createRoute({
    getParentRoute: () => house,
    path: '/identify',
    validateSearch: (search: Record<string, unknown>): IdentifySearch => {
        const kind = kinds.find((each) => each === search['kind'])
        return {
            // Digits alone arrive as a number.
            ...(typeof search['q'] === 'string' || typeof search['q'] === 'number' ? { q: String(search['q']) } : {}),
            ...(kind ? { kind } : {}),
            ...(typeof search['inbox'] === 'string' ? { inbox: search['inbox'] } : {}),
        }
    },
    // What was typed and chosen for one inbox item is not for another.
    remountDeps: ({ search }) => [search.inbox],
    component: page(() => import('../features/identify/IdentifyPage'), 'IdentifyPage'),
})
const scan = createRoute({ getParentRoute: () => house, path: '/scan', component: page(() => import('../features/scan/ScanPage'), 'ScanPage') })
const scanners = createRoute({
    getParentRoute: () => house,
    path: '/scanners',
    component: page(() => import('../features/scanners/ScannersPage'), 'ScannersPage'),
})
const settings = createRoute({
    getParentRoute: () => house,
    path: '/settings',
    component: page(() => import('../features/settings/SettingsPage'), 'SettingsPage'),
})

/** Any other address, said inside the house. */
const elsewhere = createRoute({ getParentRoute: () => house, path: '$', component: NotFound })

const tree = root.addChildren([house.addChildren([shelf, record, now, nowOn, inbox, identify, scan, scanners, settings, elsewhere]), setup, signin, kiosk])

export function makeRouter(client: QueryClient) {
    return createRouter({
        routeTree: tree,
        context: { client },
        defaultPreload: 'intent',
        defaultErrorComponent: ErrorPage,
        defaultNotFoundComponent: NotFound,
        scrollRestoration: true,
        // What is typed, chosen or on its way on a page belongs to what the address names; another name gets a new page.
        defaultRemountDeps: ({ params }) => params,
    })
}

declare module '@tanstack/react-router' {
    interface Register {
        router: ReturnType<typeof makeRouter>
    }
}
