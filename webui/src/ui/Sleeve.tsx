import { useState } from 'react'
import { sleeveArt } from './art'
import css from './Sleeve.module.css'
import { SleeveMotif } from './SleeveMotif'

interface Props {
    title: string
    artist: string
    cover: string | null
    /** The disc looks out: always, or when the sleeve is focused or pointed at. */
    disc?: 'out' | 'peek' | 'none'
    eager?: boolean
}

const shownEdge = /-480\.jpg$/

/** The box keeps every cover in three sizes; the browser takes the one that fits. */
function sizesOf(cover: string): string | undefined {
    return shownEdge.test(cover) ? [160, 480, 1000].map((edge) => `${cover.replace(shownEdge, `-${edge}.jpg`)} ${edge}w`).join(', ') : undefined
}

/** A record's sleeve: its picture, or one drawn from its words. Decoration: what it says stands beside it as text. */
export function Sleeve({ title, artist, cover, disc = 'peek', eager = false }: Props) {
    const [missing, setMissing] = useState<string | null>(null)
    const pictured = cover !== null && cover !== missing
    const art = sleeveArt(title, artist)
    const longest = Math.max(...title.split(/[\s-]+/).map((word) => word.length))
    const size = art.upper ? Math.min(9.6, 108 / longest) : Math.min(12, 126 / longest)
    return (
        <div className={css['sleeve']} data-disc={disc} aria-hidden="true">
            {disc === 'none' ? null : (
                <svg className={css['disc']} viewBox="0 0 100 100">
                    <circle className={css['vinyl']} cx="50" cy="50" r="49" />
                    {[44, 39, 34, 29, 24].map((r) => (
                        <circle key={r} className={css['groove']} cx="50" cy="50" r={r} />
                    ))}
                    <circle className={css['label']} cx="50" cy="50" r="17" />
                    <circle className={css['hole']} cx="50" cy="50" r="1.8" />
                </svg>
            )}
            <div className={css['front']} style={pictured ? undefined : { background: art.inks.paper }}>
                {pictured ? (
                    <img
                        src={cover}
                        srcSet={sizesOf(cover)}
                        sizes={eager ? '(min-width: 720px) 32rem, 90vw' : 'auto, 12rem'}
                        alt=""
                        loading={eager ? 'eager' : 'lazy'}
                        decoding="async"
                        onError={() => setMissing(cover)}
                    />
                ) : (
                    <>
                        <SleeveMotif art={art} />
                        <div className={css['words']} data-at={art.words} data-upper={art.upper} style={{ color: art.inks.type }}>
                            <b dir="auto" style={{ fontSize: `${size}cqw` }}>
                                {title}
                            </b>
                            <span dir="auto">{artist}</span>
                        </div>
                    </>
                )}
            </div>
        </div>
    )
}
