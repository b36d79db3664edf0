/// <reference lib="webworker" />
import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader'
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'

// Without this the library asks a foreign host for its wasm.
prepareZXingModule({ overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasm : prefix + path) } })

const options: ReaderOptions = {
    formats: ['EAN-13', 'EAN-8', 'UPC-A', 'UPC-E', 'QRCode', 'Code128'],
    tryHarder: true,
    tryRotate: true,
    tryInvert: false,
    maxNumberOfSymbols: 4,
}

export interface DecodeRequest {
    id: number
    bitmap: ImageBitmap
    /** Degrees by which to turn the picture first: a linear code that lies at 35° is not read straight. */
    turn: number
}
export interface DecodeAnswer {
    id: number
    codes: string[]
    failed?: string
}

const canvas = new OffscreenCanvas(1, 1)

function pixels({ bitmap, turn }: DecodeRequest): ImageData {
    canvas.width = bitmap.width
    canvas.height = bitmap.height
    const context = canvas.getContext('2d', { willReadFrequently: true })
    if (!context) throw new Error('no canvas')
    context.translate(bitmap.width / 2, bitmap.height / 2)
    context.rotate((turn * Math.PI) / 180)
    context.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2)
    return context.getImageData(0, 0, bitmap.width, bitmap.height)
}

addEventListener('message', async (event: MessageEvent<DecodeRequest>) => {
    const { id, bitmap } = event.data
    try {
        const results = await readBarcodes(pixels(event.data), options)
        postMessage({ id, codes: results.filter((each) => each.isValid).map((each) => each.text) } satisfies DecodeAnswer)
    } catch (error) {
        postMessage({ id, codes: [], failed: String(error) } satisfies DecodeAnswer)
    } finally {
        bitmap.close()
    }
})
