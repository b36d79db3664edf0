import type { ReactNode } from 'react'
import type { SleeveArt } from './art'

function arcs({ inks, turn }: SleeveArt) {
    const corner = [
        [0, 100],
        [100, 100],
        [100, 30],
        [0, 30],
    ][turn] as [number, number]
    return [78, 66, 54, 42, 30, 18].map((r, i) => <circle key={r} cx={corner[0]} cy={corner[1]} r={r} fill={i % 2 ? inks.paper : i === 4 ? inks.two : inks.one} />)
}
function sun({ inks, seed }: SleeveArt) {
    const x = 30 + (seed % 5) * 10
    return (
        <>
            <circle cx={x} cy="56" r="26" fill={inks.one} />
            {[58, 66, 74, 82, 90].map((y, i) => (
                <rect key={y} x="0" y={y} width="100" height={2 + i * 1.4} fill={i % 2 ? inks.two : inks.paper} />
            ))}
        </>
    )
}
function keys({ inks, seed }: SleeveArt) {
    return Array.from({ length: 11 }, (_, i) => {
        const h = 14 + ((seed >>> i) % 9) * 6
        return <rect key={i} x={4 + i * 8.5} y={96 - h} width="5.6" height={h} fill={(seed >>> (i + 3)) % 4 === 0 ? inks.two : inks.one} />
    })
}
function dots({ inks, seed }: SleeveArt) {
    const odd = seed % 36
    return Array.from({ length: 36 }, (_, i) => (
        <circle key={i} cx={13 + (i % 6) * 14.8} cy={24 + Math.floor(i / 6) * 13.2} r={i === odd ? 6.4 : 3.6} fill={i === odd ? inks.one : inks.two} />
    ))
}
function stripes({ inks, turn }: SleeveArt) {
    return (
        <g transform={`rotate(${[-32, 32, -58, 58][turn] ?? 0} 50 50)`}>
            {[0, 1, 2, 3, 4].map((i) => (
                <rect key={i} x="-40" y={34 + i * 9} width="180" height={[7, 5.5, 4, 2.5, 1.2][i]} fill={i % 2 ? inks.two : inks.one} />
            ))}
        </g>
    )
}
function tiles({ inks, seed }: SleeveArt) {
    return Array.from({ length: 12 }, (_, i) => {
        const x = (i % 4) * 25
        const y = 25 + Math.floor(i / 4) * 25
        const turn = ((seed >>> i) % 4) * 90
        return (
            <path
                key={i}
                d={`M${x} ${y}h25a25 25 0 0 1-25 25z`}
                fill={(seed >>> (i + 2)) % 3 ? inks.one : inks.two}
                transform={`rotate(${turn} ${x + 12.5} ${y + 12.5})`}
            />
        )
    })
}
function waves({ inks, seed }: SleeveArt) {
    return Array.from({ length: 13 }, (_, i) => {
        const y = 32 + i * 5
        const lift = 4 + ((seed >>> i) % 6) * 2.4
        return (
            <path
                key={i}
                d={`M8 ${y}h20c6 0 8-${lift} 13-${lift}s4 ${lift * 0.7} 9 ${lift * 0.7} 5-${lift * 1.2} 10-${lift * 1.2} 6 ${lift * 1.5} 12 ${lift * 1.5}h20`}
                fill={inks.paper}
                stroke={i % 5 === 2 ? inks.one : inks.two}
                strokeWidth="1.1"
            />
        )
    })
}
function peaks({ inks }: SleeveArt) {
    return (
        <>
            <path d="M-5 100 32 38l37 62z" fill={inks.one} />
            <path d="M38 100 70 54l36 46z" fill={inks.two} />
            <circle cx="52" cy="50" r="7" fill={inks.two} />
        </>
    )
}
function disc({ inks, turn }: SleeveArt) {
    const x = [50, 78, 22, 64][turn] ?? 50
    return (
        <>
            <circle cx={x} cy="60" r="36" fill={inks.one} />
            <circle cx={x} cy="60" r="12" fill={inks.paper} />
            <circle cx={x} cy="60" r="2.4" fill={inks.two} />
        </>
    )
}
function cut({ inks, turn }: SleeveArt) {
    return (
        <g transform={`rotate(${turn * 90} 50 50)`}>
            <path d="M0 50h100v50H0z" fill={inks.one} />
            <path d="M50 14a36 36 0 0 1 0 72z" fill={inks.two} />
        </g>
    )
}

const drawings: ((art: SleeveArt) => ReactNode)[] = [arcs, sun, keys, dots, stripes, tiles, waves, peaks, disc, cut]

export function SleeveMotif({ art }: { art: SleeveArt }) {
    return (
        <svg viewBox="0 0 100 100" aria-hidden="true" preserveAspectRatio="xMidYMax slice">
            <rect width="100" height="100" fill={art.inks.paper} />
            {drawings[art.motif]?.(art)}
        </svg>
    )
}
