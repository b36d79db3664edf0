/** The fields of a form as text; '' is none. */
export type Values<K extends string> = Record<K, string>

/** An edit that has not been saved: the record as it was when the form opened, and the fields that were changed since. Later versions of the record do not touch it. */
export interface Draft<K extends string> {
    readonly version: number
    readonly base: Values<K>
    readonly mine: Partial<Values<K>>
}

/** A field that somebody else changed after the form opened. `mine` is what the form shows; `touched`: it was changed here too. */
export interface Dispute<K extends string> {
    readonly field: K
    readonly theirs: string
    readonly mine: string
    readonly touched: boolean
}
export type Side = 'theirs' | 'mine'

const fieldsOf = <K extends string>(values: Values<K>) => Object.keys(values) as K[]

export const opened = <K extends string>(version: number, base: Values<K>): Draft<K> => ({ version, base, mine: {} })

export function typed<K extends string>(draft: Draft<K>, field: NoInfer<K>, value: string): Draft<K> {
    const mine = { ...draft.mine }
    if (value === draft.base[field]) delete mine[field]
    else mine[field] = value
    return { ...draft, mine }
}

export const isChanged = <K extends string>({ mine }: Draft<K>) => Object.keys(mine).length > 0

export const shown = <K extends string>({ base, mine }: Draft<K>): Values<K> => ({ ...base, ...mine })

/** What the box is sent: the changed fields and no others. */
export function changes<K extends string>({ mine }: Draft<K>): Partial<Record<K, string | null>> {
    const sent: Partial<Record<K, string | null>> = {}
    for (const field of Object.keys(mine) as K[]) sent[field] = mine[field] || null
    return sent
}

/** What has to be decided before this draft can be saved over a record that reads `theirs` by now. */
export function disputes<K extends string>(draft: Draft<K>, theirs: Values<K>): Dispute<K>[] {
    const here = shown(draft)
    return fieldsOf(draft.base)
        .filter((field) => theirs[field] !== draft.base[field] && theirs[field] !== here[field])
        .map((field) => ({ field, theirs: theirs[field], mine: here[field], touched: field in draft.mine }))
}

/** The draft on top of a newer version. A field of `picked` takes the side that was picked; others keep what was typed here. */
export function rebased<K extends string>(draft: Draft<K>, version: number, theirs: Values<K>, picked: Partial<Record<K, Side>>): Draft<K> {
    const here = shown(draft)
    return fieldsOf(draft.base)
        .filter((field) => (picked[field] === undefined ? field in draft.mine : picked[field] === 'mine'))
        .reduce((next, field) => typed(next, field, here[field]), opened(version, theirs))
}

/** What was typed after `sent` was sent, on top of the record that the box stored. */
export function typedSince<K extends string>(draft: Draft<K>, sent: Draft<K>, version: number, stored: Values<K>): Draft<K> {
    const here = shown(draft)
    const then = shown(sent)
    return fieldsOf(stored)
        .filter((field) => here[field] !== then[field])
        .reduce((next, field) => typed(next, field, here[field]), opened(version, stored))
}
