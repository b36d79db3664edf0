import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { LibraryBig, Play } from 'lucide-react'
import { api } from '../../api/client'
import { shortly } from '../../api/pressings'
import { queries } from '../../api/queries'
import type { Candidate, Copy, InboxItem, NowPlaying } from '../../api/types'
import { keepCopy } from '../../live/patch'
import { Button } from '../../ui/Button'
import { Fault } from '../../ui/Field'
import { useIfStillHere } from '../../ui/useIfStillHere'
import css from './identify.module.css'

/** What to do with the pressing that was chosen; stays in sight. */
export function Decide({ candidate, copy, item }: { candidate: Candidate; copy: Copy | null; item: InboxItem | null }) {
    const { t } = useLingui()
    const client = useQueryClient()
    const navigate = useNavigate()
    const ifStillHere = useIfStillHere()
    const { data: session } = useQuery(queries.session)
    const { data: decks } = useQuery(queries.decks)
    const deck = decks?.items[0]
    const { release_id } = candidate
    const may = (permission: 'play' | 'collection_edit' | 'inbox_resolve') => session?.permissions.includes(permission) ?? false

    const add = useMutation({
        mutationFn: () => api<Copy>('/copies', { method: 'POST', body: { release_id } }),
        onSuccess: (next) => keepCopy(client, next),
    })
    const play = useMutation({
        mutationFn: () => api<NowPlaying>(`/decks/${deck?.id}/play`, { method: 'POST', body: { release_id } }),
        onSuccess: (now) => void client.setQueryData(['now', deck?.id], now),
    })
    const settle = useMutation({
        mutationFn: () => api<InboxItem>(`/inbox/${item?.id}/resolve`, { method: 'POST', body: { release_id } }),
        onSuccess: (settled) => {
            void client.invalidateQueries({ queryKey: ['inbox'] })
            void client.invalidateQueries({ queryKey: ['collection'] })
            client.setQueryData(queries.inboxItem(settled.id).queryKey, settled)
        },
    })
    const busy = add.isPending || play.isPending || settle.isPending
    return (
        <section className={css['decide']} aria-label={t`The chosen pressing`}>
            <p>
                <b dir="auto">{candidate.title}</b>
                <span>
                    <bdi>{shortly(candidate)}</bdi>
                </span>
            </p>
            <div className={css['acts']}>
                {item && may('inbox_resolve') ? (
                    <Button look="ink" big disabled={busy} onClick={() => settle.mutate(undefined, { onSuccess: ifStillHere(({ id }) => void navigate({ to: '/inbox', search: { item: id } })) })}>
                        <Trans>This is it</Trans>
                    </Button>
                ) : null}
                {!item && copy ? (
                    <Link to="/record/$copyId" params={{ copyId: copy.id }} className={css['link']}>
                        <Trans>On your shelf already</Trans>
                    </Link>
                ) : null}
                {!item && may('collection_edit') ? (
                    <Button look={copy ? 'plain' : 'ink'} big disabled={busy} onClick={() => add.mutate(undefined, { onSuccess: ifStillHere(({ id }) => void navigate({ to: '/record/$copyId', params: { copyId: id } })) })}>
                        <LibraryBig aria-hidden="true" />
                        {copy ? t`Add another copy` : t`Add to the shelf`}
                    </Button>
                ) : null}
                {!item && may('play') && deck ? (
                    <Button big disabled={busy} onClick={() => play.mutate(undefined, { onSuccess: ifStillHere(() => void navigate({ to: '/now' })) })}>
                        <Play aria-hidden="true" />
                        <Trans>Play</Trans>
                    </Button>
                ) : null}
            </div>
            <Fault>{add.error?.message ?? play.error?.message ?? settle.error?.message}</Fault>
        </section>
    )
}
