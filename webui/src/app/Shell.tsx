import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { Disc3, Inbox, LibraryBig, ScanBarcode, Settings, Usb, type LucideIcon } from 'lucide-react'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { queries } from '../api/queries'
import { follow, useLink } from '../live/events'
import { ScanToasts } from './ScanToasts'
import { loadOtherWords } from './i18n'
import css from './shell.module.css'
import { useShortcuts } from './shortcuts'

const ShortcutSheet = lazy(async () => ({ default: (await Promise.all([import('../features/shortcuts/ShortcutSheet'), loadOtherWords()]))[0].ShortcutSheet }))

interface Place {
    to: '/' | '/scan' | '/now' | '/inbox' | '/scanners' | '/settings'
    word: string
    icon: LucideIcon
    count?: number
    late?: boolean
}

function NavLink({ to, word, icon: Icon, count = 0, late = false }: Place) {
    return (
        <li data-late={late}>
            <Link to={to} className={css['link']} activeOptions={{ exact: to === '/' }} activeProps={{ 'aria-current': 'page' }}>
                <span className={css['icon']}>
                    <Icon aria-hidden="true" strokeWidth={1.75} />
                    {count > 0 ? <span className={css['count']}>{count > 99 ? '99+' : count}</span> : null}
                </span>
                <span className={css['word']}>{word}</span>
            </Link>
        </li>
    )
}

function PlayingNow() {
    const { data: decks } = useQuery(queries.decks)
    const deck = decks?.items[0]?.id
    const { data: now } = useQuery({ ...queries.nowPlaying(deck ?? ''), enabled: deck !== undefined })
    if (!now?.album) return null
    return (
        <Link to="/now" className={css['playing']} data-on={now.state === 'playing'}>
            <svg viewBox="0 0 40 40" aria-hidden="true">
                <circle cx="20" cy="20" r="19" />
                <circle cx="20" cy="20" r="12" />
                <circle cx="20" cy="20" r="7" />
                <path d="M20 15v3" />
            </svg>
            <span>
                <b dir="auto">{now.title ?? now.album}</b>
                <span dir="auto">{now.artist}</span>
            </span>
        </Link>
    )
}

function Connection() {
    const { i18n } = useLingui()
    const link = useLink()
    if (link.state === 'starting' || link.state === 'open') return null
    const since = i18n.date(new Date(link.since), { timeStyle: 'short' })
    return (
        <p className={css['tab']} role="status">
            {link.state === 'polling' ? <Trans>Live news does not come through · asking every 10 seconds</Trans> : <Trans>Box not answering · as of {since}</Trans>}
        </p>
    )
}

/** The house around every page: where one can go, what is playing, what was just scanned. */
export function Shell() {
    const { t } = useLingui()
    const client = useQueryClient()
    const navigate = useNavigate()
    const { data: inbox } = useQuery(queries.inbox)
    const { data: session } = useQuery(queries.session)
    const live = useLink().state === 'open'
    const signedOut = session === null
    const [sheet, setSheet] = useState(false)
    useShortcuts(useCallback(() => setSheet(true), []))
    useEffect(() => (signedOut ? undefined : follow(client)), [client, signedOut])
    useEffect(() => {
        if (signedOut) void navigate({ to: '/signin' })
    }, [signedOut, navigate])

    return (
        <div className={css['shell']} data-live={live}>
            <a className={css['skip']} href="#main">
                <Trans>Skip to the page</Trans>
            </a>
            <nav className={css['nav']} aria-label={t`Gatefold`}>
                <Link to="/" className={css['brand']} aria-label={t`Gatefold, to the shelf`}>
                    <svg viewBox="0 0 32 32" aria-hidden="true">
                        <circle className={css['disc']} cx="19" cy="16" r="11" />
                        <circle className={css['paper']} cx="19" cy="16" r="4.2" />
                        <path className={css['red']} d="M2 4h13v24H2z" />
                        <path className={css['fold']} d="M12.5 4H15v24h-2.5z" />
                    </svg>
                    <span>Gatefold</span>
                </Link>
                <ul>
                    <NavLink to="/" word={t`Shelf`} icon={LibraryBig} />
                    <NavLink to="/scan" word={t`Scan`} icon={ScanBarcode} />
                    <NavLink to="/now" word={t`Now`} icon={Disc3} />
                    <NavLink to="/inbox" word={t`Inbox`} icon={Inbox} count={inbox?.total ?? 0} />
                    <NavLink to="/scanners" word={t`Scanners`} icon={Usb} late />
                    <NavLink to="/settings" word={t`Settings`} icon={Settings} />
                </ul>
                <PlayingNow />
            </nav>
            <main className={css['main']} id="main" tabIndex={-1}>
                <Outlet />
            </main>
            <Connection />
            <ScanToasts />
            {sheet ? (
                <Suspense fallback={null}>
                    <ShortcutSheet onClose={() => setSheet(false)} />
                </Suspense>
            ) : null}
        </div>
    )
}
