import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes } from 'react'
import css from './Field.module.css'

interface Words {
    label: string
    hint?: ReactNode
}

export function TextField({ label, hint, ...rest }: Words & InputHTMLAttributes<HTMLInputElement>) {
    const id = useId()
    return (
        <div className={css['field']}>
            <label htmlFor={id}>{label}</label>
            <input id={id} aria-describedby={hint ? `${id}-hint` : undefined} {...rest} />
            {hint ? <small id={`${id}-hint`}>{hint}</small> : null}
        </div>
    )
}

export function SelectField({ label, hint, children, ...rest }: Words & SelectHTMLAttributes<HTMLSelectElement>) {
    const id = useId()
    return (
        <div className={css['field']}>
            <label htmlFor={id}>{label}</label>
            <select id={id} {...rest}>
                {children}
            </select>
            {hint ? <small>{hint}</small> : null}
        </div>
    )
}

/** A select's options: value → what stands there, in the order of what stands there. */
export function Options({ of }: { of: ReadonlyMap<string, string> }) {
    return [...of]
        .toSorted(([, one], [, other]) => one.localeCompare(other))
        .map(([value, text]) => (
            <option key={value} value={value}>
                {text}
            </option>
        ))
}

export function TextArea({ label, hint, ...rest }: Words & TextareaHTMLAttributes<HTMLTextAreaElement>) {
    const id = useId()
    return (
        <div className={css['field']}>
            <label htmlFor={id}>{label}</label>
            <textarea id={id} {...rest} />
            {hint ? <small>{hint}</small> : null}
        </div>
    )
}

/** Empties a form that was stored as `sent`, but for the fields that were typed in since. */
export function emptyForm(form: HTMLFormElement, sent: FormData) {
    const typed = [...new FormData(form)].filter(([name, value]) => value !== sent.get(name))
    form.reset()
    for (const [name, value] of typed) {
        const field = form.elements.namedItem(name)
        if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = String(value)
    }
}

export function Fault({ children }: { children: ReactNode }) {
    return children ? (
        <p className={css['fault']} role="alert">
            {children}
        </p>
    ) : null
}
