import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { useCallback, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { api } from '../api/client'
import type { ScanAnswer, ScanResult } from '../api/types'
import { useHappenings, type Happening } from '../live/events'
import { getPrefs } from '../platform/prefs'
import { thump } from '../platform/sound'
import { Button } from '../ui/Button'
import { Stamp } from '../ui/Stamp'
import css from './toasts.module.css'

const most = 4
const shownFor = 9000
const undoable = new Set(['played', 'added', 'duplicate', 'ambiguous'])

/** To the question that the scan left open, or to where it can be identified. */
function Asked({ scan, onClick }: { scan: ScanResult; onClick: () => void }) {
    if (scan.outcome === 'ambiguous') {
        return (
            <Link to="/inbox" search={{ item: scan.inbox_id }} onClick={onClick}>
                <Trans>Which pressing?</Trans>
            </Link>
        )
    }
    return (
        <Link to="/identify" search={{ inbox: scan.inbox_id }} onClick={onClick}>
            <Trans>Identify</Trans>
        </Link>
    )
}

/** A slip for each scan of any scanner in the house. */
export function ScanToasts() {
    const { t } = useLingui()
    const client = useQueryClient()
    const [slips, setSlips] = useState<ScanResult[]>([])
    const log = useRef<HTMLDivElement>(null)
    const drop = useCallback((id: string) => setSlips((all) => all.filter((each) => each.id !== id)), [])
    /** Takes a slip away after a while, but not from under a pointer or the keyboard. */
    const dropLater = useCallback(
        (id: string) => {
            const timer = setInterval(() => {
                if (log.current?.matches(':hover, :focus-within')) return
                clearInterval(timer)
                drop(id)
            }, shownFor)
        },
        [drop],
    )
    useHappenings(
        useCallback(
            (happening: Happening) => {
                if (happening.kind !== 'scan') return
                const { scan } = happening
                // On the page at once: it is the answer to somebody who stands at the shelf.
                flushSync(() => setSlips((all) => [...all.filter((each) => each.id !== scan.id), scan].slice(-most)))
                if (getPrefs().sound === 'on') thump(scan.outcome !== 'invalid' && scan.outcome !== 'unknown')
                dropLater(scan.id)
            },
            [dropLater],
        ),
    )
    const undo = async (scan: ScanResult) => {
        await api<ScanAnswer>(`/scans/${scan.id}/undo`, { method: 'POST' })
        drop(scan.id)
        void client.invalidateQueries()
    }
    return (
        <div ref={log} className={css['toasts']} role="log" aria-label={t`Scans`} aria-live="polite">
            {slips.map((scan) => (
                <div key={scan.id} className={css['slip']}>
                    <Stamp outcome={scan.outcome} />
                    <p>
                        <b dir="auto">{scan.message}</b>
                        <span>
                            {scan.source} · <bdi>{scan.code}</bdi>
                        </span>
                    </p>
                    <span className={css['acts']}>
                        {scan.copy_id === undefined ? null : (
                            <Link to="/record/$copyId" params={{ copyId: scan.copy_id }} onClick={() => drop(scan.id)}>
                                <Trans>Open</Trans>
                            </Link>
                        )}
                        {scan.inbox_id === undefined ? null : (
                            <Asked scan={scan} onClick={() => drop(scan.id)} />
                        )}
                        {undoable.has(scan.outcome) ? (
                            <Button look="quiet" onClick={() => void undo(scan)}>
                                <Trans>Undo</Trans>
                            </Button>
                        ) : null}
                    </span>
                    <button type="button" className={css['close']} aria-label={t`Dismiss`} onClick={() => drop(scan.id)}>
                        <X aria-hidden="true" />
                    </button>
                </div>
            ))}
        </div>
    )
}
