import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { api } from '../../api/client'
import { catno, formatText } from '../../api/music'
import type { Candidate, InboxItem } from '../../api/types'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Fault, TextField } from '../../ui/Field'
import css from './inbox.module.css'
import { recognise } from './model'
import { useResolve } from './useResolve'

/** An unknown code: found by what is printed on the record. */
export function IdentifyDialog({ item, onClose }: { item: InboxItem; onClose: () => void }) {
    const { t } = useLingui()
    const [typed, setTyped] = useState('')
    const words = useDeferredValue(typed.trim())
    const asked = recognise(words)
    const { data: found, error } = useQuery({
        queryKey: ['catalogue', asked, words],
        enabled: words.length >= 2,
        placeholderData: (before) => before,
        queryFn: () => api<{ releases: Candidate[] }>(`/catalogue/search?${asked}=${encodeURIComponent(words)}&limit=20`),
    })
    const resolve = useResolve(item, onClose)
    const hints = { barcode: t`read as a barcode`, catno: t`read as a catalogue number`, text: t`read as artist and title` }
    const releases = words.length >= 2 ? (found?.releases ?? []) : []
    return (
        <Dialog title={item.kind === 'blank_label' ? t`What is this label on?` : t`What is this record?`} onClose={onClose}>
            <div className={css['form']}>
                <p className={css['album']}>
                    <small>
                        <bdi>{item.code}</bdi>
                    </small>
                </p>
                <TextField
                    label={t`Catalogue number from the spine, or artist and title`}
                    value={typed}
                    onChange={(event) => setTyped(event.target.value)}
                    hint={words.length >= 2 ? hints[asked] : undefined}
                    autoComplete="off"
                    spellCheck={false}
                />
                <Fault>{error?.message ?? resolve.error?.message}</Fault>
                <ul className={css['found']}>
                    {releases.map((release) => (
                        <li key={release.release_id}>
                            <button type="button" disabled={resolve.isPending} onClick={() => resolve.mutate({ release_id: release.release_id })}>
                                <b dir="auto">{release.title}</b>
                                <span dir="auto">{release.artist}</span>
                                <small>{[release.year, release.country, release.labels[0]?.name, catno(release), formatText(release.formats)].filter(Boolean).join(' · ')}</small>
                            </button>
                        </li>
                    ))}
                </ul>
                {words.length >= 2 && found && releases.length === 0 ? <p>{t`Not in the box's catalogue.`}</p> : null}
                <Button look="quiet" disabled={resolve.isPending} onClick={() => resolve.mutate({ dismiss: true })}>
                    <Trans>Not a record. Put it away</Trans>
                </Button>
            </div>
        </Dialog>
    )
}
