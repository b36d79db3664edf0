import type { ReactNode } from 'react'
import css from './signin.module.css'

/** A gatefold sleeve lying open: the record on one side, the form on the other. */
export function Gatefold({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
    return (
        <main className={css['gatefold']}>
            <title>{`${title} · Gatefold`}</title>
            <div className={css['cover']} aria-hidden="true">
                <svg viewBox="0 0 400 400">
                    <circle className={css['vinyl']} cx="330" cy="250" r="190" />
                    {[175, 160, 147, 132, 118, 104, 90].map((r) => (
                        <circle key={r} className={css['groove']} cx="330" cy="250" r={r} />
                    ))}
                    <circle className={css['label']} cx="330" cy="250" r="64" />
                    <circle className={css['hole']} cx="330" cy="250" r="5" />
                </svg>
                <p>Gatefold</p>
            </div>
            <div className={css['page']}>
                <h1>{title}</h1>
                <p className={css['lead']}>{lead}</p>
                {children}
            </div>
        </main>
    )
}
