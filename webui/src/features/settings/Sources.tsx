import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../../api/queries'
import { sourceName } from '../../api/sources'
import type { Source } from '../../api/types'
import { useClock } from '../../ui/useClock'
import { distance } from './model'
import css from './settings.module.css'

function SourceRow({ source }: { source: Source }) {
    const { t, i18n } = useLingui()
    const states: Record<Source['state'], string> = { off: t`switched off`, ready: t`ready`, waiting: t`waits`, unauthorised: t`not let in`, unreachable: t`not reached` }
    const ms = useClock(60_000)
    const ago = (time: string) => distance(Date.parse(time), ms, i18n.locale)
    return (
        <li data-state={source.state}>
            <p>
                <b>{sourceName(source.name)}</b>
                <span className={css['state']}>{states[source.state]}</span>
            </p>
            <small>
                {[source.detail, source.until ? t`asked again ${ago(source.until)}` : '', source.last_success_at ? t`last answer ${ago(source.last_success_at)}` : ''].filter(Boolean).join(' · ')}
                {source.requests_waiting > 0 ? (
                    <>
                        {' '}
                        <Plural value={source.requests_waiting} one="# question waits" other="# questions wait" />
                    </>
                ) : null}
            </small>
            {source.notice ? (
                <small className={css['notice']}>{source.notice_url ? <a href={source.notice_url}>{source.notice}</a> : source.notice}</small>
            ) : null}
        </li>
    )
}

/** Who on the internet is asked, and how that goes. The house works without them. */
export function Sources() {
    const { data: sources } = useQuery(queries.sources)
    return (
        <section>
            <h2>
                <Trans>Online sources</Trans>
            </h2>
            <p className={css['lead']}>
                <Trans>They add covers and facts when they can be reached. Nothing waits for them.</Trans>
            </p>
            <ul className={css['sources']}>
                {sources?.items.map((source) => (
                    <SourceRow key={source.name} source={source} />
                ))}
            </ul>
        </section>
    )
}
