export interface StreamEvent {
    id: string
    name: string
    /** Empty where the box only tells how far its log is. */
    data: string
}

const longestLine = 1_000_000

/**
 * Reads `text/event-stream` (WHATWG HTML, 9.2). `heard` is called for everything that arrives, comments too:
 * EventSource hides those, and they are what tells a quiet house from a dead line.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator<StreamEvent> {
    const reader = body.getReader()
    const decoder = new TextDecoder()
    let rest = ''
    let event: StreamEvent = { id: '', name: '', data: '' }
    for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        heard()
        const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
        rest = lines.pop() ?? ''
        if (rest.length > longestLine) throw new Error('a line without end')
        for (const raw of lines) {
            const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
            if (line === '') {
                if (event.data !== '' || event.id !== '') yield { ...event, data: event.data.slice(0, -1) }
                event = { id: '', name: '', data: '' }
                continue
            }
            const colon = line.indexOf(':')
            const field = colon < 0 ? line : line.slice(0, colon)
            const text = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
            if (field === 'data') event.data += `${text}\n`
            else if (field === 'event') event.name = text
            else if (field === 'id') event.id = text
        }
    }
}
