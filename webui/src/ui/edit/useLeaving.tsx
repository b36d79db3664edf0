import { Trans, useLingui } from '@lingui/react/macro'
import { useBlocker } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../Button'
import { Dialog } from '../Dialog'
import css from './edit.module.css'

function Question({ onStay, onDiscard }: { onStay: () => void; onDiscard: () => void }) {
    const { t } = useLingui()
    return (
        <Dialog role="alertdialog" title={t`Discard your changes?`} onClose={onStay}>
            <div className={css['answers']}>
                <Button look="ink" big onClick={onStay}>
                    <Trans>Continue editing</Trans>
                </Button>
                <Button big onClick={onDiscard}>
                    <Trans>Discard</Trans>
                </Button>
            </div>
        </Dialog>
    )
}

const always = () => true

/** Asks before a form with changed fields is left by `leave`, by the browser's Back or by any other navigation. A reload is asked about by the browser itself. */
export function useLeaving(changed: boolean, onClose: () => void) {
    const [asked, setAsked] = useState(false)
    const blocker = useBlocker({ shouldBlockFn: always, disabled: !changed, withResolver: true })
    const waiting = useRef(blocker)
    useEffect(() => {
        waiting.current = blocker
    }, [blocker])
    // A navigation that waits for the answer goes on once the form is gone: discarded, or stored meanwhile.
    useEffect(() => () => waiting.current.proceed?.(), [])
    const stay = () => {
        setAsked(false)
        blocker.reset?.()
    }
    return {
        leave: () => (changed ? setAsked(true) : onClose()),
        question: changed && (asked || blocker.status === 'blocked') ? <Question onStay={stay} onDiscard={onClose} /> : null,
    }
}
