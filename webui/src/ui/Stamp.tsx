import { useLingui } from '@lingui/react/macro'
import type { Outcome } from '../api/types'
import css from './Stamp.module.css'

/** What a scan did, as a librarian's ink stamp. */
export function Stamp({ outcome, undone = false }: { outcome: Outcome | null; undone?: boolean }) {
    const { t } = useLingui()
    const words: Record<Outcome, string> = {
        control: t`Card`,
        played: t`Playing`,
        added: t`In`,
        duplicate: t`Twin`,
        found: t`Found`,
        looked_up: t`Seen`,
        ambiguous: t`Which?`,
        unknown: t`New?`,
        invalid: t`Misread`,
        lent: t`Out`,
        returned: t`Back`,
    }
    return (
        <span className={css['stamp']} data-outcome={outcome ?? 'waiting'} data-undone={undone}>
            {outcome === null ? t`Read` : words[outcome]}
        </span>
    )
}
