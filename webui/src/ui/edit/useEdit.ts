import { useMutation } from '@tanstack/react-query'
import { useState, type ChangeEvent } from 'react'
import { api, ApiError } from '../../api/client'
import { changes, disputes, opened, rebased, shown, typed, type Dispute, type Draft, type Side, type Values } from './draft'

interface Options<R extends { version: number }, K extends string> {
    /** Of the record, below /api/v1: read with GET, edited with PATCH. */
    path: string
    /** Only the one of the first call counts: what the form shows does not move while it is open. */
    record: R
    valuesOf: (record: R) => Values<K>
    /** With the record as it is stored now; null when there was nothing to save. */
    onDone: (saved: R | null) => void
}

/** Somebody else was first: the record as it is stored now, and what has to be decided. */
export interface Conflict<R, K extends string> {
    theirs: R
    disputes: Dispute<K>[]
}

export type Edit<R, K extends string> = ReturnType<typeof useEdit<R & { version: number }, K>>

/** The state of a form that edits a record: sends what was changed under the version that was read when the form opened, and asks about each field that somebody else changed since. */
export function useEdit<R extends { version: number }, K extends string>({ path, record, valuesOf, onDone }: Options<R, K>) {
    const [draft, setDraft] = useState(() => opened(record.version, valuesOf(record)))
    const [conflict, setConflict] = useState<Conflict<R, K> | null>(null)

    /** Null when somebody has to decide first. A newer version that differs in nothing this form holds does not need anybody. */
    const save = async (from: Draft<K>): Promise<R | null> => {
        setDraft(from)
        try {
            return await api<R>(path, { method: 'PATCH', body: changes(from), version: from.version })
        } catch (error) {
            if (!(error instanceof ApiError && error.status === 412)) throw error
        }
        const theirs = await api<R>(path)
        const values = valuesOf(theirs)
        const open = disputes(from, values)
        if (open.length > 0) {
            setConflict({ theirs, disputes: open })
            return null
        }
        const next = rebased(from, theirs.version, values, {})
        return Object.keys(next.mine).length === 0 ? theirs : save(next)
    }
    const saving = useMutation({
        mutationFn: save,
        onSuccess: (saved) => {
            if (saved !== null) onDone(saved)
        },
        onError: () => setConflict(null), // back to the form, with what was decided so far
    })
    const set = (field: K, value: string) => setDraft((old) => typed(old, field, value))
    const submit = (from: Draft<K>) => {
        if (Object.keys(from.mine).length === 0) onDone(conflict?.theirs ?? null)
        else saving.mutate(from)
    }
    const values = shown(draft)
    return {
        values,
        set,
        /** The properties that make an input show and edit one field. */
        field: (name: K) => ({
            name,
            value: values[name],
            onChange: (event: ChangeEvent<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>) => set(name, event.target.value),
        }),
        save: () => submit(draft),
        conflict,
        /** Saves with the side that was picked for each field in dispute. */
        settle: (picked: Partial<Record<K, Side>>) => {
            if (conflict) submit(rebased(draft, conflict.theirs.version, valuesOf(conflict.theirs), picked))
        },
        busy: saving.isPending,
        error: saving.error,
    }
}
