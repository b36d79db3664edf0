import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { clock, lengths, positionAt, sideShare, sides } from '../../api/music'
import { queries } from '../../api/queries'
import { follow, useLink } from '../../live/events'
import { GrooveMap } from '../../ui/GrooveMap'
import { Sleeve } from '../../ui/Sleeve'
import { useClock } from '../../ui/useClock'
import css from './kiosk.module.css'

const holdToLeave = 2000
const drift = [0, 8, 16, 24, 16, 8]

/** Now playing, read from the sofa. */
export function KioskPage() {
    const { t, i18n } = useLingui()
    const link = useLink()
    const client = useQueryClient()
    const navigate = useNavigate()
    const held = useRef<ReturnType<typeof setTimeout>>(undefined)
    useEffect(() => follow(client), [client])
    const { data: decks } = useQuery(queries.decks)
    const deck = decks?.items[0]?.id
    const { data: now } = useQuery({ ...queries.nowPlaying(deck ?? ''), enabled: deck !== undefined })
    const { data: release } = useQuery({ ...queries.release(now?.release_id ?? 0), enabled: now?.release_id != null })
    const ms = useClock(1000)
    const side = sides(release?.tracklist ?? []).find((each) => each.name === now?.side)
    const shift = drift[Math.floor(ms / 60_000) % drift.length] ?? 0
    const leave = () => void navigate({ to: '/now' })
    const hold = () => {
        held.current = setTimeout(leave, holdToLeave)
    }
    const letGo = () => clearTimeout(held.current)
    const on = now?.album != null && now.state !== 'stopped'
    return (
        <main className={css['kiosk']} style={{ paddingInline: `calc(3vw + ${shift}px) calc(3vw + ${24 - shift}px)` }}>
            <title>{t`Now playing · Gatefold`}</title>
            {on ? (
                <>
                    <div className={css['art']}>
                        <Sleeve title={now.album ?? ''} artist={now.artist ?? ''} cover={now.cover_url} disc="none" eager />
                    </div>
                    <div className={css['words']}>
                        <p className={css['where']}>
                            {t`Side ${now.side ?? ''}`} <span>{now.track}</span>
                        </p>
                        <h1 dir="auto">{now.title ?? now.album}</h1>
                        <p className={css['artist']} dir="auto">
                            {now.artist}
                        </p>
                        <p className={css['album']} dir="auto">
                            {now.album}
                        </p>
                    </div>
                    <div className={css['foot']}>
                        <div className={css['map']}>
                            <GrooveMap lengths={side ? lengths(side) : [1200]} current={(now.track_no ?? 0) - 1} share={sideShare(side, now, ms)} spinning={false} side={now.side ?? ''} />
                        </div>
                        {now.needs_flip ? (
                            <p className={css['flip']}>{t`Flip the record`}</p>
                        ) : (
                            <p className={css['time']}>
                                {clock(positionAt(now, ms))}
                                <i>
                                    <b style={{ inlineSize: `${now.duration_s ? (positionAt(now, ms) / now.duration_s) * 100 : 0}%` }} />
                                </i>
                                {now.duration_s === null ? '' : clock(now.duration_s)}
                            </p>
                        )}
                    </div>
                </>
            ) : (
                <div className={css['idle']}>
                    <h1>Gatefold</h1>
                    <p>
                        <Trans>Put a record on.</Trans>
                    </p>
                </div>
            )}
            {link.state === 'waiting' ? (
                <p className={css['stale']} role="status">
                    {t`Box not answering · as of ${i18n.date(new Date(link.since), { timeStyle: 'short' })}`}
                </p>
            ) : null}
            <button type="button" className={css['leave']} onPointerDown={hold} onPointerUp={letGo} onPointerLeave={letGo} onClick={(event) => event.detail === 0 && leave()}>
                <Trans>Hold to leave</Trans>
            </button>
        </main>
    )
}
