import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../../api/queries'
import type { InboxItem } from '../../api/types'
import { Button } from '../../ui/Button'
import { Empty, Page } from '../../ui/Page'
import { Sleeve } from '../../ui/Sleeve'
import { IdentifyDialog } from './IdentifyDialog'
import css from './inbox.module.css'
import { PressingDialog } from './PressingDialog'

function Slip({ item, onOpen }: { item: InboxItem; onOpen: () => void }) {
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
                    <bdi>{item.code}</bdi> · {item.source} · {when}
                </p>
            </div>
            <Button look={item.kind === 'pressing_open' ? 'ink' : 'plain'} onClick={onOpen}>
                {item.kind === 'pressing_open' ? t`Which pressing?` : t`Identify`}
            </Button>
        </li>
    )
}

export function InboxPage() {
    const { t } = useLingui()
    const { data: inbox } = useQuery(queries.inbox)
    const [opened, setOpened] = useState<InboxItem | null>(null)
    const items = inbox?.items ?? []
    const groups = [
        { title: t`Album known, pressing open`, items: items.filter((item) => item.kind === 'pressing_open') },
        { title: t`Not known yet`, items: items.filter((item) => item.kind !== 'pressing_open') },
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
                            <Slip key={item.id} item={item} onOpen={() => setOpened(item)} />
                        ))}
                    </ul>
                </section>
            ))}
            {opened?.kind === 'pressing_open' ? <PressingDialog item={opened} onClose={() => setOpened(null)} onLeft={setOpened} /> : null}
            {opened && opened.kind !== 'pressing_open' ? <IdentifyDialog item={opened} onClose={() => setOpened(null)} /> : null}
        </Page>
    )
}
