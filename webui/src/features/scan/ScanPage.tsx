import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Camera, ImageUp, Keyboard } from 'lucide-react'
import { useCallback, useRef, useState, type FormEvent } from 'react'
import { api } from '../../api/client'
import { queries } from '../../api/queries'
import type { DecodedCode, Scan, ScanAnswer } from '../../api/types'
import { Decoder } from '../../platform/decoder'
import { scanSource } from '../../platform/prefs'
import { canUseCamera } from '../../platform/secure'
import { Button } from '../../ui/Button'
import { Choice } from '../../ui/Choice'
import { Fault, TextField } from '../../ui/Field'
import { Page } from '../../ui/Page'
import { Stamp } from '../../ui/Stamp'
import { LiveCamera } from './LiveCamera'
import { controlCard, type PageMode } from './model'
import css from './scan.module.css'

const idleReset = 25 * 60_000

/** Scans under this device's name; the mode is told to the box by the same control cards that hang on the shelf. */
function useScanning(mode: PageMode) {
    const told = useRef<{ mode: PageMode; at: number }>({ mode: 'play', at: 0 })
    const send = useCallback(
        async (code: string) => {
            const source = scanSource()
            if (told.current.mode !== mode || Date.now() - told.current.at > idleReset) {
                await api<ScanAnswer>('/scans', { method: 'POST', body: { code: controlCard(mode), source } })
            }
            told.current = { mode, at: Date.now() }
            return api<ScanAnswer>('/scans', { method: 'POST', body: { code, source } })
        },
        [mode],
    )
    return useMutation({ mutationFn: send })
}

/** A code in a photo: read on this device, on the box where this device cannot. */
async function readPhoto(file: File): Promise<string | null> {
    const decoder = new Decoder()
    try {
        const [own] = await decoder.readPhoto(file)
        if (own !== undefined) return own
    } finally {
        decoder.close()
    }
    if (file.type !== 'image/jpeg' && file.type !== 'image/png') return null
    const { codes } = await api<{ codes: DecodedCode[] }>('/photos/decode', { method: 'POST', image: file })
    return codes[0]?.text ?? null
}

function Journal({ scans }: { scans: Scan[] }) {
    const { t, i18n } = useLingui()
    return (
        <section className={css['journal']}>
            <h2>
                <Trans>Just scanned</Trans>
            </h2>
            {scans.length === 0 ? <p>{t`Nothing yet. The next scan of any scanner in the house lands here.`}</p> : null}
            <ol>
                {scans.map((scan) => (
                    <li key={scan.id}>
                        <Stamp outcome={scan.outcome} undone={scan.undone} />
                        <div>
                            <p dir="auto">{scan.copy_id ? <Link to="/record/$copyId" params={{ copyId: scan.copy_id }}>{scan.message}</Link> : scan.message}</p>
                            <small>
                                <bdi>{scan.code}</bdi> · <bdi>{scan.source}</bdi> · {i18n.date(new Date(scan.at), { timeStyle: 'short' })}
                            </small>
                        </div>
                    </li>
                ))}
            </ol>
        </section>
    )
}

export function ScanPage() {
    const { t } = useLingui()
    const [mode, setMode] = useState<PageMode>('play')
    const [live, setLive] = useState(false)
    const [typed, setTyped] = useState('')
    const [note, setNote] = useState('')
    const file = useRef<HTMLInputElement>(null)
    const scanning = useScanning(mode)
    const { mutate } = scanning
    const { data: scans } = useQuery(queries.scans)
    const secure = canUseCamera()
    const seen = useCallback((code: string) => mutate(code), [mutate])

    const photo = async (chosen: File | undefined) => {
        if (!chosen) return
        setNote(t`Reading the photo…`)
        try {
            const code = await readPhoto(chosen)
            setNote(code === null ? t`No code found. Come closer, and keep the bars straight and in the light.` : '')
            if (code !== null) mutate(code)
        } catch (error) {
            setNote(error instanceof Error ? error.message : '')
        }
        if (file.current) file.current.value = ''
    }
    const submit = (event: FormEvent) => {
        event.preventDefault()
        if (typed.trim() === '') return
        // Not what was typed while the box thought.
        mutate(typed.trim(), { onSuccess: () => setTyped((now) => (now === typed ? '' : now)) })
    }
    const modes: [PageMode, string, string][] = [
        ['play', t`Play`, t`A scan puts the record on the deck.`],
        ['add', t`Add`, t`A scan puts the record on your shelf.`],
        ['find', t`Find`, t`A scan says where the record stands.`],
        ['lookup', t`Look up`, t`A scan only says what it is.`],
    ]
    return (
        <Page title={t`Scan`} over={modes.find(([key]) => key === mode)?.[2]}>
            <div className={css['scan']}>
                <div className={css['desk']}>
                    <Choice bare label={t`What a scan does`} value={mode} choices={modes.map(([key, word]) => [key, word] as const)} onChoose={setMode} />
                    {live ? (
                        <LiveCamera onCode={seen} onClose={() => setLive(false)} />
                    ) : (
                        <div className={css['panel']}>
                            {secure ? (
                                <Button look="ink" big data-key="c" onClick={() => setLive(true)}>
                                    <Camera aria-hidden="true" />
                                    <Trans>Open the camera</Trans>
                                </Button>
                            ) : (
                                <p>
                                    <Trans>
                                        You came by <bdi>{location.origin}</bdi>. Browsers open a live camera only over https or on the box itself. A photo works everywhere.
                                    </Trans>
                                </p>
                            )}
                            <Button look={secure ? 'plain' : 'ink'} big onClick={() => file.current?.click()}>
                                <ImageUp aria-hidden="true" />
                                <Trans>Take a photo</Trans>
                            </Button>
                            <input ref={file} className="visually-hidden" type="file" accept="image/*" capture="environment" tabIndex={-1} aria-label={t`Photo of a barcode`} onChange={(event) => void photo(event.target.files?.[0])} />
                        </div>
                    )}
                    <p role="status" className={css['note']}>
                        {note}
                    </p>
                    <form className={css['typed']} onSubmit={submit}>
                        <TextField label={t`Or type the number under the bars`} value={typed} onChange={(event) => setTyped(event.target.value)} inputMode="numeric" autoComplete="off" maxLength={512} />
                        <Button type="submit" big disabled={scanning.isPending}>
                            <Keyboard aria-hidden="true" />
                            <Trans>Enter</Trans>
                        </Button>
                    </form>
                    <Fault>{scanning.error?.message}</Fault>
                    <p>
                        <Link to="/identify" className={css['other']}>
                            <Trans>No barcode? Type what is printed on it</Trans>
                        </Link>
                    </p>
                </div>
                <Journal scans={scans?.items.slice(0, 12) ?? []} />
            </div>
        </Page>
    )
}
