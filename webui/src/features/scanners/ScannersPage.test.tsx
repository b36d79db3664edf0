import { QueryClient } from '@tanstack/react-query'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { queries } from '../../api/queries'
import type { Deck, Device, Page, Session } from '../../api/types'
import { Around, testRouter } from '../../ui/testing'
import { ScannersPage } from './ScannersPage'

const device = { id: 'd_1', version: 1, driver: 'hid_scanner', kind: 'scanner', port: 'usb:1-1.3', product: 'ACME Laser 7', name: 'Shelf', deck: 'cellar', layout: 'pt', pinned: [] as string[], last_scan_at: null } as Device

afterEach(() => {
    cleanup()
    vi.unstubAllGlobals()
})

it('shows the deck and the layout that a device has, also when no list has them, and offers them again', async () => {
    const sent: unknown[] = []
    vi.stubGlobal('fetch', async (_path: string, { method, body }: RequestInit) => {
        if (method === 'PATCH') sent.push(JSON.parse(String(body)))
        return new Response(JSON.stringify(method === 'PATCH' ? { ...device, version: 2 } : { items: [device] }))
    })
    const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } })
    client.setQueryData<Session | null>(queries.session.queryKey, { permissions: ['devices_edit'] } as Session)
    client.setQueryData<Page<Deck>>(queries.decks.queryKey, { items: [{ id: 'main', name: 'Living room' }], next: null, total: 1 } as Page<Deck>)
    client.setQueryData<Page<Device>>(queries.devices.queryKey, { items: [device], next: null, total: 1 })
    render(
        <Around router={testRouter()} client={client}>
            <ScannersPage />
        </Around>,
    )
    await userEvent.click(screen.getByRole('button', { name: 'Edit Shelf' }))
    const deck = screen.getByLabelText<HTMLSelectElement>('Plays on')
    const layout = screen.getByLabelText<HTMLSelectElement>('Keyboard layout')
    expect([deck.value, layout.value]).toEqual(['cellar', 'pt'])
    expect([...deck.options].map(({ text }) => text)).toEqual(['the first deck', 'cellar', 'Living room'])
    await userEvent.selectOptions(deck, 'main')
    await userEvent.selectOptions(layout, 'de')
    await userEvent.selectOptions(deck, 'cellar')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(sent).toEqual([{ layout: 'de' }]))
})
