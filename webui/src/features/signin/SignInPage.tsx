import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { api, ApiError } from '../../api/client'
import type { Session } from '../../api/types'
import { Button } from '../../ui/Button'
import { Fault, TextField } from '../../ui/Field'
import { Gatefold } from './frame'
import css from './signin.module.css'

export function SignInPage() {
    const { t } = useLingui()
    const client = useQueryClient()
    const navigate = useNavigate()
    const [fault, setFault] = useState('')
    const [busy, setBusy] = useState(false)
    const submit = async (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        setBusy(true)
        setFault('')
        try {
            const session = await api<Session>('/session', { method: 'POST', body: { name: form.get('name'), password: form.get('password') } })
            client.setQueryData(['session'], session)
            await navigate({ to: '/' })
        } catch (error) {
            if (error instanceof ApiError && error.status === 401) setFault(t`That name and password do not fit together.`)
            else if (error instanceof ApiError && error.status === 429) setFault(t`Too many tries. Wait a minute, then try again.`)
            else setFault(error instanceof Error ? error.message : '')
        } finally {
            setBusy(false)
        }
    }
    return (
        <Gatefold title={t`Come in`} lead={t`The shelf is open to everybody of the household.`}>
            <form className={css['form']} onSubmit={(event) => void submit(event)}>
                <TextField label={t`Name`} name="name" autoComplete="username" autoCapitalize="none" required />
                <TextField label={t`Password`} name="password" type="password" autoComplete="current-password" required />
                <Fault>{fault}</Fault>
                <Button type="submit" look="ink" big disabled={busy}>
                    <Trans>Sign in</Trans>
                </Button>
            </form>
        </Gatefold>
    )
}
