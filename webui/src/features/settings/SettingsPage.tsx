import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent } from 'react'
import { api } from '../../api/client'
import { queries } from '../../api/queries'
import type { Person } from '../../api/types'
import { setPrefs, usePrefs, type Prefs } from '../../platform/prefs'
import { Button } from '../../ui/Button'
import { Fault, SelectField, TextField } from '../../ui/Field'
import { Page } from '../../ui/Page'
import table from '../../ui/table.module.css'
import css from './settings.module.css'

function Household() {
    const { t } = useLingui()
    const client = useQueryClient()
    const { data: users } = useQuery(queries.users)
    const add = useMutation({
        mutationFn: (body: unknown) => api<Person>('/users', { method: 'POST', body }),
        onSuccess: () => void client.invalidateQueries({ queryKey: ['users'] }),
    })
    const roles: Record<string, string> = { admin: t`Admin`, editor: t`Editor`, viewer: t`Viewer`, guest: t`Guest` }
    const submit = (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        const target = event.currentTarget
        const form = new FormData(target)
        const role = String(form.get('role'))
        add.mutate({ name: form.get('name'), ...(role === '' ? {} : { role, password: form.get('password') }) }, { onSuccess: () => target.reset() })
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
                    </tr>
                </thead>
                <tbody>
                    {users?.items.map((user) => (
                        <tr key={user.id}>
                            <td dir="auto">{user.name}</td>
                            <td>{user.role === null ? t`no sign-in` : (roles[user.role] ?? user.role)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            <form className={css['form']} onSubmit={submit}>
                <h3>
                    <Trans>Add somebody</Trans>
                </h3>
                <TextField label={t`Name`} name="name" autoComplete="off" required />
                <SelectField label={t`May`} name="role" defaultValue="viewer">
                    {Object.entries(roles).map(([key, word]) => (
                        <option key={key} value={key}>
                            {word}
                        </option>
                    ))}
                    <option value="">{t`no sign-in`}</option>
                </SelectField>
                <TextField label={t`Password`} name="password" type="password" autoComplete="new-password" minLength={8} hint={t`8 characters or more. A sentence is fine.`} />
                <Fault>{add.error?.message}</Fault>
                <Button type="submit" disabled={add.isPending}>
                    <Trans>Add</Trans>
                </Button>
            </form>
        </section>
    )
}

function set<K extends keyof Prefs>(key: K, value: string) {
    setPrefs({ [key]: value } as Partial<Prefs>)
    if (key === 'theme') document.documentElement.dataset['theme'] = value
    if (key === 'locale') location.reload()
}

export function SettingsPage() {
    const { t } = useLingui()
    const prefs = usePrefs()
    const client = useQueryClient()
    const { data: session } = useQuery(queries.session)
    const signOut = useMutation({
        mutationFn: () => api<void>('/session', { method: 'DELETE' }),
        onSuccess: () => {
            client.clear()
            location.assign('/signin')
        },
    })
    return (
        <Page title={t`Settings`} over={session?.name}>
            <div className={css['settings']}>
                <section>
                    <h2>
                        <Trans>This device</Trans>
                    </h2>
                    <div className={css['form']}>
                        <SelectField label={t`Paper`} value={prefs.theme} onChange={(event) => set('theme', event.target.value)}>
                            <option value="auto">{t`as the device`}</option>
                            <option value="light">{t`light`}</option>
                            <option value="dark">{t`dark`}</option>
                        </SelectField>
                        <SelectField label={t`Language`} value={prefs.locale} onChange={(event) => set('locale', event.target.value)}>
                            <option value="auto">{t`as the device`}</option>
                            <option value="en">English</option>
                            <option value="de">Deutsch</option>
                            <option value="ar">العربية</option>
                        </SelectField>
                        <SelectField label={t`Sound of a scan`} value={prefs.sound} onChange={(event) => set('sound', event.target.value)}>
                            <option value="on">{t`on`}</option>
                            <option value="off">{t`off`}</option>
                        </SelectField>
                        <SelectField label={t`Single-key shortcuts`} value={prefs.keys} onChange={(event) => set('keys', event.target.value)} hint={t`/ searches; g then s, c, n, i or d goes to shelf, scan, now, inbox, scanners.`}>
                            <option value="on">{t`on`}</option>
                            <option value="off">{t`off`}</option>
                        </SelectField>
                        <div className={css['links']}>
                            <Link to="/scanners">
                                <Trans>Scanners</Trans>
                            </Link>
                            <Link to="/kiosk">
                                <Trans>Full screen</Trans>
                            </Link>
                        </div>
                        <Button onClick={() => signOut.mutate()}>
                            <Trans>Sign out</Trans>
                        </Button>
                    </div>
                </section>
                {session?.permissions.includes('accounts_edit') ? <Household /> : null}
            </div>
        </Page>
    )
}
