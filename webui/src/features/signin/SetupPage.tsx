import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { api, ApiError } from '../../api/client'
import { queries } from '../../api/queries'
import type { Session } from '../../api/types'
import { Button } from '../../ui/Button'
import { Fault, TextField } from '../../ui/Field'
import { Gatefold } from './frame'
import css from './signin.module.css'

export function SetupPage() {
    const { t } = useLingui()
    const client = useQueryClient()
    const navigate = useNavigate()
    const { data: setup } = useQuery(queries.setup)
    const [fault, setFault] = useState('')
    const [busy, setBusy] = useState(false)
    const submit = async (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        setBusy(true)
        setFault('')
        try {
            const body = { code: String(form.get('code')).trim(), name: form.get('name'), password: form.get('password') }
            client.setQueryData(['session'], await api<Session>('/setup', { method: 'POST', body }))
            await navigate({ to: '/' })
        } catch (error) {
            if (error instanceof ApiError && error.status === 403) setFault(t`That code is wrong or too old. Read it again from the box.`)
            else setFault(error instanceof Error ? error.message : '')
        } finally {
            setBusy(false)
        }
    }
    if (setup && !setup.open) {
        return (
            <Gatefold title={t`Already set up`} lead={t`This box has its first account.`}>
                <Link to="/signin">
                    <Trans>Go to sign in</Trans>
                </Link>
            </Gatefold>
        )
    }
    return (
        <Gatefold title={t`Open the sleeve`} lead={t`This box is new. The setup code shows that you stand beside it: it is in the box's log and on its console.`}>
            <form className={css['form']} onSubmit={(event) => void submit(event)}>
                <div className={css['code']}>
                    <TextField label={t`Setup code`} name="code" autoComplete="one-time-code" autoCapitalize="characters" spellCheck={false} required />
                </div>
                <TextField label={t`Your name`} name="name" autoComplete="username" required />
                <TextField label={t`Password`} name="password" type="password" autoComplete="new-password" minLength={8} required hint={t`8 characters or more. A sentence is fine.`} />
                <Fault>{fault}</Fault>
                <Button type="submit" look="ink" big disabled={busy}>
                    <Trans>Make the first account</Trans>
                </Button>
            </form>
        </Gatefold>
    )
}
