import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { clock } from '../../api/music'
import { queries } from '../../api/queries'
import type { CatalogueInfo, Job } from '../../api/types'
import { useClock } from '../../ui/useClock'
import { bytesText, distance, timeLeft } from './model'
import css from './settings.module.css'

const watchEvery = 2000

/** How far a job has come, at which rate (the box says it) and for how long. */
function Progress({ job }: { job: Job }) {
    const { t } = useLingui()
    const ms = useClock(1000)
    const percent = Math.round(job.progress * 100)
    const left = timeLeft(job, ms)
    return (
        <div className={css['job']}>
            <p>
                <b>{job.kind.startsWith('catalogue') ? t`A new catalogue is being built` : job.kind}</b>
                <span>{percent} %</span>
            </p>
            <div className={css['bar']} role="progressbar" aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} aria-label={t`Progress`}>
                <i style={{ inlineSize: `${percent}%` }} />
            </div>
            <p>
                <small>{job.message}</small>
                <small>{left === null ? null : t`${clock(left)} left`}</small>
            </p>
        </div>
    )
}

function Facts({ info }: { info: CatalogueInfo }) {
    const { t, i18n } = useLingui()
    const ms = useClock(60_000)
    const number = (value: number) => new Intl.NumberFormat(i18n.locale).format(value)
    const rows: [string, string | null][] = [
        [t`Releases`, number(info.releases)],
        [t`Barcodes`, number(info.barcodes)],
        [t`Catalogue numbers`, number(info.catnos)],
        [t`Runouts`, number(info.runouts)],
        [t`Built`, info.built_at ? distance(Date.parse(info.built_at), ms, i18n.locale) : null],
        [t`Size`, bytesText(info.bytes, i18n.locale)],
        [t`Holds`, info.all_formats ? t`all formats` : t`vinyl and shellac`],
        [t`From`, info.source],
    ]
    return (
        <dl className={css['facts']}>
            {rows.map(([word, value]) =>
                value === null ? null : (
                    <div key={word}>
                        <dt>{word}</dt>
                        <dd>
                            <bdi>{value}</bdi>
                        </dd>
                    </div>
                ),
            )}
        </dl>
    )
}

/** The offline catalogue: what it holds, how old it is, what is being done about it. */
export function CatalogueCard({ seesJobs }: { seesJobs: boolean }) {
    const { data: info } = useQuery(queries.catalogue)
    const { data: jobs } = useQuery({
        ...queries.jobs,
        enabled: seesJobs,
        refetchInterval: ({ state }) => (state.data?.items.some((job) => job.state === 'running') ? watchEvery : 15_000),
    })
    const running = jobs?.items.find((job) => job.kind.startsWith('catalogue') && job.state === 'running')
    const last = jobs?.items.find((job) => job.kind.startsWith('catalogue'))
    return (
        <section>
            <h2>
                <Trans>Catalogue</Trans>
            </h2>
            {info && !info.present ? (
                <p className={css['lead']}>
                    <Trans>The box has no catalogue yet. Build one from a Discogs releases dump: records without a barcode are found by it, with the internet cable pulled out.</Trans>
                </p>
            ) : null}
            {info?.present ? <Facts info={info} /> : null}
            {running ? <Progress job={running} /> : null}
            {!running && last?.state === 'failed' ? (
                <p className={css['failed']} role="status">
                    {last.message}
                </p>
            ) : null}
        </section>
    )
}
