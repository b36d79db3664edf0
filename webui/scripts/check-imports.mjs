// The folders of src/ may only look one way, and only some may touch the network, streams or devices.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve, dirname } from 'node:path'

const layers = {
    styles: [],
    locales: [],
    platform: [],
    api: [],
    live: ['api'],
    ui: ['api', 'platform'],
    dev: ['api'],
    features: ['api', 'live', 'ui', 'platform'],
    app: ['features', 'api', 'live', 'ui', 'platform', 'styles', 'locales'],
}
const only = [
    [/\bfetch\(/, ['api', 'live', 'dev'], 'only api/ and live/ fetch'],
    [/new (EventSource|SharedWorker)\(/, ['live', 'dev'], 'only live/ opens streams'],
    [/mediaDevices|AudioContext|wakeLock/, ['platform', 'dev'], 'only platform/ touches devices'],
    [/dangerouslySetInnerHTML|innerHTML/, [], 'no markup from strings'],
    [/^( *)\S.*useMutation\(\{\n(?:\1 .*\n)*?\1 .*\bnavigate\(/m, [], 'navigate in mutate(): the options of useMutation also run when the page was left'],
]

const source = resolve('src')
let faults = 0
const fault = (file, text) => {
    faults++
    console.error(`${relative('.', file)}: ${text}`)
}

for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name) || entry.name.endsWith('.d.ts')) continue
    const file = join(entry.parentPath, entry.name)
    const [folder, feature] = relative(source, file).split('/')
    const text = readFileSync(file, 'utf8')
    const test = /\.test\.tsx?$/.test(entry.name)
    for (const [, from] of text.matchAll(/from '(\.[^']+)'|import\('(\.[^']+)'\)/g)) {
        if (from === undefined) continue
        const [target, other] = relative(source, resolve(dirname(file), from)).split('/')
        if (target === folder) {
            if (folder === 'features' && other !== feature) fault(file, `feature ${feature} imports feature ${other}`)
        } else if (!layers[folder]?.includes(target) && !(test && target === 'dev')) fault(file, `${folder} may not import ${target}`)
    }
    for (const [pattern, folders, why] of only) {
        if (pattern.test(text) && !folders.includes(folder) && !test) fault(file, why)
    }
}
process.exit(faults === 0 ? 0 : 1)
