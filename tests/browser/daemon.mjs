// Starts the real daemon on a folder of its own and talks to it.
import { spawn, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump } from './records.mjs'

const build = process.env['GATEFOLD_BUILD_DIR']

function program(name) {
    const found = ['sbin', 'bin', 'daemon', 'cli', 'daemon/cli'].map((folder) => join(build ?? '', folder, name)).find((path) => existsSync(path))
    if (!build || !found) throw new Error(`no ${name} below GATEFOLD_BUILD_DIR=${build}`)
    return found
}

function freePort() {
    return new Promise((resolve) => {
        const server = createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address()
            server.close(() => resolve(port))
        })
    })
}

const offline = ['discogs', 'musicbrainz', 'coverart'].map((source) => `[lookup.${source}]\nenabled = false\n`).join('')

/** A running daemon, with a catalogue and without the internet unless said otherwise: its address, its setup code, and how to ask and stop it. */
export async function startDaemon({ catalogue = true, more = offline } = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'gatefold-browser-'))
    const port = await freePort()
    const config = join(folder, 'gatefold.toml')
    writeFileSync(config, `[http]\nlisten = "127.0.0.1"\nport = ${port}\ntls_port = 0\n[store]\npath = "${folder}"\n[mqtt]\nenabled = false\n${more}`)
    writeFileSync(join(folder, 'dump.xml'), dump())
    if (catalogue) execFileSync(program('gatefold'), ['--config', config, 'catalogue', 'build', join(folder, 'dump.xml')], { stdio: 'pipe' })

    const daemon = spawn(program('gatefoldd'), ['--config', config], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    const hear = (chunk) => {
        said += chunk
    }
    daemon.stdout.on('data', hear)
    daemon.stderr.on('data', hear)
    const url = `http://localhost:${port}`
    for (let tries = 0; !/Setup code: (\S+)/.test(said); tries++) {
        if (tries > 200 || daemon.exitCode !== null) throw new Error(`the daemon did not start:\n${said}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
    }
    let cookie = ''
    /** One question on a connection of its own: one kept from before may be closed by the daemon just then. */
    const send = (method, path, body) =>
        new Promise((resolve, reject) => {
            const asked = request(`${url}/api/v1${path}`, { method, agent: false, headers: { 'Content-Type': 'application/json', 'X-Gatefold': '1', Origin: url, Cookie: cookie, ...(method === 'PATCH' ? { 'If-Match': '*' } : {}) } }, async (response) => {
                let text = ''
                for await (const chunk of response.setEncoding('utf8')) text += chunk
                if (response.statusCode < 400) resolve({ headers: response.headers, text })
                else reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`))
            })
            asked.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body))
        })
    return {
        url,
        code: /Setup code: (\S+)/.exec(said)[1],
        async signIn(name, password) {
            const { headers } = await send('POST', '/session', { name, password })
            cookie = headers['set-cookie'][0].split(';')[0]
        },
        /** A browser of the first admin's. */
        async admin(browser, options = {}) {
            const { headers } = await send('POST', '/setup', { code: /Setup code: (\S+)/.exec(said)[1], name: 'Anna', password: 'a long sentence of mine' })
            cookie = headers['set-cookie'][0].split(';')[0]
            const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
            const [name, value] = cookie.split('=')
            await context.addCookies([{ name, value, url }])
            return context
        },
        async ask(method, path, body) {
            const { text } = await send(method, path, body)
            return text === '' ? null : JSON.parse(text)
        },
        cookie: () => cookie,
        log: () => said,
        async stop() {
            daemon.kill('SIGTERM')
            await new Promise((resolve) => daemon.once('exit', resolve))
            rmSync(folder, { recursive: true, force: true })
        },
    }
}
