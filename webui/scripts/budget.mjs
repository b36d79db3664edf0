// Fails when a built file set is larger than budgets.json allows. Bytes are gzip, as sent over plain http.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const budgets = JSON.parse(readFileSync('budgets.json', 'utf8'))
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'))

const size = (file) => {
    if (file.endsWith('.woff2')) return statSync(`dist/${file}`).size
    return existsSync(`dist/${file}.gz`) ? statSync(`dist/${file}.gz`).size : gzipSync(readFileSync(`dist/${file}`)).length
}
const total = (files) => [...files].reduce((sum, file) => sum + size(file), 0) / 1000

function closure(key, seen = new Set()) {
    if (seen.has(key)) return seen
    seen.add(key)
    for (const next of manifest[key].imports ?? []) closure(next, seen)
    return seen
}
const files = (keys, kind) =>
    new Set(
        [...keys].flatMap((key) => {
            const chunk = manifest[key]
            if (kind === 'js') return chunk.file.endsWith('.js') ? [chunk.file] : []
            if (kind === 'css') return chunk.css ?? []
            return (chunk.assets ?? []).filter((asset) => asset.endsWith(kind))
        }),
    )

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry)
const shelf = Object.keys(manifest).find((key) => key.endsWith('features/shelf/ShelfPage.tsx'))
const english = Object.keys(manifest).find((key) => key.endsWith('locales/en/first.po'))
const first = new Set([entry, shelf, english].filter(Boolean).flatMap((key) => [...closure(key)]))
const firstFonts = [...new Set(Object.values(manifest).map((chunk) => chunk.file))].filter((file) => /latin-wght-normal.*woff2$/.test(file))

const rows = [
    ['first screen JS', total(files(first, 'js')), budgets.first_screen.js],
    ['first screen CSS', total(files(first, 'css')), budgets.first_screen.css],
    ['first screen fonts', total(firstFonts), budgets.first_screen.fonts],
]
for (const [key, chunk] of Object.entries(manifest)) {
    if (!chunk.isDynamicEntry || first.has(key)) continue
    const own = [...closure(key)].filter((each) => !first.has(each))
    const scan = /scan\/ScanPage/.test(key)
    rows.push([key.replace('src/', ''), total(files(own, 'js')), scan ? budgets.scan.js : budgets.lazy_route.js])
}
// The worker's files are built apart and stand in no manifest.
for (const file of readdirSync('dist/assets')) {
    if (file.endsWith('.wasm')) rows.push(['zxing wasm', size(`assets/${file}`) / 1000, budgets.scan.wasm])
    if (/^decode\.worker.*\.js$/.test(file)) rows.push(['zxing worker', size(`assets/${file}`) / 1000, budgets.scan.js])
}

let over = 0
for (const [name, kilobytes, limit] of rows) {
    const bad = !(kilobytes <= limit)
    over += bad ? 1 : 0
    console.log(`${bad ? 'OVER' : 'ok  '} ${kilobytes.toFixed(1).padStart(7)} / ${String(limit).padStart(3)} KB  ${name}`)
}
console.log(over === 0 ? 'budget kept' : `${over} over budget`)
process.exit(over === 0 ? 0 : 1)
