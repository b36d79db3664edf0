import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, ImageUp, Pencil, Play, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { api, ApiError } from '../../api/client'
import { catno, clock, formatText, sides, type Side } from '../../api/music'
import { queries } from '../../api/queries'
import type { Copy, NowPlaying, Release } from '../../api/types'
import { Button } from '../../ui/Button'
import { Fault } from '../../ui/Field'
import { Empty, Page } from '../../ui/Page'
import { SaidBy } from '../../ui/SaidBy'
import { Sleeve } from '../../ui/Sleeve'
import { useIfStillHere } from '../../ui/useIfStillHere'
import { keepCopy } from '../../live/patch'
import { EditCopy } from './EditCopy'
import css from './record.module.css'

const route = getRouteApi('/house/record/$copyId')

function Obi({ copy }: { copy: Copy }) {
    const parts = [catno(copy), copy.country, copy.year, formatText(copy.formats)].filter(Boolean)
    return (
        <p className={css['obi']} aria-hidden="true">
            <b>{copy.labels[0]?.name ?? 'Gatefold'}</b>
            {parts.map((part) => (
                <span key={String(part)}>{part}</span>
            ))}
        </p>
    )
}

/** The household's own photo of the sleeve; it wins over any other picture. */
function OwnPhoto({ copy }: { copy: Copy }) {
    const { t } = useLingui()
    const client = useQueryClient()
    const file = useRef<HTMLInputElement>(null)
    const send = useMutation({
        mutationFn: (image: File) => api<Copy>(`/copies/${copy.id}/cover`, { method: 'PUT', image }),
        onSuccess: (next) => keepCopy(client, next),
        onSettled: () => {
            if (file.current) file.current.value = ''
        },
    })
    return (
        <div className={css['photo']}>
            <Button look="quiet" disabled={send.isPending} onClick={() => file.current?.click()}>
                <ImageUp aria-hidden="true" />
                {send.isPending ? t`Sending the photo…` : t`Photo of the sleeve`}
            </Button>
            <input
                ref={file}
                className="visually-hidden"
                type="file"
                accept="image/jpeg,image/png"
                tabIndex={-1}
                aria-label={t`Photo of the sleeve`}
                onChange={(event) => {
                    const [image] = event.target.files ?? []
                    if (image) send.mutate(image)
                }}
            />
            <Fault>{send.error?.message}</Fault>
        </div>
    )
}

function SideList({ side, onPlay, canPlay }: { side: Side; onPlay: () => void; canPlay: boolean }) {
    const { t } = useLingui()
    return (
        <section className={css['side']}>
            <header>
                <h2>{t`Side ${side.name}`}</h2>
                {side.seconds === null ? null : <span>{clock(side.seconds)}</span>}
                {canPlay ? (
                    <Button look="quiet" onClick={onPlay} aria-label={t`Play side ${side.name}`}>
                        <Play aria-hidden="true" />
                        <Trans>Play</Trans>
                    </Button>
                ) : null}
            </header>
            <ol>
                {side.tracks.map((track, index) => (
                    <li key={`${track.position} ${index}`}>
                        <span className={css['position']}>{track.position}</span>
                        <span className={css['track']} dir="auto">
                            {track.title}
                        </span>
                        <span className={css['dots']} />
                        {track.seconds === null ? null : <span className={css['time']}>{clock(track.seconds)}</span>}
                    </li>
                ))}
            </ol>
        </section>
    )
}

function Facts({ copy }: { copy: Copy }) {
    const { t, i18n } = useLingui()
    const date = (text: string | null) => (text ? i18n.date(new Date(text), { dateStyle: 'medium' }) : null)
    const rows: [string, string | null | undefined][] = [
        [t`Stands at`, copy.location?.path],
        [t`Belongs to`, copy.owner?.name],
        [t`Record`, copy.media_grade],
        [t`Sleeve`, copy.sleeve_grade],
        [t`Came`, date(copy.added_at)],
        [t`Last played`, date(copy.last_played_at) ?? t`never`],
        [t`Own label`, copy.label?.replace(/(\d{4})(?=\d)/g, '$1 ')],
    ]
    return (
        <dl className={css['facts']}>
            {rows.map(([word, value]) =>
                value ? (
                    <div key={word}>
                        <dt>{word}</dt>
                        <dd dir="auto">{value}</dd>
                    </div>
                ) : null,
            )}
        </dl>
    )
}

function Pressing({ release, copy }: { release: Release; copy: Copy }) {
    const { t } = useLingui()
    const named: Record<string, string> = { barcode: t`Barcode`, runout: t`Runout`, label_code: t`Label code`, rights_society: t`Rights society`, other: t`Other` }
    return (
        <section className={css['pressing']}>
            <h2>
                <Trans>The pressing</Trans>
            </h2>
            <dl className={css['facts']}>
                <div>
                    <dt>{t`Format`}</dt>
                    <dd>{formatText(copy.formats) || t`not known`}</dd>
                </div>
                {copy.labels.map((label) => (
                    <div key={label.name + label.catno}>
                        <dt dir="auto">{label.name}</dt>
                        <dd>
                            <bdi>{label.catno}</bdi>
                        </dd>
                    </div>
                ))}
                {release.identifiers.map((each, index) => (
                    <div key={index}>
                        <dt>{named[each.type] ?? each.type}</dt>
                        <dd>
                            <bdi>{each.value}</bdi> {each.description ? <small>{each.description}</small> : null}
                        </dd>
                    </div>
                ))}
                {release.genres.length > 0 ? (
                    <div>
                        <dt>{t`Style`}</dt>
                        <dd>{[...release.genres, ...release.styles].join(', ')}</dd>
                    </div>
                ) : null}
            </dl>
        </section>
    )
}

export function RecordPage() {
    const { t } = useLingui()
    const { copyId } = route.useParams()
    const navigate = useNavigate()
    const ifStillHere = useIfStillHere()
    const client = useQueryClient()
    const { data: copy, error } = useQuery({ ...queries.copy(copyId), placeholderData: () => client.getQueryData<{ copies: Copy[] }>(['collection'])?.copies.find((each) => each.id === copyId) })
    const { data: release } = useQuery({ ...queries.release(copy?.release_id ?? 0), enabled: copy !== undefined })
    const { data: decks } = useQuery(queries.decks)
    const { data: session } = useQuery(queries.session)
    const [editing, setEditing] = useState(false)
    const may = (permission: 'play' | 'collection_edit') => session?.permissions.includes(permission) ?? false
    const deck = decks?.items[0]
    const play = useMutation({
        mutationFn: (side?: string) => api<NowPlaying>(`/decks/${deck?.id}/play`, { method: 'POST', body: { copy_id: copyId, ...(side === undefined ? {} : { side }) } }),
        onSuccess: (now) => void client.setQueryData(['now', deck?.id], now),
    })
    const playSide = (side?: string) => play.mutate(side, { onSuccess: ifStillHere(() => void navigate({ to: '/now' })) })
    const remove = useMutation({
        mutationFn: () => api<void>(`/copies/${copyId}`, { method: 'DELETE' }),
        onSuccess: () => void client.invalidateQueries({ queryKey: ['collection'] }),
    })

    if (!copy) {
        if (!error) return <div className={css['record']} aria-busy="true" />
        return (
            <Page title={t`Not on the shelf`}>
                <Empty title={error instanceof ApiError && error.status === 404 ? t`This record is not here any more.` : error.message}>
                    <Link to="/">
                        <Trans>Back to the shelf</Trans>
                    </Link>
                </Empty>
            </Page>
        )
    }
    const list = sides(release?.tracklist ?? [])
    return (
        <article className={css['record']}>
            <title>{`${copy.title} · Gatefold`}</title>
            <Obi copy={copy} />
            <div className={css['inside']}>
                <p className={css['back']}>
                    <Link to="/">
                        <ArrowLeft aria-hidden="true" />
                        <Trans>Shelf</Trans>
                    </Link>
                </p>
                <div className={css['top']}>
                    <div className={css['art']}>
                        <Sleeve title={copy.title} artist={copy.artist} cover={copy.cover_url} disc="out" eager />
                        {may('collection_edit') ? <OwnPhoto copy={copy} /> : null}
                    </div>
                    <div className={css['words']}>
                        <p className={css['artist']} dir="auto">
                            {copy.artist}
                        </p>
                        <h1 dir="auto">{copy.title}</h1>
                        <p className={css['line']}>
                            <bdi>{[copy.year, copy.country, copy.labels[0]?.name, catno(copy)].filter(Boolean).join(' · ')}</bdi>
                            {copy.pressing_open ? (
                                <Link to="/inbox" className={css['open']}>
                                    <Trans>Pressing open</Trans>
                                </Link>
                            ) : null}
                        </p>
                        <div className={css['acts']}>
                            {may('play') && deck ? (
                                <Button look="ink" big disabled={play.isPending} onClick={() => playSide(list[0]?.name)}>
                                    <Play aria-hidden="true" />
                                    {list[0] ? t`Play side ${list[0].name}` : t`Play`}
                                </Button>
                            ) : null}
                            {may('collection_edit') ? (
                                <>
                                    <Button big onClick={() => setEditing(true)}>
                                        <Pencil aria-hidden="true" />
                                        <Trans>Correct</Trans>
                                    </Button>
                                    <Button big look="quiet" onClick={() => remove.mutate(undefined, { onSuccess: ifStillHere(() => void navigate({ to: '/' })) })}>
                                        <Trash2 aria-hidden="true" />
                                        <Trans>Remove</Trans>
                                    </Button>
                                </>
                            ) : null}
                        </div>
                        <Fault>{play.error?.message ?? remove.error?.message}</Fault>
                        <p className={css['plays']}>
                            <b>{copy.plays}</b> <Plural value={copy.plays} one="time on the platter" other="times on the platter" />
                        </p>
                        <Facts copy={copy} />
                        {copy.notes ? <blockquote dir="auto">{copy.notes}</blockquote> : null}
                    </div>
                </div>
                <div className={css['sides']}>
                    {list.map((side) => (
                        <SideList key={side.name} side={side} canPlay={may('play')} onPlay={() => playSide(side.name)} />
                    ))}
                </div>
                {release ? <Pressing release={release} copy={copy} /> : null}
                {release?.attribution ? <SaidBy said={[release.attribution]} /> : null}
            </div>
            {editing ? <EditCopy copy={copy} onClose={() => setEditing(false)} /> : null}
        </article>
    )
}
