import { useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import { useEffect, useId, useRef, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import css from './Dialog.module.css'

interface Props {
    title: string
    role?: 'alertdialog'
    wide?: boolean
    /** Somebody wants it closed, by the cross, Escape, a press beside it or the device's Back. It stays open for as long as it is rendered. */
    onClose: () => void
    children: ReactNode
}

/** A sheet over the page: the browser's own dialog, with its focus. Focus returns to where it was. */
export function Dialog({ title, role, wide = false, onClose, children }: Props) {
    const { t } = useLingui()
    const ref = useRef<HTMLDialogElement>(null)
    const heading = useId()
    const pressedBeside = useRef(false)
    useEffect(() => {
        const before = document.activeElement
        const dialog = ref.current
        dialog?.showModal()
        // Not the cross: who opens a sheet came to read it.
        dialog?.querySelector('h2')?.focus()
        return () => {
            dialog?.close()
            if (before instanceof HTMLElement && before.isConnected) before.focus()
            // What opened it may be settled by it, and gone.
            else if (document.activeElement === document.body) document.querySelector<HTMLElement>('#main')?.focus()
        }
    }, [])
    // The browser lets only the first Escape be refused, so it does not get to see any.
    const escape = (event: KeyboardEvent) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
        event.preventDefault()
        onClose()
    }
    const isBeside = ({ target, clientX: x, clientY: y }: MouseEvent) => {
        const dialog = ref.current
        if (dialog === null || target !== dialog) return false
        const { left, right, top, bottom } = dialog.getBoundingClientRect()
        return x < left || x > right || y < top || y > bottom
    }
    const press = (event: MouseEvent) => {
        pressedBeside.current = isBeside(event)
        if (pressedBeside.current) event.preventDefault() // the focus stays in the field
    }
    const release = (event: MouseEvent) => {
        if (pressedBeside.current && isBeside(event)) onClose()
    }
    // The device's Back may close it unasked.
    const closedByBrowser = () => {
        if (ref.current?.open !== false) return
        ref.current.showModal()
        onClose()
    }
    return (
        // What is under the pointer is the page behind it, and the cross does the same.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <dialog
            ref={ref}
            role={role}
            className={css['dialog']}
            data-wide={wide}
            aria-labelledby={heading}
            onKeyDown={escape}
            onMouseDown={press}
            onClick={release}
            onCancel={(event) => {
                event.preventDefault()
                onClose()
            }}
            onClose={closedByBrowser}
        >
            <header className={css['head']}>
                <h2 id={heading} tabIndex={-1}>{title}</h2>
                <button type="button" className={css['close']} onClick={onClose} aria-label={t`Close`}>
                    <X aria-hidden="true" />
                </button>
            </header>
            <div className={css['body']}>{children}</div>
        </dialog>
    )
}
