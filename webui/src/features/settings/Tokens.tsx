import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState, type FormEvent } from 'react'
import { api } from '../../api/client'
import { queries } from '../../api/queries'
import type { CreatedToken, Role, Token } from '../../api/types'
import { Button } from '../../ui/Button'
import { emptyForm, Fault, SelectField, TextField } from '../../ui/Field'
import table from '../../ui/table.module.css'
import { useClock } from '../../ui/useClock'
import { distance } from './model'
import { useRoleWords } from './roles'
import css from './settings.module.css'

const scopes: Role[] = ['scanner', 'automation', 'kiosk', 'viewer', 'editor', 'admin']

/** A fresh token: seen once, so easy to take along. */
function Fresh({ token, onDone }: { token: string; onDone: () => void }) {
    const { t } = useLingui()
    const field = useRef<HTMLInputElement>(null)
    const [copied, setCopied] = useState(false)
    const copy = async () => {
        field.current?.select()
        try {
            await navigator.clipboard.writeText(token)
            setCopied(true)
        } catch {
            // Over plain http the browser keeps its clipboard shut: the text is marked, Ctrl-C takes it.
        }
    }
    return (
        <div className={css['fresh']} role="status">
            <p>
                <Trans>Copy it now: the box shows it this once and keeps only its print.</Trans>
            </p>
            <input ref={field} readOnly value={token} aria-label={t`The new token`} onFocus={(event) => event.target.select()} />
            <div className={css['row']}>
                <Button look="ink" onClick={() => void copy()}>
                    {copied ? t`Copied` : t`Copy`}
                </Button>
                <Button look="quiet" onClick={onDone}>
                    <Trans>I have it</Trans>
                </Button>
            </div>
        </div>
    )
}

function TokenRow({ token, onRevoke, busy }: { token: Token; onRevoke: () => void; busy: boolean }) {
    const { t, i18n } = useLingui()
    const words = useRoleWords()
    const ms = useClock(60_000)
    const ago = (time: string) => distance(Date.parse(time), ms, i18n.locale)
    return (
        <tr>
            <td dir="auto">
                <b>{token.name || words[token.scope]}</b>
                <br />
                <small>{words[token.scope]}</small>
            </td>
            <td>
                {token.used_at ? t`used ${ago(token.used_at)}` : t`never used`}
                {token.expires_at ? (
                    <>
                        <br />
                        <small>{t`ends ${ago(token.expires_at)}`}</small>
                    </>
                ) : null}
            </td>
            <td className={css['end']}>
                <Button look="quiet" disabled={busy} onClick={onRevoke} aria-label={t`Revoke ${token.name || token.id}`}>
                    <Trans>Revoke</Trans>
                </Button>
            </td>
        </tr>
    )
}

/** Keys for things without a person: scanners of their own, home automation, a screen on the wall. */
export function Tokens() {
    const { t } = useLingui()
    const client = useQueryClient()
    const words = useRoleWords()
    const { data: tokens } = useQuery(queries.tokens)
    const [fresh, setFresh] = useState<string | null>(null)
    const again = () => void client.invalidateQueries({ queryKey: ['tokens'] })
    const add = useMutation({
        mutationFn: (body: unknown) => api<CreatedToken>('/tokens', { method: 'POST', body }),
        onSuccess: ({ token }) => {
            setFresh(token)
            again()
        },
    })
    const revoke = useMutation({ mutationFn: (id: string) => api<void>(`/tokens/${id}`, { method: 'DELETE' }), onSuccess: again })
    const submit = (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        const target = event.currentTarget
        const form = new FormData(target)
        const expires = String(form.get('expires'))
        add.mutate(
            { scope: form.get('scope'), name: form.get('name'), ...(expires === '' ? {} : { expires_at: new Date(`${expires}T23:59:59`).toISOString() }) },
            { onSuccess: () => emptyForm(target, form) },
        )
    }
    return (
        <section>
            <h2>
                <Trans>Tokens</Trans>
            </h2>
            <p className={css['lead']}>
                <Trans>For things instead of people: scanners of your own making, home automation, a screen on the wall.</Trans>
            </p>
            {fresh === null ? null : <Fresh token={fresh} onDone={() => setFresh(null)} />}
            {tokens && tokens.items.length > 0 ? (
                <table className={table['table']}>
                    <thead>
                        <tr>
                            <th>{t`For`}</th>
                            <th>{t`Use`}</th>
                            <th>
                                <span className="visually-hidden">{t`Revoke`}</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        {tokens.items.map((token) => (
                            <TokenRow key={token.id} token={token} busy={revoke.isPending} onRevoke={() => revoke.mutate(token.id)} />
                        ))}
                    </tbody>
                </table>
            ) : null}
            <Fault>{revoke.error?.message}</Fault>
            <details className={css['more']}>
                <summary>
                    <Trans>Make a token</Trans>
                </summary>
                <form className={css['form']} onSubmit={submit}>
                    <TextField label={t`For what`} name="name" maxLength={100} required autoComplete="off" placeholder={t`Scanner by the sofa`} />
                    <SelectField label={t`May do what may do`} name="scope" defaultValue="scanner">
                        {scopes.map((scope) => (
                            <option key={scope} value={scope}>
                                {words[scope]}
                            </option>
                        ))}
                    </SelectField>
                    <TextField label={t`Until (empty: for good)`} name="expires" type="date" />
                    <Fault>{add.error?.message}</Fault>
                    <Button type="submit" disabled={add.isPending}>
                        <Trans>Make it</Trans>
                    </Button>
                </form>
            </details>
        </section>
    )
}
