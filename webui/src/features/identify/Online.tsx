import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Globe } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/client'
import { formatText } from '../../api/music'
import { shortly } from '../../api/pressings'
import { sourceName } from '../../api/sources'
import type { Candidate, OnlineAnswer, OnlineFind, Release } from '../../api/types'
import { Button } from '../../ui/Button'
import { Fault } from '../../ui/Field'
import { SaidBy } from '../../ui/SaidBy'
import { Sleeve } from '../../ui/Sleeve'
import css from './identify.module.css'
import { askOnline, nameOf, oneOfEach, type Kind } from './model'

interface Props {
    words: string
    kind: Kind | undefined
    chosen: number | null
    onTake: (candidate: Candidate) => void
}

/** What Discogs and MusicBrainz know, asked for by a tap; a hit that is chosen joins what the box knows. For other words it is a new one. */
export function Online({ words, kind, chosen, onTake }: Props) {
    const { t } = useLingui()
    const [asked, setAsked] = useState(false)
    const path = askOnline(words, kind)
    const { data, error, isFetching } = useQuery<OnlineAnswer>({
        queryKey: ['online', path],
        enabled: asked,
        staleTime: 600_000,
        retry: false,
        queryFn: ({ signal }) => api<OnlineAnswer>(path, { signal }),
    })
    const take = useMutation({
        mutationFn: ({ release, mbid, attribution }: OnlineFind) =>
            api<Release>('/sources/releases', { method: 'POST', body: { source: attribution.source, ...(release.release_id ? { release_id: release.release_id } : { mbid }) } }),
    })
    const answer = asked ? data : undefined
    const pick = chosen !== null && take.variables ? nameOf(take.variables) : null
    return (
        <section className={css['online']} aria-busy={isFetching || take.isPending}>
            {answer ? (
                <h2>
                    <Plural value={answer.found.length} _0="Nothing found online" one="# found online" other="# found online" />
                </h2>
            ) : (
                <Button disabled={isFetching} onClick={() => setAsked(true)}>
                    <Globe aria-hidden="true" />
                    {isFetching ? t`Asking` : t`Ask Discogs and MusicBrainz`}
                </Button>
            )}
            {answer?.found.map((find) => (
                <label key={nameOf(find)} className={css['head']} data-chosen={pick === nameOf(find)}>
                    <Sleeve title={find.release.title} artist={find.release.artist} cover={null} disc="none" />
                    <span className={css['words']}>
                        <b dir="auto">{find.release.title}</b>
                        <span dir="auto">{find.release.artist}</span>
                        <small>
                            <bdi>{[shortly(find.release), find.release.labels[0]?.name, formatText(find.release.formats), sourceName(find.attribution.source)].filter(Boolean).join(' · ')}</bdi>
                        </small>
                    </span>
                    <input
                        type="radio"
                        name="online"
                        aria-label={`${find.release.title}, ${shortly(find.release)}`}
                        disabled={take.isPending}
                        checked={pick === nameOf(find)}
                        onChange={() => take.mutate(find, { onSuccess: ({ release_id }) => onTake({ ...find.release, release_id }) })}
                    />
                </label>
            ))}
            {answer?.silent.map(({ name, detail }) => (
                <p key={name} className={css['silent']}>
                    <Trans>
                        {sourceName(name)} did not answer: <bdi>{detail}</bdi>
                    </Trans>
                </p>
            ))}
            <Fault>{error?.message ?? take.error?.message}</Fault>
            {answer ? <SaidBy said={oneOfEach(answer.found)} /> : null}
        </section>
    )
}
