import { Trans, useLingui } from '@lingui/react/macro'
import { Flashlight, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { closeCamera, hasTorch, openCamera, setTorch } from '../../platform/camera'
import { Decoder } from '../../platform/decoder'
import { Button } from '../../ui/Button'
import { Fault } from '../../ui/Field'
import { Sightings } from './model'
import css from './scan.module.css'

const between = 60
const hintAfter = 3000
// Every third frame is also tried turned: a linear code that lies slanted is not read straight.
const turns = [0, 0, 40, 0, 0, -40]

/** Reads frames until `signal`; calls back once for each new code. */
async function watch(video: HTMLVideoElement, decoder: Decoder, signal: AbortSignal, onCode: (code: string) => void) {
    const sightings = new Sightings()
    for (let frame = 0; !signal.aborted; frame++) {
        if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
            const codes = await decoder.read(await createImageBitmap(video), turns[frame % turns.length])
            if (signal.aborted) return
            for (const code of codes) if (sightings.isNew(code, performance.now())) onCode(code)
        }
        await new Promise((resolve) => setTimeout(resolve, between))
    }
}

export function LiveCamera({ onCode, onClose }: { onCode: (code: string) => void; onClose: () => void }) {
    const { t } = useLingui()
    const video = useRef<HTMLVideoElement>(null)
    const [stream, setStream] = useState<MediaStream | null>(null)
    const [torch, setTorchOn] = useState(false)
    const [fault, setFault] = useState('')
    const [last, setLast] = useState('')
    const [slow, setSlow] = useState(false)

    useEffect(() => {
        const stop = new AbortController()
        const decoder = new Decoder()
        let opened: MediaStream | undefined
        let hint = setTimeout(() => setSlow(true), hintAfter)
        const start = async () => {
            opened = await openCamera()
            if (stop.signal.aborted || !video.current) return closeCamera(opened)
            setStream(opened)
            video.current.srcObject = opened
            await video.current.play()
            await watch(video.current, decoder, stop.signal, (code) => {
                setLast(code)
                setSlow(false)
                clearTimeout(hint)
                hint = setTimeout(() => setSlow(true), hintAfter * 3)
                onCode(code)
            })
        }
        start().catch((error: unknown) => {
            if (!stop.signal.aborted) setFault(error instanceof DOMException && error.name === 'NotAllowedError' ? t`The browser was told not to give the camera. Allow it beside the address.` : String(error))
        })
        return () => {
            stop.abort()
            clearTimeout(hint)
            decoder.close()
            if (opened) closeCamera(opened)
        }
    }, [onCode, t])

    return (
        <div className={css['live']}>
            {/* What the camera sees has no words. */}
            {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
            <video ref={video} playsInline muted aria-label={t`Camera`} />
            <div className={css['frame']} aria-hidden="true" />
            <p role="status">{last === '' ? (slow ? t`Hold steady, or move back a little.` : t`Point at the barcode.`) : last}</p>
            <div className={css['tools']}>
                {stream && hasTorch(stream) ? (
                    <Button
                        aria-pressed={torch}
                        onClick={() => {
                            void setTorch(stream, !torch)
                            setTorchOn(!torch)
                        }}
                    >
                        <Flashlight aria-hidden="true" />
                        <Trans>Light</Trans>
                    </Button>
                ) : null}
                <Button data-key="c" onClick={onClose}>
                    <X aria-hidden="true" />
                    <Trans>Close the camera</Trans>
                </Button>
            </div>
            <Fault>{fault}</Fault>
        </div>
    )
}
