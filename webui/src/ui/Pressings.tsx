import { useLingui } from '@lingui/react/macro'
import { compare, shortly, type Column } from '../api/pressings'
import type { Candidate } from '../api/types'
import css from './Pressings.module.css'
import table from './table.module.css'
import { useMedia } from './useMedia'

interface Props {
    candidates: readonly Candidate[]
    owned: ReadonlySet<number>
    chosen: number | null
    onChoose: (release: number) => void
    /** The radio buttons' group, one a list. */
    group: string
}

function useColumnWords(): Record<Column, string> {
    const { t } = useLingui()
    return { country: t`Country`, year: t`Year`, label: t`Label`, catno: t`Cat. no.`, format: t`Format`, colour: t`Colour`, runout: t`Runout`, tracks: t`Tracks` }
}

const nameOf = (candidate: Candidate) => shortly(candidate) || candidate.title

/** A word that stands out from what the other pressings say is marked. */
function Word({ text, apart }: { text: string; apart: boolean }) {
    if (text === '') return <span className={css['unknown']}>–</span>
    return apart ? (
        <mark className={css['apart']} dir="auto">
            {text}
        </mark>
    ) : (
        <span dir="auto">{text}</span>
    )
}

/** Pressings side by side: a table where there is room, cards on a phone. Only what differs, and what stands out marked. */
export function Pressings({ candidates, owned, chosen, onChoose, group }: Props) {
    const { t } = useLingui()
    const words = useColumnWords()
    const roomy = useMedia('(min-width: 720px)')
    const { differ, same, rows } = compare(candidates)
    const reasonOf = ({ match, why }: Candidate) => (match === 'weak' ? t`perhaps: ${why}` : why)
    const reasons = new Set(candidates.map(reasonOf))
    const [reason = ''] = reasons
    const shown = reasons.size > 1 || candidates.some((each) => owned.has(each.release_id))
    const radio = (candidate: Candidate) => (
        <input type="radio" name={group} aria-label={nameOf(candidate)} checked={chosen === candidate.release_id} onChange={() => onChoose(candidate.release_id)} />
    )
    const why = (candidate: Candidate) => (
        <>
            {owned.has(candidate.release_id) ? <b className={css['owned']}>{t`You own this one.`}</b> : null} {reasons.size > 1 ? reasonOf(candidate) : null}
        </>
    )
    return (
        <>
            <p className={css['same']}>
                {candidates.length > 1 && same.length > 0 ? <span>{t`all`}</span> : null} <bdi>{same.join(' · ')}</bdi>
                {reasons.size === 1 ? <i>{t`found by ${reason}`}</i> : null}
            </p>
            {roomy ? (
                // A wide table scrolls by itself, so it takes the keyboard too.
                // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
                <div className={table['scroll']} tabIndex={0} role="region" aria-label={t`Pressings`}>
                    <table className={table['table']}>
                        <thead>
                            <tr>
                                <th>
                                    <span className="visually-hidden">{t`Choose`}</span>
                                </th>
                                {differ.map((column) => (
                                    <th key={column}>{words[column]}</th>
                                ))}
                                {shown ? <th>{reasons.size > 1 ? t`Found by` : <span className="visually-hidden">{t`Found by`}</span>}</th> : null}
                            </tr>
                        </thead>
                        <tbody>
                            {rows.map(({ candidate, cells }) => (
                                <tr key={candidate.release_id} className={css['row']} data-chosen={chosen === candidate.release_id} onClick={() => onChoose(candidate.release_id)}>
                                    <td>{radio(candidate)}</td>
                                    {cells.map(({ column, text, apart }) => (
                                        <td key={column}>
                                            <Word text={text} apart={apart} />
                                        </td>
                                    ))}
                                    {shown ? <td className={css['why']}>{why(candidate)}</td> : null}
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            ) : (
                <ul className={css['cards']} aria-label={t`Pressings`}>
                    {rows.map(({ candidate, cells }) => (
                        <li key={candidate.release_id}>
                            <label className={css['card']} data-chosen={chosen === candidate.release_id}>
                                {radio(candidate)}
                                <span className={css['facts']}>
                                    {cells.map(({ column, text, apart }) => (
                                        <span key={column}>
                                            <small>{words[column]}</small>
                                            <Word text={text} apart={apart} />
                                        </span>
                                    ))}
                                    {shown ? <span className={css['why']}>{why(candidate)}</span> : null}
                                </span>
                            </label>
                        </li>
                    ))}
                </ul>
            )}
        </>
    )
}
