import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { queries } from '../../api/queries'
import type { InboxItem } from '../../api/types'
import { Empty, Page } from '../../ui/Page'
import button from '../../ui/Button.module.css'
import { Sleeve } from '../../ui/Sleeve'
import css from './inbox.module.css'
import { PressingDialog } from './PressingDialog'

const route = getRouteApi('/house/inbox')

function Slip({ item }: { item: InboxItem }) {
    const { t, i18n } = useLingui()
    const album = item.candidates[0]
    const when = i18n.date(new Date(item.at), { dateStyle: 'medium', timeStyle: 'short' })
    return (
        <li className={css['slip']}>
            <div className={css['art']}>{album ? <Sleeve title={album.title} artist={album.artist} cover={null} disc="none" /> : <span aria-hidden="true">?</span>}</div>
            <div className={css['words']}>
                <h3 dir="auto">{album ? album.title : item.kind === 'blank_label' ? t`A new label` : t`Unknown code`}</h3>
                {album ? <p dir="auto">{album.artist}</p> : null}
                <p className={css['small']}>
                    <bdi>{item.code}</bdi> · <bdi>{item.source}</bdi> · {when}
                </p>
            </div>
            {album ? (
                <Link to="/inbox" search={{ item: item.id }} resetScroll={false} className={button['button']} data-look="ink">
                    {item.kind === 'pressing_open' ? t`Which pressing?` : t`Is it this one?`}
                </Link>
            ) : (
                <Link to="/identify" search={{ inbox: item.id }} className={button['button']}>
                    <Trans>Identify</Trans>
                </Link>
            )}
        </li>
    )
}

export function InboxPage() {
    const { t } = useLingui()
    const { item: asked } = route.useSearch()
    const navigate = route.useNavigate()
    const { data: inbox } = useQuery(queries.inbox)
    const items = inbox?.items ?? []
    const answerable = items.filter((item) => item.candidates.length > 0)
    const others = answerable.filter((item) => item.id !== asked)
    const show = (id: string | undefined) => void navigate({ search: id === undefined ? {} : { item: id }, resetScroll: false, replace: true })
    const groups = [
        { title: t`Album known, pressing open`, items: answerable.filter((item) => item.kind === 'pressing_open') },
        { title: t`Perhaps found`, items: answerable.filter((item) => item.kind !== 'pressing_open') },
        { title: t`Not known yet`, items: items.filter((item) => item.candidates.length === 0) },
    ].filter((group) => group.items.length > 0)
    return (
        <Page title={t`Inbox`} over={inbox ? <Plural value={inbox.total} _0="all done" one="# scan waits for a human" other="# scans wait for a human" /> : '\u00a0'}>
            {inbox && items.length === 0 ? (
                <Empty title={t`Nothing waits.`}>
                    <p>
                        <Trans>A scan that needs a second look comes here: several pressings under one code, or a code nobody knows.</Trans>
                    </p>
                </Empty>
            ) : null}
            {groups.map((group) => (
                <section key={group.title} className={css['group']}>
                    <h2>{group.title}</h2>
                    <ul>
                        {group.items.map((item) => (
                            <Slip key={item.id} item={item} />
                        ))}
                    </ul>
                </section>
            ))}
            {asked === undefined ? null : <PressingDialog key={asked} id={asked} waiting={others.length} onNext={() => show(others[0]?.id)} onClose={() => show(undefined)} />}
        </Page>
    )
}
