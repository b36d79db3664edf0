import { Trans } from '@lingui/react/macro'
import type { FormEvent, ReactNode } from 'react'
import { Button } from '../Button'
import { Dialog } from '../Dialog'
import { Fault } from '../Field'
import { ConflictForm, type FieldWords } from './ConflictForm'
import css from './edit.module.css'
import type { Edit } from './useEdit'
import { useLeaving } from './useLeaving'

interface Props<R, K extends string> {
    title: string
    edit: Edit<R, K>
    /** How each field is called and how its value reads, for the view of a conflict. */
    words: Record<K, FieldWords>
    onClose: () => void
    /** The fields. */
    children: ReactNode
    /** Below Save: what is done at once. */
    more?: ReactNode
}

/** The dialog of a form that edits a record; becomes the view of a conflict when somebody else was first. Asks before typed text is lost. */
export function EditDialog<R, K extends string>({ title, edit, words, onClose, children, more }: Props<R, K>) {
    const submit = (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        edit.save()
    }
    const { leave, question } = useLeaving(edit.changed, onClose)
    return (
        <>
            <Dialog title={title} onClose={leave}>
                {edit.conflict ? (
                    <ConflictForm key={JSON.stringify(edit.conflict.disputes)} disputes={edit.conflict.disputes} words={words} busy={edit.busy} onSettle={edit.settle} />
                ) : (
                    <form className={css['form']} onSubmit={submit}>
                        {children}
                        <Fault>{edit.error?.message}</Fault>
                        <Button type="submit" look="ink" big disabled={edit.busy}>
                            <Trans>Save</Trans>
                        </Button>
                        {more}
                    </form>
                )}
            </Dialog>
            {question}
        </>
    )
}
