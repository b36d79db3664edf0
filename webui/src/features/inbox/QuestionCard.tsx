import { Plural, useLingui } from '@lingui/react/macro'
import type { Question } from '../../api/types'
import css from './question.module.css'

const other = 'other'

/** One question, its answers big enough for a thumb, each with how many pressings it leaves. */
export function QuestionCard({ question, busy, onAnswer }: { question: Question; busy: boolean; onAnswer: (value: string | null, text: string) => void }) {
    const { t } = useLingui()
    const asks: Record<Question['field'], [string, string]> = {
        country: [t`Which country is printed on it?`, t`Another country`],
        catno: [t`Which catalogue number is printed on it?`, t`Another number`],
        year: [t`Which year is printed on it?`, t`Another year`],
        colour: [t`What colour is the record?`, t`Another colour`],
        runout: [t`What is scratched into the run-out groove?`, t`Something else`],
    }
    const [ask, another] = asks[question.field]
    return (
        <section className={css['question']} aria-labelledby="question">
            <h3 id="question">{ask}</h3>
            <div className={css['answers']}>
                {question.answers.map((answer) => {
                    const text = answer.value === other ? another : answer.text
                    return (
                        <button key={answer.value} type="button" className={css['answer']} data-long={text.length > 16} disabled={busy} onClick={() => onAnswer(answer.value, text)}>
                            <b dir="auto">{text}</b>
                            <small>
                                <Plural value={answer.release_ids.length} one="# pressing" other="# pressings" />
                            </small>
                        </button>
                    )
                })}
                <button type="button" className={css['answer']} data-shrug="true" disabled={busy} onClick={() => onAnswer(null, '')}>
                    <b>{t`I don't know`}</b>
                    <small>{t`ask me something else`}</small>
                </button>
            </div>
        </section>
    )
}
