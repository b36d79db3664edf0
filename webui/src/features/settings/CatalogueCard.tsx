import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '../../api/client'
import { clock } from '../../api/music'
import { queries } from '../../api/queries'
import type { CatalogueInfo, Job, Page } from '../../api/types'
import { Button } from '../../ui/Button'
import { Fault } from '../../ui/Field'
import { useClock } from '../../ui/useClock'
import { bytesText, distance } from './model'
import css from './settings.module.css'

const watchEvery = 1500
const lookEvery = 30_000

/** How far a new catalogue is: its phase, the rate and the time left as the box reckons them. Nothing of it yet: it has only begun. */
function Progress({ work }: { work: CatalogueInfo['in_work'] }) {
    const { t, i18n } = useLingui()
    if (!work) return <p className={css['job']}>{t`The box looks for the newest dump…`}</p>
    const percent = Math.round(work.share * 100)
    const phases: Record<typeof work.phase, string> = { download: t`The newest dump is being fetched`, build: t`A new catalogue is being built` }
    const number = new Intl.NumberFormat(i18n.locale)
    return (
        <div className={css['job']}>
            <p>
                <b>{phases[work.phase]}</b>
                <span>{percent} %</span>
            </p>
            <div className={css['bar']} role="progressbar" aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} aria-label={phases[work.phase]}>
                <i style={{ inlineSize: `${percent}%` }} />
            </div>
            <p>
                <small>
                    {work.bytes_per_s > 0 ? `${bytesText(work.bytes_per_s, i18n.locale)}/s` : null}
                    {work.releases > 0 ? ` · ${t`${number.format(work.releases)} releases read`}` : null}
                </small>
                <small>{work.seconds_left === null ? null : t`${clock(work.seconds_left)} left`}</small>
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
        [t`As of`, info.dump_date ? i18n.date(new Date(info.dump_date), { dateStyle: 'medium' }) : null],
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

const isBuilding = (jobs: Page<Job> | undefined) => jobs?.items.some((job) => job.kind.startsWith('catalogue') && job.state === 'running') ?? false

/** The offline catalogue: what it holds, how old it is, what is being done about it. */
export function CatalogueCard({ mayUpdate }: { mayUpdate: boolean }) {
    const { t } = useLingui()
    const client = useQueryClient()
    const { data: jobs } = useQuery({ ...queries.jobs, enabled: mayUpdate, refetchInterval: ({ state }) => (isBuilding(state.data) ? watchEvery : lookEvery) })
    const begun = isBuilding(jobs)
    const { data: info } = useQuery({ ...queries.catalogue, refetchInterval: ({ state }) => (begun || state.data?.in_work ? watchEvery : lookEvery) })
    const again = () => Promise.all([queries.jobs, queries.catalogue].map(({ queryKey }) => client.invalidateQueries({ queryKey })))
    const busy = begun || info?.in_work != null
    useEffect(() => {
        // What came out of it.
        if (!begun) void client.invalidateQueries({ queryKey: queries.catalogue.queryKey })
    }, [begun, client])
    const update = useMutation({ mutationFn: () => api<Job>('/catalogue/update', { method: 'POST' }), onSuccess: again })
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
            {info && busy ? <Progress work={info.in_work} /> : null}
            {info?.last_error && !busy ? (
                <p className={css['failed']} role="status">
                    {info.last_error}
                </p>
            ) : null}
            <Fault>{update.error?.message}</Fault>
            {mayUpdate && info && !busy ? (
                <div className={css['act']}>
                    <Button disabled={update.isPending} onClick={() => update.mutate()}>
                        {info.present ? t`Update now` : t`Fetch and build it`}
                    </Button>
                    <small>{t`Takes some gigabytes from the internet. The old catalogue serves until the new one is whole.`}</small>
                </div>
            ) : null}
        </section>
    )
}
