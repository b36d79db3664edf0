import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useId, useRef, useState, type FormEvent } from 'react'
import { Button } from '../Button'
import type { Dispute, Side } from './draft'
import css from './edit.module.css'

export interface FieldWords {
    label: string
    show: (value: string) => string
}

interface ValueProps {
    name: string
    caption: string
    value: string
    checked: boolean
    disabled: boolean
    onPick: () => void
}

function Value({ name, caption, value, checked, disabled, onPick }: ValueProps) {
    return (
        <label className={css['value']}>
            <input type="radio" name={name} required checked={checked} disabled={disabled} onChange={onPick} />
            <small>{caption}</small>
            <span dir="auto">{value}</span>
        </label>
    )
}

interface Props<K extends string> {
    disputes: Dispute<K>[]
    words: Record<K, FieldWords>
    busy: boolean
    onSettle: (picked: Partial<Record<K, Side>>) => void
}

/** Both values of each field that somebody else changed. One that was changed on both sides has to be picked. */
export function ConflictForm<K extends string>({ disputes, words, busy, onSettle }: Props<K>) {
    const { t } = useLingui()
    const id = useId()
    const heading = useRef<HTMLHeadingElement>(null)
    const [picked, setPicked] = useState<Partial<Record<K, Side>>>(() => {
        const first: Partial<Record<K, Side>> = {}
        for (const { field, touched } of disputes) if (!touched) first[field] = 'theirs'
        return first
    })
    useEffect(() => heading.current?.focus(), [])
    const submit = (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        onSettle(picked)
    }
    return (
        <form className={css['form']} onSubmit={submit}>
            <div className={css['notice']} role="alert">
                <h3 ref={heading} tabIndex={-1}>
                    <Trans>Changed elsewhere</Trans>
                </h3>
                <p>
                    <Trans>These fields were saved elsewhere while you were editing. Choose a value for each; your other changes are saved as well.</Trans>
                </p>
            </div>
            {disputes.map(({ field, theirs, mine, touched }) => {
                const { label, show } = words[field]
                const value = (side: Side, caption: string, text: string) => (
                    <Value name={`${id}-${field}`} caption={caption} value={show(text)} checked={picked[field] === side} disabled={busy} onPick={() => setPicked({ ...picked, [field]: side })} />
                )
                return (
                    <fieldset key={field} className={css['dispute']}>
                        <legend>{label}</legend>
                        <div className={css['sides']}>
                            {value('theirs', t`Saved elsewhere`, theirs)}
                            {value('mine', touched ? t`Your input` : t`Before`, mine)}
                        </div>
                    </fieldset>
                )
            })}
            <Button type="submit" look="ink" big disabled={busy}>
                <Trans>Save</Trans>
            </Button>
        </form>
    )
}
