import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent } from 'react'
import { api } from '../../api/client'
import { queries } from '../../api/queries'
import type { Copy, InboxItem } from '../../api/types'
import { keepCopy } from '../../live/patch'
import { Button } from '../../ui/Button'
import { Fault, TextField } from '../../ui/Field'
import { useIfStillHere } from '../../ui/useIfStillHere'
import css from './identify.module.css'
import { barcodeOf } from './model'

/** A record that no catalogue knows, written down by the household. */
export function ByHand({ typed, isNumber, item }: { typed: string; isNumber: boolean; item: InboxItem | null }) {
    const { t } = useLingui()
    const client = useQueryClient()
    const navigate = useNavigate()
    const ifStillHere = useIfStillHere()
    const { data: session } = useQuery(queries.session)
    const keep = useMutation({
        mutationFn: async (release: Record<string, unknown>) => {
            const copy = await api<Copy>('/copies', { method: 'POST', body: { release } })
            if (item) await api(`/inbox/${item.id}/resolve`, { method: 'POST', body: { release_id: copy.release_id } })
            return copy
        },
        onSuccess: (copy) => {
            keepCopy(client, copy)
            void client.invalidateQueries({ queryKey: ['inbox'] })
        },
    })
    const submit = (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        const value = (name: string) => String(form.get(name) ?? '').trim()
        const barcode = item ? barcodeOf(item.code) : null
        const release = {
            title: value('title'),
            artist: value('artist'),
            ...(value('year') === '' ? {} : { year: Number(value('year')) }),
            ...(value('country') === '' ? {} : { country: value('country') }),
            ...(value('label') === '' && value('catno') === '' ? {} : { labels: [{ name: value('label'), catno: value('catno') }] }),
            ...(barcode === null ? {} : { identifiers: [{ type: 'barcode', value: barcode }] }),
        }
        keep.mutate(release, { onSuccess: ifStillHere(({ id }) => void navigate({ to: '/record/$copyId', params: { copyId: id } })) })
    }
    if (!session?.permissions.includes('collection_edit')) return null
    return (
        <details className={css['hand']}>
            <summary>
                <Trans>None of these? Write it down by hand</Trans>
            </summary>
            <form onSubmit={submit}>
                <TextField label={t`Title`} name="title" required maxLength={500} autoComplete="off" />
                <TextField label={t`Artist`} name="artist" required maxLength={500} autoComplete="off" />
                <TextField label={t`Label`} name="label" maxLength={200} autoComplete="off" />
                <TextField label={t`Catalogue number`} name="catno" maxLength={100} defaultValue={isNumber ? typed : ''} autoComplete="off" />
                <TextField label={t`Year`} name="year" type="number" min={1890} max={2100} autoComplete="off" />
                <TextField label={t`Country`} name="country" maxLength={100} autoComplete="off" />
                <Fault>{keep.error?.message}</Fault>
                <Button type="submit" look="ink" big disabled={keep.isPending}>
                    <Trans>Put it on the shelf</Trans>
                </Button>
            </form>
        </details>
    )
}
