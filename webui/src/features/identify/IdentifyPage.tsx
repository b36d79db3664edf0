import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useRouter } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { api } from '../../api/client'
import { byAlbum } from '../../api/pressings'
import { queries } from '../../api/queries'
import type { Candidate, InboxItem, LookupAnswer } from '../../api/types'
import { Fault } from '../../ui/Field'
import { Empty, Page } from '../../ui/Page'
import { AlbumBlock } from './AlbumBlock'
import { ByHand } from './ByHand'
import { Decide } from './Decide'
import css from './identify.module.css'
import { askFor, askOnline, kinds, type Kind } from './model'
import { Online } from './Online'

const route = getRouteApi('/house/identify')
const urlDelay = 400
const fewest = 2

function Where() {
    const { t } = useLingui()
    const places = [
        [t`On the spine or the label`, 'SHVL 804', t`The catalogue number. 97 of 100 records have one; spaces and dashes do not matter.`],
        [t`In the run-out groove`, 'SHVL 804 A-2', t`What is scratched or stamped between the last song and the label tells one pressing from the next.`],
        [t`On the front`, 'pink floyd dark side', t`Artist and title, in any order, with a slip of the finger or two.`],
    ]
    return (
        <ul className={css['where']}>
            {places.map(([title, example, text]) => (
                <li key={example}>
                    <h2>{title}</h2>
                    <p className={css['example']}>
                        <bdi>{example}</bdi>
                    </p>
                    <p>{text}</p>
                </li>
            ))}
        </ul>
    )
}

function useKindWords(): Record<Kind, string> {
    const { t } = useLingui()
    return { barcode: t`Barcode`, catno: t`Catalogue number`, runout: t`Runout`, text: t`Artist and title` }
}

function ReadAs({ found, also, kind, onKind }: { found: Kind | null; also: readonly Kind[]; kind: Kind | undefined; onKind: (kind: Kind | undefined) => void }) {
    const { t } = useLingui()
    const words = useKindWords()
    return (
        <fieldset className={css['kinds']}>
            <legend className="visually-hidden">{t`What was typed`}</legend>
            <label>
                <input type="radio" className="over-label" name="kind" checked={kind === undefined} onChange={() => onKind(undefined)} />
                <span>{kind === undefined && found ? t`Read as ${words[found]}` : t`Find out`}</span>
            </label>
            {kinds.map((each) => (
                <label key={each}>
                    <input type="radio" className="over-label" name="kind" checked={kind === each} onChange={() => onKind(each)} />
                    <span data-also={also.includes(each)}>{words[each]}</span>
                </label>
            ))}
        </fieldset>
    )
}

function ForScan({ item }: { item: InboxItem }) {
    const { i18n } = useLingui()
    return (
        <p className={css['scan']}>
            <Trans>
                For the scan <bdi>{item.code}</bdi> of {item.source}, {i18n.date(new Date(item.at), { dateStyle: 'medium', timeStyle: 'short' })}
            </Trans>
        </p>
    )
}

/** One field for whatever is printed on a record, and the pressings that fit side by side. */
export function IdentifyPage() {
    const { t } = useLingui()
    const { q = '', kind, inbox } = route.useSearch()
    const navigate = route.useNavigate()
    const router = useRouter()
    const [typed, setTyped] = useState(q)
    const [chosen, setChosen] = useState<number | null>(null)
    const [taken, setTaken] = useState<Candidate | null>(null)
    const { data: session } = useQuery(queries.session)
    const words = useDeferredValue(typed.trim())
    const asked = words.length >= fewest
    const { data: item } = useQuery({ ...queries.inboxItem(inbox ?? ''), enabled: inbox !== undefined })
    const { data: shelf } = useQuery(queries.collection)
    const { data, error, isFetching } = useQuery<LookupAnswer>({
        queryKey: ['catalogue', kind ?? 'q', words],
        enabled: asked,
        staleTime: 60_000,
        placeholderData: keepPreviousData,
        queryFn: ({ signal }) => api<LookupAnswer>(askFor(words, kind), { signal }),
    })
    const answer = asked ? data : undefined
    const albums = useMemo(() => byAlbum(answer?.releases ?? []), [answer])
    const owned = useMemo(() => new Map(shelf?.copies.filter((copy) => !copy.pressing_open).map((copy) => [copy.release_id, copy])), [shelf])
    const candidate = answer?.releases.find((each) => each.release_id === chosen) ?? (taken?.release_id === chosen ? taken : undefined)

    useEffect(() => {
        if (typed === q) return
        const here = router.latestLocation.pathname
        const timer = setTimeout(() => {
            // Whoever is on the way to another page by now is not called back.
            if (router.latestLocation.pathname === here) void navigate({ search: (old) => ({ ...old, q: typed === '' ? undefined : typed }), replace: true, resetScroll: false })
        }, urlDelay)
        return () => clearTimeout(timer)
    }, [typed, q, navigate, router])

    const title = item?.kind === 'blank_label' ? t`What is this label on?` : t`What is this record?`
    return (
        <Page title={title} over={answer ? <Plural value={answer.releases.length} _0="nothing found" one="# pressing found" other="# pressings found" /> : '\u00a0'}>
            {item ? <ForScan item={item} /> : null}
            <div className={css['ask']} role="search">
                <label className={css['field']} data-busy={isFetching}>
                    <Search aria-hidden="true" />
                    <span className="visually-hidden">{t`Barcode, catalogue number, runout, or artist and title`}</span>
                    <input
                        type="search"
                        value={typed}
                        // The page is this field: who opens it wants to type.
                        // oxlint-disable-next-line jsx-a11y/no-autofocus
                        autoFocus
                        onChange={(event) => {
                            setTyped(event.target.value)
                            setChosen(null)
                        }}
                        placeholder={t`Whatever is printed on it`}
                        maxLength={200}
                        autoComplete="off"
                        autoCapitalize="off"
                        spellCheck={false}
                        enterKeyHint="search"
                    />
                </label>
                <ReadAs found={answer?.read_as ?? null} also={answer?.also ?? []} kind={kind} onKind={(next) => void navigate({ search: (old) => ({ ...old, kind: next }), replace: true, resetScroll: false })} />
            </div>
            <Fault>{error?.message}</Fault>
            {asked ? null : <Where />}
            {answer && albums.length === 0 ? (
                <Empty title={t`Not in the box's catalogue.`}>
                    <p>
                        <Trans>Try fewer letters, or another number from the sleeve. A record that nobody has written down yet can be written down here.</Trans>
                    </p>
                </Empty>
            ) : null}
            <div aria-busy={isFetching}>
                {albums.map((album, index) => (
                    <AlbumBlock key={album.key} album={album} first={index === 0} owned={owned} chosen={chosen} onChoose={setChosen} />
                ))}
            </div>
            {asked && session?.permissions.includes('collection_edit') ? (
                <Online
                    key={askOnline(words, kind)}
                    words={words}
                    kind={kind}
                    chosen={taken?.release_id === chosen ? chosen : null}
                    onTake={(found) => {
                        setTaken(found)
                        setChosen(found.release_id)
                    }}
                />
            ) : null}
            {answer ? <ByHand typed={answer.read_as === 'text' ? '' : words} isNumber={answer.read_as === 'catno'} item={item ?? null} /> : null}
            {candidate ? <Decide candidate={candidate} copy={owned.get(candidate.release_id) ?? null} item={item ?? null} /> : null}
            {item ? (
                <p className={css['back']}>
                    <Link to="/inbox">
                        <Trans>Back to the inbox</Trans>
                    </Link>
                </p>
            ) : null}
        </Page>
    )
}
