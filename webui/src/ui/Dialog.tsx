import { useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import css from './Dialog.module.css'

interface Props {
    title: string
    wide?: boolean
    onClose: () => void
    children: ReactNode
}

/** A sheet over the page: the browser's own dialog, with its focus and Escape. Focus returns to where it was. */
export function Dialog({ title, wide = false, onClose, children }: Props) {
    const { t } = useLingui()
    const ref = useRef<HTMLDialogElement>(null)
    const heading = useId()
    useEffect(() => {
        const before = document.activeElement
        const dialog = ref.current
        dialog?.showModal()
        // Not the cross: who opens a sheet came to read it.
        dialog?.querySelector('h2')?.focus()
        return () => {
            dialog?.close()
            // What opened it may be settled by it, and gone.
            const back = before?.isConnected ? before : document.querySelector('#main')
            if (back instanceof HTMLElement) back.focus()
        }
    }, [])
    return (
        <dialog
            ref={ref}
            className={css['dialog']}
            data-wide={wide}
            aria-labelledby={heading}
            onCancel={(event) => {
                event.preventDefault()
                onClose()
            }}
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
