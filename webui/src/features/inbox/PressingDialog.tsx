import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { shortly } from '../../api/pressings'
import { queries } from '../../api/queries'
import type { InboxItem } from '../../api/types'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Fault } from '../../ui/Field'
import { Pressings } from '../../ui/Pressings'
import { SaidBy } from '../../ui/SaidBy'
import { Sleeve } from '../../ui/Sleeve'
import { Stamp } from '../../ui/Stamp'
import css from './inbox.module.css'
import { QuestionCard } from './QuestionCard'
import { useResolve } from './useResolve'

function Album({ item }: { item: InboxItem }) {
    const [album] = item.candidates
    if (!album) return null
    return (
        <div className={css['album']}>
            <Sleeve title={album.title} artist={album.artist} cover={null} disc="none" />
            <p>
                <b dir="auto">{album.title}</b>
                <span dir="auto">{album.artist}</span>
                <small>
                    <bdi>{item.code}</bdi> · <Plural value={item.candidates.length} one="# pressing" other="# pressings" />
                </small>
            </p>
        </div>
    )
}

function Settled({ item, busy, waiting, onAgain, onNext, onClose }: { item: InboxItem; busy: boolean; waiting: number; onAgain: () => void; onNext: () => void; onClose: () => void }) {
    const { t } = useLingui()
    const release = item.candidates.find((each) => each.release_id === item.release_id)
    const words = useRef<HTMLParagraphElement>(null)
    useEffect(() => words.current?.focus(), [])
    return (
        <div className={css['settled']}>
            <Stamp outcome="found" />
            <p ref={words} tabIndex={-1} role="status">
                {release ? (
                    <>
                        <b dir="auto">{release.title}</b>
                        <span>
                            <bdi>{shortly(release)}</bdi>
                        </span>
                        <small>{t`This code is known from now on.`}</small>
                    </>
                ) : (
                    <b>{t`Put away.`}</b>
                )}
            </p>
            <div className={css['acts']}>
                {waiting > 0 ? (
                    <Button look="ink" big onClick={onNext}>
                        <Plural value={waiting} one="The next one" other="The next of #" />
                    </Button>
                ) : (
                    <Button look="ink" big onClick={onClose}>
                        <Trans>Done</Trans>
                    </Button>
                )}
                {item.copy_id === null ? null : (
                    <Link to="/record/$copyId" params={{ copyId: item.copy_id }} className={css['more']}>
                        <Trans>To the record</Trans>
                    </Link>
                )}
                <Button look="quiet" big disabled={busy} onClick={onAgain}>
                    <Trans>That was wrong, ask again</Trans>
                </Button>
            </div>
        </div>
    )
}

/** One good question at a time, and at any moment all pressings side by side. */
export function PressingDialog({ id, waiting, onNext, onClose }: { id: string; waiting: number; onNext: () => void; onClose: () => void }) {
    const { t } = useLingui()
    const [chosen, setChosen] = useState<number | null>(null)
    const [said, setSaid] = useState<string[]>([])
    const { data: item, error } = useQuery(queries.inboxItem(id))
    const { data: shelf } = useQuery({ ...queries.collection, enabled: false })
    const resolve = useResolve(id)
    const owned = new Set(shelf?.copies.filter((copy) => !copy.pressing_open).map((copy) => copy.release_id))
    const again = () => {
        setSaid([])
        setChosen(null)
        resolve.mutate({ again: true })
    }
    const question = item?.question ?? null
    const unknown = item !== undefined && item.kind !== 'pressing_open'
    return (
        <Dialog wide title={unknown ? t`Is it this one?` : t`Which pressing?`} onClose={onClose}>
            <Fault>{error?.message}</Fault>
            {item?.settled ? <Settled item={item} busy={resolve.isPending} waiting={waiting} onAgain={again} onNext={onNext} onClose={onClose} /> : null}
            {item && !item.settled ? (
                <>
                    <Album item={item} />
                    {said.length > 0 ? (
                        <p className={css['said']}>
                            <bdi>{said.join(' · ')}</bdi>
                            <Button look="quiet" disabled={resolve.isPending} onClick={again}>
                                <Trans>Start over</Trans>
                            </Button>
                        </p>
                    ) : null}
                    {question ? (
                        <QuestionCard
                            question={question}
                            busy={resolve.isPending}
                            onAnswer={(answer, text) => resolve.mutate({ answer, field: question.field }, { onSuccess: () => setSaid((all) => (text === '' ? all : [...all, text])) })}
                        />
                    ) : null}
                    <details className={css['all']} open={question === null} key={question === null ? 'list' : 'question'}>
                        <summary>
                            <Plural value={item.candidates.length} one="The one pressing" other="All # pressings side by side" />
                        </summary>
                        <Pressings candidates={item.candidates} owned={owned} chosen={chosen} onChoose={setChosen} group="pressing" />
                    </details>
                    <SaidBy said={item.attributions} />
                    <Fault>{resolve.error?.message}</Fault>
                    <div className={css['acts']}>
                        {chosen !== null || question === null ? (
                            <Button look="ink" big disabled={chosen === null || resolve.isPending} onClick={() => (chosen === null ? undefined : resolve.mutate({ release_id: chosen }))}>
                                <Trans>Keep this one</Trans>
                            </Button>
                        ) : null}
                        {unknown ? (
                            <Link to="/identify" search={{ inbox: id }} className={css['more']}>
                                <Trans>None of these</Trans>
                            </Link>
                        ) : (
                            <Button look="quiet" big disabled={resolve.isPending} onClick={() => resolve.mutate({ dismiss: true })}>
                                <Trans>Leave it open</Trans>
                            </Button>
                        )}
                    </div>
                </>
            ) : null}
        </Dialog>
    )
}
