import type { DecodeAnswer, DecodeRequest } from './decode.worker'

/** Reads codes in pictures, in a worker of its own. */
export class Decoder {
    private readonly worker = new Worker(new URL('decode.worker.ts', import.meta.url), { type: 'module' })
    private readonly waiting = new Map<number, (answer: DecodeAnswer) => void>()
    private next = 1

    constructor() {
        this.worker.addEventListener('message', (event: MessageEvent<DecodeAnswer>) => {
            this.waiting.get(event.data.id)?.(event.data)
            this.waiting.delete(event.data.id)
        })
    }

    /** The codes in a picture; the bitmap is used up. */
    read(bitmap: ImageBitmap, turn = 0): Promise<string[]> {
        const id = this.next++
        return new Promise((resolve) => {
            this.waiting.set(id, (answer) => resolve(answer.codes))
            this.worker.postMessage({ id, bitmap, turn } satisfies DecodeRequest, [bitmap])
        })
    }

    /** A photo from a file, tried straight and turned. Empty where this browser cannot open it. */
    async readPhoto(file: Blob): Promise<string[]> {
        for (const turn of [0, 40, -40]) {
            const codes = await createImageBitmap(file, { resizeWidth: 1600, resizeQuality: 'high' }).then(
                (bitmap) => this.read(bitmap, turn),
                () => [],
            )
            if (codes.length > 0) return codes
        }
        return []
    }

    close() {
        this.worker.terminate()
        for (const [id, resolve] of this.waiting) resolve({ id, codes: [] })
        this.waiting.clear()
    }
}
