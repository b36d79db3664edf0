import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import { queries } from '../../api/queries'
import type { Copy } from '../../api/types'
import { keepCopy } from '../../live/patch'
import { Button } from '../../ui/Button'
import { Choice } from '../../ui/Choice'
import { EditDialog } from '../../ui/edit/EditDialog'
import { useEdit } from '../../ui/edit/useEdit'
import { Fault, Options, SelectField, TextArea } from '../../ui/Field'

const grades = ['M', 'NM', 'VG+', 'VG', 'G+', 'G', 'F', 'P']
const sleeveOnly = ['Generic', 'No cover', 'Not graded']
const itself = (grade: string) => [grade, grade] as const

const valuesOf = (copy: Copy) => ({
    location: copy.location?.id ?? '',
    owner: copy.owner?.id ?? '',
    media_grade: copy.media_grade ?? '',
    sleeve_grade: copy.sleeve_grade ?? '',
    notes: copy.notes,
})

/** The button that had the focus is gone. */
const takeFocus = (said: HTMLElement | null) => {
    if (document.activeElement === document.body) said?.focus()
}

/** Done at once, while the form stays as it is. */
function DropPhoto({ copy }: { copy: Copy }) {
    const client = useQueryClient()
    const drop = useMutation({ mutationFn: () => api<Copy>(`/copies/${copy.id}/cover`, { method: 'DELETE' }), onSuccess: (next) => keepCopy(client, next) })
    if (drop.isSuccess) {
        return (
            <p ref={takeFocus} tabIndex={-1} role="status">
                <Trans>Photo removed.</Trans>
            </p>
        )
    }
    return (
        <>
            {copy.cover_url === null ? null : (
                <Button look="quiet" disabled={drop.isPending} onClick={() => drop.mutate()}>
                    <Trans>Take our own photo of the sleeve away</Trans>
                </Button>
            )}
            <Fault>{drop.error?.message}</Fault>
        </>
    )
}

export function EditCopy({ copy, onClose }: { copy: Copy; onClose: () => void }) {
    const { t } = useLingui()
    const client = useQueryClient()
    const { data: session } = useQuery(queries.session)
    const { data: locations } = useQuery(queries.locations)
    const mayChooseOwner = session?.permissions.includes('accounts_edit') ?? false
    const { data: users } = useQuery({ ...queries.users, enabled: mayChooseOwner })
    const edit = useEdit({ path: `/copies/${copy.id}`, record: copy, valuesOf, onStored: (stored) => keepCopy(client, stored), onClose })

    // What the copy has may not be in a list that is still on its way, or in nobody's list any more.
    const known = [copy, ...(edit.conflict ? [edit.conflict.theirs] : [])]
    const places = new Map([...known.map((each) => each.location), ...(locations?.items ?? [])].flatMap((each) => (each ? [[each.id, each.path] as const] : [])))
    const owners = new Map([...known.map((each) => each.owner), ...(users?.items ?? [])].flatMap((each) => (each ? [[each.id, each.name] as const] : [])))
    const nowhere = t`nowhere yet`
    const household = t`the household`
    const ungraded = ['', t`not looked at`] as const
    const words = {
        location: { label: t`Stands at`, show: (id: string) => places.get(id) ?? nowhere },
        owner: { label: t`Belongs to`, show: (id: string) => owners.get(id) ?? household },
        media_grade: { label: t`Record`, show: (grade: string) => grade || ungraded[1] },
        sleeve_grade: { label: t`Sleeve`, show: (grade: string) => grade || ungraded[1] },
        notes: { label: t`Notes`, show: (text: string) => text || t`none` },
    }
    return (
        <EditDialog
            title={t`Correct this copy`}
            edit={edit}
            words={words}
            onClose={onClose}
            more={<DropPhoto copy={copy} />}
        >
            <SelectField label={words.location.label} {...edit.field('location')}>
                <option value="">{nowhere}</option>
                <Options of={places} />
            </SelectField>
            {mayChooseOwner ? (
                <SelectField label={words.owner.label} {...edit.field('owner')}>
                    <option value="">{household}</option>
                    <Options of={owners} />
                </SelectField>
            ) : null}
            <Choice chips label={words.media_grade.label} value={edit.values.media_grade} choices={[ungraded, ...grades.map(itself)]} onChoose={(grade) => edit.set('media_grade', grade)} />
            <Choice chips label={words.sleeve_grade.label} value={edit.values.sleeve_grade} choices={[ungraded, ...grades.map(itself), ...sleeveOnly.map(itself)]} onChoose={(grade) => edit.set('sleeve_grade', grade)} />
            <TextArea label={words.notes.label} maxLength={10_000} {...edit.field('notes')} />
        </EditDialog>
    )
}
