import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { FileText } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/client'
import { queries } from '../../api/queries'
import type { Deck, Device } from '../../api/types'
import { Button } from '../../ui/Button'
import { EditDialog } from '../../ui/edit/EditDialog'
import { useEdit } from '../../ui/edit/useEdit'
import { Fault, Options, SelectField, TextField } from '../../ui/Field'
import { Empty, Page } from '../../ui/Page'
import css from './scanners.module.css'

const layouts = new Map(['us', 'uk', 'de', 'fr', 'dk', 'no', 'se', 'es', 'it'].map((layout) => [layout, layout]))

const valuesOf = ({ name, deck, layout }: Device) => ({ name, deck: deck ?? '', layout: layout ?? '' })

/** What the household calls a device, and what it stands for. */
function EditDevice({ device, decks, onClose }: { device: Device; decks: Deck[]; onClose: () => void }) {
    const { t } = useLingui()
    const client = useQueryClient()
    const edit = useEdit({
        path: `/devices/${encodeURIComponent(device.id)}`,
        record: device,
        valuesOf,
        onStored: () => void client.invalidateQueries({ queryKey: ['devices'] }),
        onClose,
    })
    // What the device has may not be in a list that is still on its way, or in no list any more.
    const withOwn = (field: 'deck' | 'layout', list: Iterable<readonly [string, string]>) => {
        const own = [device[field], edit.values[field], edit.conflict?.theirs[field]]
        return new Map([...own.flatMap((value) => (value ? [[value, value] as const] : [])), ...list])
    }
    const names = withOwn('deck', decks.map(({ id, name }) => [id, name] as const))
    const layoutNames = withOwn('layout', layouts)
    const words = {
        name: { label: t`Name`, show: (name: string) => name },
        deck: { label: t`Plays on`, show: (id: string) => names.get(id) ?? (id || t`the first deck`) },
        layout: { label: t`Keyboard layout`, show: (layout: string) => layout || t`not known` },
    }
    const fixed = (field: string) => device.pinned.includes(field)
    return (
        <EditDialog title={device.name || device.product} edit={edit} words={words} onClose={onClose}>
            <TextField label={words.name.label} autoComplete="off" maxLength={120} disabled={fixed('name')} {...edit.field('name')} />
            <SelectField label={words.deck.label} disabled={fixed('deck')} {...edit.field('deck')}>
                <option value="">{t`the first deck`}</option>
                <Options of={names} />
            </SelectField>
            {device.driver === 'hid_scanner' ? (
                <SelectField label={words.layout.label} disabled={fixed('layout')} {...edit.field('layout')}>
                    <option value="">{t`not known`}</option>
                    <Options of={layoutNames} />
                </SelectField>
            ) : null}
            {device.pinned.length > 0 ? <p>{t`Fields set in the configuration file cannot be changed here.`}</p> : null}
        </EditDialog>
    )
}

function DeviceCard({ device, decks, mayEdit }: { device: Device; decks: Deck[]; mayEdit: boolean }) {
    const { t, i18n } = useLingui()
    const client = useQueryClient()
    const [editing, setEditing] = useState(false)
    const test = useMutation({
        mutationFn: () => api<Device>(`/devices/${encodeURIComponent(device.id)}/layout-test`, { method: 'POST' }),
        onSettled: () => void client.invalidateQueries({ queryKey: ['devices'] }),
    })
    const standing = !device.present ? t`unplugged` : device.claimed ? t`ready` : t`not claimed`
    const keyboard = device.driver === 'hid_scanner'
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
            <dl className={css['facts']}>
                <div>
                    <dt>{t`Plays on`}</dt>
                    <dd dir="auto">{decks.find(({ id }) => id === device.deck)?.name ?? device.deck ?? t`the first deck`}</dd>
                </div>
                {keyboard ? (
                    <div>
                        <dt>{t`Keyboard layout`}</dt>
                        <dd>{device.layout ?? t`not known`}</dd>
                    </div>
                ) : null}
            </dl>
            {mayEdit ? (
                <div className={css['edits']}>
                    <Button onClick={() => setEditing(true)} aria-label={t`Edit ${device.name || device.product}`}>
                        <Trans>Edit</Trans>
                    </Button>
                    {keyboard ? (
                        <Button disabled={test.isPending || device.layout_test} onClick={() => test.mutate()}>
                            {device.layout_test ? t`Scan the layout test code now` : t`Find the layout`}
                        </Button>
                    ) : null}
                </div>
            ) : null}
            <Fault>{test.error?.message}</Fault>
            {editing ? <EditDevice device={device} decks={decks} onClose={() => setEditing(false)} /> : null}
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
