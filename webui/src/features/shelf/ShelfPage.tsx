import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useRouter } from '@tanstack/react-router'
import { Plus, Search } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { queries, type Collection } from '../../api/queries'
import { setPrefs, usePrefs } from '../../platform/prefs'
import button from '../../ui/Button.module.css'
import { Empty, Page } from '../../ui/Page'
import { Grid } from './Grid'
import { search, sorted, type Sort } from './model'
import css from './shelf.module.css'

const route = getRouteApi('/house/')
type ShelfSearch = ReturnType<typeof route.useSearch>
const urlDelay = 250

/** The word that is typed, at once; the address follows. */
function useTyped(fromUrl: string) {
    const navigate = route.useNavigate()
    const router = useRouter()
    const [typed, setTyped] = useState(fromUrl)
    const written = useRef(fromUrl)
    useEffect(() => {
        if (fromUrl !== written.current) {
            written.current = fromUrl
            setTyped(fromUrl)
        }
    }, [fromUrl])
    useEffect(() => {
        if (typed === written.current) return
        const here = router.latestLocation.pathname
        const timer = setTimeout(() => {
            // Whoever is on the way to another page by now is not called back.
            if (router.latestLocation.pathname !== here) return
            written.current = typed
            void navigate({ search: (old: ShelfSearch) => ({ ...old, q: typed === '' ? undefined : typed }), replace: true, resetScroll: false })
        }, urlDelay)
        return () => clearTimeout(timer)
    }, [typed, navigate, router])
    return [typed, setTyped] as const
}

function useShelf(): { shelf: Collection | undefined; failed: Error | null } {
    const { data, error } = useQuery(queries.collection)
    const { data: soFar } = useQuery<Collection>({ queryKey: ['collection', 'so-far'], enabled: false })
    return { shelf: data ?? soFar, failed: error }
}

export function ShelfPage() {
    const { t, i18n } = useLingui()
    const { q = '', sort = 'artist' } = route.useSearch()
    const navigate = route.useNavigate()
    const { density } = usePrefs()
    const [typed, setTyped] = useTyped(q)
    const words = useDeferredValue(typed)
    const { shelf, failed } = useShelf()
    const inOrder = useMemo(() => sorted(shelf?.copies ?? [], sort, i18n.locale), [shelf, sort, i18n.locale])
    const found = useMemo(() => search(inOrder, words), [inOrder, words])

    if (shelf && shelf.total === 0) {
        return (
            <Page title={t`Shelf`}>
                <Empty title={t`Pick a record off the shelf.`}>
                    <p>
                        <Trans>Scan its barcode with a scanner on the box, or point this device's camera at its back.</Trans>
                    </p>
                    <Link to="/scan" className={css['start']}>
                        <Trans>Scan the first record</Trans>
                    </Link>
                    <Link to="/identify" className={button['button']}>
                        <Trans>No barcode? Type what is printed on it</Trans>
                    </Link>
                </Empty>
            </Page>
        )
    }
    return (
        <Page
            title={t`Shelf`}
            aside={
                <Link to="/identify" className={button['button']}>
                    <Plus aria-hidden="true" />
                    <Trans>Add a record</Trans>
                </Link>
            }
            over={
                <span role="status" className={css['status']}>
                    {shelf ? words.trim() === '' ? <Plural value={shelf.total} one="# record" other="# records" /> : <Plural value={found.length} one="# record found" other="# records found" /> : '\u00a0'}
                </span>
            }
        >
            <div className={css['bar']} role="search">
                <label className={css['search']}>
                    <Search aria-hidden="true" />
                    <span className="visually-hidden">{t`Search the shelf`}</span>
                    <input
                        type="search"
                        value={typed}
                        onChange={(event) => setTyped(event.target.value)}
                        placeholder={t`Artist, title, catalogue number`}
                        autoComplete="off"
                        spellCheck={false}
                        enterKeyHint="search"
                    />
                </label>
                <label className={css['sort']}>
                    <span>{t`Sort by`}</span>
                    <select
                        aria-label={t`Sort by`}
                        value={sort}
                        onChange={(event) => {
                            const next = event.target.value as Sort
                            void navigate({ search: (old: ShelfSearch) => ({ ...old, sort: next === 'artist' ? undefined : next }), replace: true })
                        }}
                    >
                        <option value="artist">{t`Artist`}</option>
                        <option value="title">{t`Title`}</option>
                        <option value="year">{t`Year`}</option>
                        <option value="added">{t`Newest here`}</option>
                    </select>
                </label>
                <fieldset className={css['sizes']}>
                    <legend className="visually-hidden">{t`Size of the sleeves`}</legend>
                    {(['s', 'm', 'l'] as const).map((size) => (
                        <label key={size} title={{ s: t`Small`, m: t`Medium`, l: t`Large` }[size]}>
                            <input type="radio" name="density" checked={density === size} onChange={() => setPrefs({ density: size })} />
                            <span className="visually-hidden">{{ s: t`Small`, m: t`Medium`, l: t`Large` }[size]}</span>
                            <i data-size={size} aria-hidden="true" />
                        </label>
                    ))}
                </fieldset>
            </div>
            {failed && !shelf ? (
                <Empty title={t`The shelf did not come`}>
                    <p>{failed.message}</p>
                </Empty>
            ) : null}
            {shelf && found.length === 0 ? (
                <Empty title={t`Nothing under “${words}”`}>
                    <p>
                        <Trans>Try fewer letters, or part of the catalogue number from the spine.</Trans>
                    </p>
                    <Link to="/identify" search={{ q: words }} className={button['button']}>
                        <Trans>Look in the catalogue</Trans>
                    </Link>
                </Empty>
            ) : (
                <Grid copies={shelf ? found : null} density={density} />
            )}
        </Page>
    )
}
