import { useId } from 'react'
import css from './Choice.module.css'

interface Props<T extends string> {
    label: string
    /** The label is only for those who listen. */
    bare?: boolean
    /** Many short ones, on as many lines as they need. */
    chips?: boolean
    value: T
    choices: readonly (readonly [T, string])[]
    onChoose: (value: T) => void
}

/** One of a few, all in sight. */
export function Choice<T extends string>({ label, bare = false, chips = false, value, choices, onChoose }: Props<T>) {
    const name = useId()
    return (
        <fieldset className={css['choice']}>
            <legend className={bare ? 'visually-hidden' : css['label']}>{label}</legend>
            <div className={chips ? css['chips'] : css['choices']}>
                {choices.map(([key, word]) => (
                    <label key={key}>
                        <input type="radio" className="over-label" name={name} checked={value === key} onChange={() => onChoose(key)} />
                        <span dir="auto">{word}</span>
                    </label>
                ))}
            </div>
        </fieldset>
    )
}
