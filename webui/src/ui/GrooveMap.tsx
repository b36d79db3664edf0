import type { ReactNode } from 'react'
import css from './GrooveMap.module.css'

interface Props {
    /** Seconds of each track, in order. */
    lengths: readonly number[]
    /** Index of the track under the needle; -1 for none. */
    current: number
    /** How much of the side is behind the needle. */
    share: number
    spinning: boolean
    /** What stands on the label. */
    side: string
    children?: ReactNode
}

const outer = 94
const inner = 43
const pivot = { x: 214, y: 22 }
const reach = 163

/** Degrees of the arm so that its needle stands at radius `r` of a disc centred on 100, 100. */
function armAngle(r: number): number {
    const dx = 100 - pivot.x
    const dy = 100 - pivot.y
    const distance = Math.hypot(dx, dy)
    const cos = (reach ** 2 + distance ** 2 - r ** 2) / (2 * reach * distance)
    const spread = Math.acos(Math.max(-1, Math.min(1, cos)))
    return ((Math.atan2(dy, dx) - spread) * 180) / Math.PI
}

/** The side as it lies on the platter: the gaps between tracks where they are on the disc, the arm where the needle is. */
export function GrooveMap({ lengths, current, share, spinning, side }: Props) {
    const total = lengths.reduce((sum, each) => sum + each, 0) || 1
    const edge = (index: number) => outer - (lengths.slice(0, index).reduce((sum, each) => sum + each, 0) / total) * (outer - inner)
    const bands = lengths.map((_, index) => ({ from: edge(index), to: edge(index + 1) }))
    const angle = current < 0 && share === 0 ? armAngle(112) : armAngle(outer - share * (outer - inner))
    return (
        <svg className={css['map']} viewBox="-2 -2 240 204" aria-hidden="true">
            <circle className={css['mat']} cx="100" cy="100" r="101" />
            <circle className={css['vinyl']} cx="100" cy="100" r="98" />
            {bands.map((band, index) => (
                <g key={index} data-current={index === current}>
                    <circle className={css['band']} cx="100" cy="100" r={(band.from + band.to) / 2} strokeWidth={Math.max(0.5, band.from - band.to - 1.4)} />
                    {Array.from({ length: Math.max(1, Math.floor((band.from - band.to) / 2.6)) }, (_, line) => (
                        <circle key={line} className={css['line']} cx="100" cy="100" r={band.from - 1.4 - line * 2.6} />
                    ))}
                </g>
            ))}
            <path className={css['light']} d="M100 100 26 36A98 98 0 0 1 52 14.5ZM100 100 174 164A98 98 0 0 1 148 185.5Z" />
            <g className={spinning ? css['spin'] : undefined}>
                <circle className={css['label']} cx="100" cy="100" r="33" />
                <circle className={css['ring']} cx="100" cy="100" r="29.5" />
                <text className={css['side']} x="100" y="92" textAnchor="middle">
                    {side}
                </text>
                <path className={css['ring']} d="M82 113h36M86 118h28" />
            </g>
            <circle className={css['hole']} cx="100" cy="100" r="2.6" />
            <g className={css['arm']} style={{ transform: `translate(${pivot.x}px, ${pivot.y}px) rotate(${angle}deg)` }}>
                <path className={css['armShade']} d={`M0 3H${reach}`} />
                <path className={css['tube']} d={`M-20 0H${reach - 14}`} />
                <rect className={css['weight']} x="-27" y="-6" width="14" height="12" rx="2" />
                <path className={css['head']} d={`M${reach - 16}-4h14l5 3v3l-5 3h-14z`} />
            </g>
            <circle className={css['base']} cx={pivot.x} cy={pivot.y} r="11" />
            <circle className={css['hub']} cx={pivot.x} cy={pivot.y} r="5" />
        </svg>
    )
}
