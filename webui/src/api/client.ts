import type { Problem } from './types'

/** What the box answered instead of doing it, or that it did not answer. */
export class ApiError extends Error {
    constructor(
        readonly status: number,
        readonly code: string,
        message: string,
        readonly field: string | null = null,
    ) {
        super(message)
    }
}

interface Options {
    method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
    body?: unknown
    image?: Blob
    version?: number
    signal?: AbortSignal
}

async function problemOf(response: Response): Promise<ApiError> {
    try {
        const problem = (await response.json()) as Partial<Problem>
        const message = problem.detail || problem.title || response.statusText
        return new ApiError(response.status, problem.code ?? 'internal', message, problem.field ?? null)
    } catch {
        return new ApiError(response.status, 'internal', response.statusText)
    }
}

/** Asks the box. `path` is below /api/v1. Throws ApiError; status 0 means the box did not answer. */
export async function api<T>(path: string, { method = 'GET', body, image, version, signal }: Options = {}): Promise<T> {
    const headers = new Headers({ Accept: 'application/json' })
    if (method !== 'GET') headers.set('X-Gatefold', '1')
    if (body !== undefined) headers.set('Content-Type', 'application/json')
    if (image) headers.set('Content-Type', image.type)
    if (version !== undefined) headers.set('If-Match', `"${version}"`)
    let response: Response
    try {
        response = await fetch(`/api/v1${path}`, {
            method,
            headers,
            body: image ?? (body === undefined ? null : JSON.stringify(body)),
            signal: signal ?? null,
        })
    } catch (error) {
        if (signal?.aborted) throw error
        throw new ApiError(0, 'unreachable', 'The box is not answering.')
    }
    if (!response.ok) throw await problemOf(response)
    if (response.status === 204) return undefined as T
    return (await response.json()) as T
}
