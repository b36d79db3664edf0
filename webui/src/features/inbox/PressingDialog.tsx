import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { queries } from '../../api/queries'
import type { InboxItem } from '../../api/types'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Fault } from '../../ui/Field'
import table from '../../ui/table.module.css'
import css from './inbox.module.css'
import { cell, differences, type Column } from './model'
import { useResolve } from './useResolve'

/** One good question where there is one, and the pressings side by side: only what differs. */
export function PressingDialog({ item, onClose, onLeft }: { item: InboxItem; onClose: () => void; onLeft: (item: InboxItem) => void }) {
    const { t } = useLingui()
    const [chosen, setChosen] = useState<number | null>(null)
    const { data: shelf } = useQuery({ ...queries.collection, enabled: false })
    const resolve = useResolve(item, (left) => (left ? onLeft(left) : onClose()))
    const { differ, same } = differences(item.candidates)
    const owned = new Set(shelf?.copies.filter((copy) => !copy.pressing_open).map((copy) => copy.release_id))
    const words: Record<Column, string> = { country: t`Country`, year: t`Year`, label: t`Label`, catno: t`Cat. no.`, format: t`Format` }
    const album = item.candidates[0]
    const keep = (event: FormEvent) => {
        event.preventDefault()
        if (chosen !== null) resolve.mutate({ release_id: chosen })
    }
    return (
        <Dialog wide title={t`Which pressing?`} onClose={onClose}>
            <p className={css['album']}>
                <b dir="auto">{album?.title}</b> <span dir="auto">{album?.artist}</span>
                <small>
                    <bdi>{item.code}</bdi>
                    {same.length > 0 ? ` · ${t`all`}: ${same.join(' · ')}` : null}
                </small>
            </p>
            {item.question ? (
                <div className={css['question']}>
                    <h3>{item.question.text}</h3>
                    <div className={css['answers']}>
                        {item.question.answers.map((answer) => (
                            <Button key={answer.value} big disabled={resolve.isPending} onClick={() => resolve.mutate({ answer: answer.value })}>
                                {answer.text}
                            </Button>
                        ))}
                        <Button big look="quiet" disabled={resolve.isPending} onClick={() => resolve.mutate({ answer: null })}>
                            <Trans>Don't know</Trans>
                        </Button>
                    </div>
                </div>
            ) : null}
            <form onSubmit={keep}>
                {/* A wide table scrolls by itself, so it takes the keyboard too. */}
                {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
                <div className={table['scroll']} tabIndex={0} role="region" aria-label={t`Pressings`}>
                    <table className={table['table']}>
                        <thead>
                            <tr>
                                <th>
                                    <span className="visually-hidden">{t`Choose`}</span>
                                </th>
                                {differ.map((column) => (
                                    <th key={column}>{words[column]}</th>
                                ))}
                                <th>{t`Why`}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {item.candidates.map((candidate) => {
                                const name = differ.map((column) => cell(candidate, column)).join(', ') || candidate.title
                                return (
                                    <tr key={candidate.release_id} className={css['choice']} data-chosen={chosen === candidate.release_id} onClick={() => setChosen(candidate.release_id)}>
                                        <td>
                                            <input type="radio" name="release" aria-label={name} checked={chosen === candidate.release_id} onChange={() => setChosen(candidate.release_id)} />
                                        </td>
                                        {differ.map((column) => (
                                            <td key={column} dir="auto">
                                                {cell(candidate, column) || '–'}
                                            </td>
                                        ))}
                                        <td className={css['why']}>
                                            {owned.has(candidate.release_id) ? <b>{t`You own this one.`} </b> : null}
                                            {candidate.why}
                                        </td>
                                    </tr>
                                )
                            })}
                        </tbody>
                    </table>
                </div>
                <Fault>{resolve.error?.message}</Fault>
                <div className={css['acts']}>
                    <Button type="submit" look="ink" big disabled={chosen === null || resolve.isPending}>
                        <Trans>Keep this one</Trans>
                    </Button>
                    <Button look="quiet" big disabled={resolve.isPending} onClick={() => resolve.mutate({ dismiss: true })}>
                        <Trans>Leave it open</Trans>
                    </Button>
                </div>
            </form>
        </Dialog>
    )
}
