import { Trans, useLingui } from '@lingui/react/macro'
import { Fragment } from 'react'
import { sourceName } from '../api/sources'
import type { Attribution } from '../api/types'
import css from './SaidBy.module.css'

/** Where facts are from, and what their source wants said beside them. */
export function SaidBy({ said }: { said: readonly Attribution[] }) {
    const { i18n } = useLingui()
    if (said.length === 0) return null
    return (
        <p className={css['said']}>
            {said.map(({ source, url, notice, notice_url, fetched_at }) => (
                <Fragment key={url}>
                    <a href={url} target="_blank" rel="noreferrer">
                        <Trans>
                            Facts from {sourceName(source)}, {i18n.date(new Date(fetched_at), { dateStyle: 'medium' })}
                        </Trans>
                    </a>
                    {notice === '' ? null : (
                        <a href={notice_url || url} target="_blank" rel="noreferrer">
                            {notice}
                        </a>
                    )}
                </Fragment>
            ))}
        </p>
    )
}
