import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type SelectHTMLAttributes } from 'react'
import { api } from '../../api/client'
import { queries } from '../../api/queries'
import type { Person, Role } from '../../api/types'
import { Button } from '../../ui/Button'
import { EditDialog } from '../../ui/edit/EditDialog'
import { useEdit } from '../../ui/edit/useEdit'
import { emptyForm, Fault, SelectField, TextField } from '../../ui/Field'
import table from '../../ui/table.module.css'
import { useRoleWords } from './roles'
import css from './settings.module.css'

const people = ['admin', 'editor', 'viewer', 'guest'] as const

function RoleField(state: SelectHTMLAttributes<HTMLSelectElement>) {
    const { t } = useLingui()
    const words = useRoleWords()
    return (
        <SelectField label={t`May`} name="role" {...state}>
            {people.map((key) => (
                <option key={key} value={key}>
                    {words[key]}
                </option>
            ))}
            <option value="">{t`no sign-in`}</option>
        </SelectField>
    )
}

/** A password is never read back: what the box holds is an empty field. */
const valuesOf = ({ name, role }: Person) => ({ name, role: role ?? '', password: '' })

/** Name, role and a new password of somebody. */
function EditPerson({ person, onClose }: { person: Person; onClose: () => void }) {
    const { t } = useLingui()
    const client = useQueryClient()
    const roles = useRoleWords()
    const edit = useEdit({
        path: `/users/${person.id}`,
        record: person,
        valuesOf,
        onStored: () => {
            for (const key of ['users', 'tokens', 'session']) void client.invalidateQueries({ queryKey: [key] })
        },
        onClose,
    })
    const words = {
        name: { label: t`Name`, show: (name: string) => name },
        role: { label: t`May`, show: (role: string) => roles[role as Role] ?? t`no sign-in` },
        password: { label: t`New password`, show: () => '' },
    }
    return (
        <EditDialog title={person.name} edit={edit} words={words} onClose={onClose}>
            <TextField label={words.name.label} autoComplete="off" required {...edit.field('name')} />
            <RoleField {...edit.field('role')} />
            <TextField
                label={words.password.label}
                type="password"
                autoComplete="new-password"
                minLength={8}
                hint={t`Leave it empty to keep the old one. A new password ends the person's other sign-ins and the tokens they made.`}
                {...edit.field('password')}
            />
        </EditDialog>
    )
}

/** Who belongs to the house, and what each may do. */
export function Household() {
    const { t } = useLingui()
    const client = useQueryClient()
    const words = useRoleWords()
    const { data: users } = useQuery(queries.users)
    const [edited, setEdited] = useState<Person | null>(null)
    const add = useMutation({
        mutationFn: (body: unknown) => api<Person>('/users', { method: 'POST', body }),
        onSuccess: () => void client.invalidateQueries({ queryKey: ['users'] }),
    })
    const submit = (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        const target = event.currentTarget
        const form = new FormData(target)
        const role = String(form.get('role'))
        add.mutate({ name: form.get('name'), ...(role === '' ? {} : { role, password: form.get('password') }) }, { onSuccess: () => emptyForm(target, form) })
    }
    return (
        <section>
            <h2>
                <Trans>Household</Trans>
            </h2>
            <table className={table['table']}>
                <thead>
                    <tr>
                        <th>{t`Name`}</th>
                        <th>{t`May`}</th>
                        <th>
                            <span className="visually-hidden">{t`Change`}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {users?.items.map((user) => (
                        <tr key={user.id}>
                            <td dir="auto">{user.name}</td>
                            <td>{user.role === null ? t`no sign-in` : words[user.role]}</td>
                            <td className={css['end']}>
                                <Button look="quiet" onClick={() => setEdited(user)} aria-label={t`Change ${user.name}`}>
                                    <Trans>Change</Trans>
                                </Button>
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
            <details className={css['more']}>
                <summary>
                    <Trans>Add somebody</Trans>
                </summary>
                <form className={css['form']} onSubmit={submit}>
                    <TextField label={t`Name`} name="name" autoComplete="off" required />
                    <RoleField defaultValue="viewer" />
                    <TextField label={t`Password`} name="password" type="password" autoComplete="new-password" minLength={8} hint={t`8 characters or more. A sentence is fine.`} />
                    <Fault>{add.error?.message}</Fault>
                    <Button type="submit" disabled={add.isPending}>
                        <Trans>Add</Trans>
                    </Button>
                </form>
            </details>
            {edited ? <EditPerson key={edited.id} person={edited} onClose={() => setEdited(null)} /> : null}
        </section>
    )
}
