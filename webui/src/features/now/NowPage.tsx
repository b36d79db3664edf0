import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { FlipVertical2, Maximize, Square } from 'lucide-react'
import { api } from '../../api/client'
import { clock, lengths, positionAt, sideShare, sides } from '../../api/music'
import { queries } from '../../api/queries'
import type { NowPlaying } from '../../api/types'
import { Button } from '../../ui/Button'
import { Fault } from '../../ui/Field'
import { GrooveMap } from '../../ui/GrooveMap'
import { Empty, Page } from '../../ui/Page'
import { Sleeve } from '../../ui/Sleeve'
import { useClock } from '../../ui/useClock'
import css from './now.module.css'

function Progress({ now, ms }: { now: NowPlaying; ms: number }) {
    const { t } = useLingui()
    const position = positionAt(now, ms)
    return (
        <div className={css['progress']}>
            <div
                className={css['bar']}
                role="progressbar"
                aria-label={t`Track`}
                aria-valuemin={0}
                aria-valuemax={Math.round(now.duration_s ?? 0)}
                aria-valuenow={Math.round(position)}
                aria-valuetext={now.duration_s === null ? clock(position) : t`${clock(position)} of ${clock(now.duration_s)}`}
            >
                <i style={{ inlineSize: `${now.duration_s ? (position / now.duration_s) * 100 : 0}%` }} />
            </div>
            <span>{clock(position)}</span>
            <span>{now.duration_s === null ? '' : clock(now.duration_s)}</span>
        </div>
    )
}

/** The sleeve that the record came out of, and the way to its page. */
function Cover({ now }: { now: NowPlaying }) {
    const sleeve = <Sleeve title={now.album ?? ''} artist={now.artist ?? ''} cover={now.cover_url} disc="none" eager />
    if (now.copy_id === null) return <div className={css['cover']}>{sleeve}</div>
    return (
        // The album's name beside it is the same link in words.
        <Link to="/record/$copyId" params={{ copyId: now.copy_id }} className={css['cover']} tabIndex={-1} aria-hidden="true">
            {sleeve}
        </Link>
    )
}

function Standing({ now, ms }: { now: NowPlaying; ms: number }) {
    const { t, i18n } = useLingui()
    const ends = now.side_ends_at === null ? null : Date.parse(now.side_ends_at)
    if (now.needs_flip || now.state === 'run_out') return <p className={css['flip']}>{now.needs_flip ? t`Side ${now.side ?? ''} is over. Flip the record.` : t`Side ${now.side ?? ''} is over.`}</p>
    if (now.state === 'unknown') return <p className={css['flip']}>{t`The power was away. Is it still playing?`}</p>
    if (ends === null || now.state !== 'playing') return null
    const at = i18n.date(new Date(ends), { hour: '2-digit', minute: '2-digit' })
    const left = clock(Math.max(0, (ends - ms) / 1000))
    return <p className={css['ends']}>{now.confidence === 'guess' ? t`Side ends about ${at} (estimate)` : t`Side ends at ${at}, in ${left}`}</p>
}

function Deck({ id }: { id: string }) {
    const { t } = useLingui()
    const client = useQueryClient()
    const { data: now } = useQuery(queries.nowPlaying(id))
    const { data: session } = useQuery(queries.session)
    const { data: release } = useQuery({ ...queries.release(now?.release_id ?? 0), enabled: now?.release_id != null })
    const ms = useClock(500, now?.state === 'playing')
    const act = useMutation({
        mutationFn: ({ verb, body }: { verb: 'flip' | 'stop' | 'seek'; body?: unknown }) => api<NowPlaying>(`/decks/${id}/${verb}`, { method: 'POST', ...(body === undefined ? {} : { body }) }),
        onSuccess: (next) => client.setQueryData(['now', id], next),
    })
    if (!now) return <div className={css['deck']} aria-busy="true" />
    if (now.album === null) {
        return (
            <div className={css['idle']}>
                <div className={css['map']}>
                    <GrooveMap lengths={[]} current={-1} share={0} spinning={false} side="" />
                </div>
                <Empty title={t`The platter is empty.`} art={<span />}>
                    <p>
                        <Trans>Scan a sleeve, or choose a record from the shelf and press Play.</Trans>
                    </p>
                    <Link to="/">
                        <Trans>To the shelf</Trans>
                    </Link>
                </Empty>
            </div>
        )
    }
    const side = sides(release?.tracklist ?? []).find((each) => each.name === now.side)
    const current = (now.track_no ?? 0) - 1
    const playing = now.state === 'playing'
    const may = session?.permissions.includes('play') ?? false
    const over = now.state === 'stopped'
    return (
        <div className={css['deck']}>
            <div className={css['stage']} dir="ltr">
                <Cover now={now} />
                <GrooveMap lengths={side ? lengths(side) : [1200]} current={over ? -1 : current} share={over ? 0 : sideShare(side, now, ms)} spinning={playing} side={now.side ?? ''} />
            </div>
            <div className={css['words']}>
                <p className={css['where']}>
                    {now.side === null ? null : t`Side ${now.side}`}
                    {now.track_no === null || now.tracks_on_side === null ? null : <span>{t`Track ${now.track_no} of ${now.tracks_on_side}`}</span>}
                </p>
                <h2 className={css['title']} dir="auto">
                    {now.title ?? now.album}
                </h2>
                <p className={css['from']}>
                    <bdi>{now.artist}</bdi>
                    <span aria-hidden="true"> — </span>
                    {now.copy_id === null ? (
                        <bdi>{now.album}</bdi>
                    ) : (
                        <Link to="/record/$copyId" params={{ copyId: now.copy_id }}>
                            <bdi>{now.album}</bdi>
                        </Link>
                    )}
                </p>
                {over ? null : <Progress now={now} ms={ms} />}
                <div role="status">
                    <Standing now={now} ms={Math.floor(ms / 60_000) * 60_000} />
                </div>
                {may ? (
                    <div className={css['acts']}>
                        <Button look="ink" big data-key="f" disabled={act.isPending} onClick={() => act.mutate({ verb: 'flip' })}>
                            <FlipVertical2 aria-hidden="true" />
                            <Trans>I flipped it</Trans>
                        </Button>
                        <Button big disabled={act.isPending || over} onClick={() => act.mutate({ verb: 'stop' })}>
                            <Square aria-hidden="true" />
                            <Trans>Needle up</Trans>
                        </Button>
                    </div>
                ) : null}
                <Fault>{act.error?.message}</Fault>
                {side ? (
                    <ol className={css['tracks']} aria-label={t`Tracks of side ${side.name}`}>
                        {side.tracks.map((track, index) => (
                            <li key={track.position} data-current={index === current} aria-current={index === current ? 'true' : undefined}>
                                <button type="button" disabled={!may} onClick={() => act.mutate({ verb: 'seek', body: { track: track.position } })}>
                                    <span>{track.position}</span>
                                    <span dir="auto">{track.title}</span>
                                    <span>{track.seconds === null ? '' : clock(track.seconds)}</span>
                                    <span className="visually-hidden">{t`we are here`}</span>
                                </button>
                            </li>
                        ))}
                    </ol>
                ) : null}
            </div>
        </div>
    )
}

export function NowPage() {
    const { t } = useLingui()
    const { deckId } = useParams({ strict: false })
    const { data: decks } = useQuery(queries.decks)
    const list = decks?.items ?? []
    const deck = list.find((each) => each.id === deckId) ?? list[0]
    return (
        <Page
            quiet
            title={t`Now playing`}
            over={deck ? <bdi>{deck.name}</bdi> : '\u00a0'}
            aside={
                <>
                    {list.length > 1
                        ? list.map((each) => (
                              <Link key={each.id} to="/now/$deckId" params={{ deckId: each.id }} className={css['tab']} data-on={each.id === deck?.id}>
                                  {each.name}
                              </Link>
                          ))
                        : null}
                    <Link to="/kiosk" className={css['tab']}>
                        <Maximize aria-hidden="true" />
                        <Trans>Full screen</Trans>
                    </Link>
                </>
            }
        >
            {deck ? <Deck key={deck.id} id={deck.id} /> : null}
        </Page>
    )
}
