import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { FileText } from 'lucide-react'
import { api } from '../../api/client'
import { queries } from '../../api/queries'
import type { Deck, Device } from '../../api/types'
import { Button } from '../../ui/Button'
import { Fault, SelectField } from '../../ui/Field'
import { Empty, Page } from '../../ui/Page'
import css from './scanners.module.css'

const layouts = ['us', 'uk', 'de', 'fr', 'dk', 'no', 'se', 'es', 'it']

function DeviceCard({ device, decks, mayEdit }: { device: Device; decks: Deck[]; mayEdit: boolean }) {
    const { t, i18n } = useLingui()
    const client = useQueryClient()
    const fresh = () => void client.invalidateQueries({ queryKey: ['devices'] })
    const edit = useMutation({
        mutationFn: (body: { deck?: string | null; layout?: string | null }) => api<Device>(`/devices/${encodeURIComponent(device.id)}`, { method: 'PATCH', body, version: device.version }),
        onSettled: fresh,
    })
    const test = useMutation({ mutationFn: () => api<Device>(`/devices/${encodeURIComponent(device.id)}/layout-test`, { method: 'POST' }), onSettled: fresh })
    const standing = !device.present ? t`unplugged` : device.claimed ? t`ready` : t`not claimed`
    return (
        <li className={css['card']} data-on={device.present && device.claimed}>
            <header>
                <svg viewBox="0 0 64 64" aria-hidden="true">
                    {device.kind === 'camera' ? <path d="M8 18h12l4-6h16l4 6h12v34H8zM32 25a10 10 0 1 0 0 20 10 10 0 0 0 0-20z" /> : <path d="M10 10h34l8 8v8l-8 6H32l-6 22H14l4-24h-8zM54 12v16M59 9v22" />}
                </svg>
                <div>
                    <h2 dir="auto">{device.name || device.product}</h2>
                    <p>
                        {device.product} · <bdi>{device.port}</bdi>
                    </p>
                </div>
                <b className={css['standing']}>{standing}</b>
            </header>
            {device.note ? <p className={css['note']}>{device.note}</p> : null}
            <p className={css['small']}>
                {device.last_scan_at === null ? t`Has not scanned since the box started.` : t`Last scan ${i18n.date(new Date(device.last_scan_at), { dateStyle: 'medium', timeStyle: 'short' })}`}
            </p>
            {mayEdit ? (
                <div className={css['edits']}>
                    <SelectField label={t`Plays on`} value={device.deck ?? ''} disabled={device.pinned.includes('deck')} onChange={(event) => edit.mutate({ deck: event.target.value || null })}>
                        <option value="">{t`the first deck`}</option>
                        {decks.map((deck) => (
                            <option key={deck.id} value={deck.id}>
                                {deck.name}
                            </option>
                        ))}
                    </SelectField>
                    {device.driver === 'hid_scanner' ? (
                        <>
                            <SelectField label={t`Keyboard layout`} value={device.layout ?? ''} disabled={device.pinned.includes('layout')} onChange={(event) => edit.mutate({ layout: event.target.value || null })}>
                                <option value="">{t`not known`}</option>
                                {layouts.map((layout) => (
                                    <option key={layout}>{layout}</option>
                                ))}
                            </SelectField>
                            <Button disabled={test.isPending || device.layout_test} onClick={() => test.mutate()}>
                                {device.layout_test ? t`Scan the layout test code now` : t`Find the layout`}
                            </Button>
                        </>
                    ) : null}
                </div>
            ) : null}
            <Fault>{edit.error?.message ?? test.error?.message}</Fault>
        </li>
    )
}

export function ScannersPage() {
    const { t } = useLingui()
    const { data: devices } = useQuery(queries.devices)
    const { data: decks } = useQuery(queries.decks)
    const { data: session } = useQuery(queries.session)
    const mayEdit = session?.permissions.includes('devices_edit') ?? false
    return (
        <Page
            title={t`Scanners`}
            over={t`Plugged into the box`}
            aside={
                <a className={css['cards']} href="/api/v1/cards.pdf" target="_blank" rel="noreferrer">
                    <FileText aria-hidden="true" />
                    <Trans>Print the control cards</Trans>
                </a>
            }
        >
            {devices && devices.items.length === 0 ? (
                <Empty title={t`Plug a scanner into the box.`}>
                    <p>
                        <Trans>Any USB barcode scanner will do. It appears here within three seconds; no driver, no setting.</Trans>
                    </p>
                </Empty>
            ) : null}
            <ul className={css['list']}>
                {devices?.items.map((device) => (
                    <DeviceCard key={device.id} device={device} decks={decks?.items ?? []} mayEdit={mayEdit} />
                ))}
            </ul>
        </Page>
    )
}
