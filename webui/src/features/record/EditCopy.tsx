import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { api, ApiError } from '../../api/client'
import { queries } from '../../api/queries'
import type { Copy } from '../../api/types'
import { keepCopy } from '../../live/patch'
import { Button } from '../../ui/Button'
import { Choice } from '../../ui/Choice'
import { Dialog } from '../../ui/Dialog'
import { Fault, SelectField, TextArea } from '../../ui/Field'
import css from './record.module.css'

const grades = ['M', 'NM', 'VG+', 'VG', 'G+', 'G', 'F', 'P']
const sleeveOnly = ['Generic', 'No cover', 'Not graded']
const itself = (grade: string) => [grade, grade] as const

export function EditCopy({ copy, onClose }: { copy: Copy; onClose: () => void }) {
    const { t } = useLingui()
    const client = useQueryClient()
    const { data: locations } = useQuery(queries.locations)
    const { data: session } = useQuery(queries.session)
    const { data: users } = useQuery({ ...queries.users, enabled: session?.permissions.includes('accounts_edit') ?? false })
    const save = useMutation({
        mutationFn: (body: Record<string, unknown>) => api<Copy>(`/copies/${copy.id}`, { method: 'PATCH', body, version: copy.version }),
        onSuccess: (next) => {
            keepCopy(client, next)
            onClose()
        },
        onError: () => void client.invalidateQueries({ queryKey: ['copy', copy.id] }),
    })
    const dropPhoto = useMutation({
        mutationFn: () => api<Copy>(`/copies/${copy.id}/cover`, { method: 'DELETE' }),
        onSuccess: (next) => {
            keepCopy(client, next)
            onClose()
        },
    })
    const submit = (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        const value = (name: string) => String(form.get(name) ?? '') || null
        save.mutate({
            location: value('location'),
            media_grade: media || null,
            sleeve_grade: sleeve || null,
            notes: value('notes') ?? '',
            ...(users ? { owner: value('owner') } : {}),
        })
    }
    const [media, setMedia] = useState<string>(copy.media_grade ?? '')
    const [sleeve, setSleeve] = useState<string>(copy.sleeve_grade ?? '')
    const ungraded = ['', t`not looked at`] as const
    const first = save.error instanceof ApiError && save.error.status === 412
    return (
        <Dialog title={t`Correct this copy`} onClose={onClose}>
            <form className={css['form']} onSubmit={submit}>
                <SelectField label={t`Stands at`} name="location" defaultValue={copy.location?.id ?? ''}>
                    <option value="">{t`nowhere yet`}</option>
                    {locations?.items.map((each) => (
                        <option key={each.id} value={each.id}>
                            {each.path}
                        </option>
                    ))}
                </SelectField>
                {users ? (
                    <SelectField label={t`Belongs to`} name="owner" defaultValue={copy.owner?.id ?? ''}>
                        <option value="">{t`the household`}</option>
                        {users.items.map((each) => (
                            <option key={each.id} value={each.id}>
                                {each.name}
                            </option>
                        ))}
                    </SelectField>
                ) : null}
                <Choice chips label={t`Record`} value={media} choices={[ungraded, ...grades.map(itself)]} onChoose={setMedia} />
                <Choice chips label={t`Sleeve`} value={sleeve} choices={[ungraded, ...grades.map(itself), ...sleeveOnly.map(itself)]} onChoose={setSleeve} />
                <TextArea label={t`Notes`} name="notes" defaultValue={copy.notes} maxLength={10_000} />
                <Fault>{first ? t`Somebody else changed this copy just now. What they wrote is shown when you open this again.` : save.error?.message}</Fault>
                <Button type="submit" look="ink" big disabled={save.isPending}>
                    <Trans>Keep</Trans>
                </Button>
                {copy.cover_url === null ? null : (
                    <Button look="quiet" disabled={dropPhoto.isPending} onClick={() => dropPhoto.mutate()}>
                        <Trans>Take our own photo of the sleeve away</Trans>
                    </Button>
                )}
            </form>
        </Dialog>
    )
}
