import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ChangeEvent } from 'react'
import { api, ApiError } from '../../api/client'
import { changes, disputes, isChanged, opened, rebased, shown, typed, typedSince, type Dispute, type Draft, type Side, type Values } from './draft'

interface Options<R extends { version: number }, K extends string> {
    /** Of the record, below /api/v1: read with GET, edited with PATCH. Only the one of the first call counts, as with `record`. */
    path: string
    /** Only the one of the first call counts: what the form shows does not move while it is open. */
    record: R
    valuesOf: (record: R) => Values<K>
    /** With the record as the box stores it now. */
    onStored: (stored: R) => void
    /** When all that the form shows is stored. */
    onClose: () => void
}

/** Somebody else was first: the record as it is stored now, and what has to be decided. */
export interface Conflict<R, K extends string> {
    theirs: R
    disputes: Dispute<K>[]
}

export type Edit<R, K extends string> = ReturnType<typeof useEdit<R & { version: number }, K>>

/**
 * The state of a form that edits a record: sends what was changed under the version that was read when the form opened, and asks about each field that
 * somebody else changed since. What is typed while a reply is awaited stays in the form, which then stays open.
 */
export function useEdit<R extends { version: number }, K extends string>({ path, record, valuesOf, onStored, onClose }: Options<R, K>) {
    const [target] = useState(path)
    const [draft, setDraft] = useState(() => opened(record.version, valuesOf(record)))
    const [conflict, setConflict] = useState<Conflict<R, K> | null>(null)
    /** The draft as it is when a reply arrives, which may be later than the last drawing. */
    const latest = useRef(draft)
    const keep = (next: Draft<K>) => {
        latest.current = next
        setDraft(next)
    }
    /** A form that was closed sends nothing more. */
    const closing = useRef(new AbortController())
    useEffect(() => {
        const controller = new AbortController()
        closing.current = controller
        return () => controller.abort()
    }, [])

    const arrived = (sent: Draft<K>, stored: R) => {
        const rest = typedSince(latest.current, sent, stored.version, valuesOf(stored))
        keep(rest)
        setConflict(null)
        onStored(stored)
        if (!isChanged(rest)) onClose()
    }
    /** A newer version that differs in nothing this form holds does not need anybody to decide. */
    const save = async (sent: Draft<K>, signal: AbortSignal): Promise<void> => {
        try {
            const stored = await api<R>(target, { method: 'PATCH', body: changes(sent), version: sent.version, signal })
            arrived(sent, stored)
            return
        } catch (error) {
            if (!(error instanceof ApiError && error.status === 412)) throw error
        }
        const theirs = await api<R>(target, { signal })
        const values = valuesOf(theirs)
        const open = disputes(latest.current, values)
        if (open.length > 0) {
            setConflict({ theirs, disputes: open })
            return
        }
        // What differs in `sent` alone was typed over since, with the value that is stored there now.
        const agreed = Object.fromEntries(disputes(sent, values).map(({ field }) => [field, 'theirs'])) as Partial<Record<K, Side>>
        const next = rebased(sent, theirs.version, values, agreed)
        keep(rebased(latest.current, theirs.version, values, {}))
        if (isChanged(next)) await save(next, signal)
        else arrived(next, theirs)
    }
    const saving = useMutation({
        mutationFn: ({ sent, signal }: { sent: Draft<K>; signal: AbortSignal }) => save(sent, signal),
        onError: () => setConflict(null), // back to the form, with what was decided so far
    })
    const submit = (next: Draft<K>) => {
        keep(next)
        if (isChanged(next)) saving.mutate({ sent: next, signal: closing.current.signal })
        else if (conflict) arrived(next, conflict.theirs)
        else onClose()
    }
    const set = (field: K, value: string) => keep(typed(latest.current, field, value))
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
        /** Something was typed that is not stored. */
        changed: isChanged(draft),
        save: () => submit(latest.current),
        conflict,
        /** Saves with the side that was picked for each field in dispute. */
        settle: (picked: Partial<Record<K, Side>>) => {
            if (conflict) submit(rebased(latest.current, conflict.theirs.version, valuesOf(conflict.theirs), picked))
        },
        busy: saving.isPending,
        error: saving.error,
    }
}
