import type { ReactNode } from 'react'
import css from './Page.module.css'

interface Props {
    title: string
    /** A line of small print above the title. */
    over?: ReactNode
    aside?: ReactNode
    /** The title steps back behind what the page shows. */
    quiet?: boolean
    children: ReactNode
}

/** A page's frame: one shared edge, one title. */
export function Page({ title, over, aside, quiet = false, children }: Props) {
    return (
        <>
            <title>{`${title} · Gatefold`}</title>
            <header className={css['head']} data-quiet={quiet}>
                <div>
                    {over ? <p className={css['over']}>{over}</p> : null}
                    <h1 dir="auto">{title}</h1>
                </div>
                {aside ? <div className={css['aside']}>{aside}</div> : null}
            </header>
            {children}
        </>
    )
}

/** Nothing here yet, and the next thing to do with one's hands. */
export function Empty({ title, children, art }: { title: string; children?: ReactNode; art?: ReactNode }) {
    return (
        <div className={css['empty']}>
            {art ?? (
                <svg viewBox="0 0 180 100" aria-hidden="true">
                    <path className={css['shelf']} d="M6 92h168" />
                    <path className={css['outline']} d="M18 20h9v72h-9zM32 14h7v78h-7zM126 16h8v76h-8zM139 22h10v70h-10zM154 18h6v74h-6z" />
                    <path className={css['red']} d="m52 92 16-70 8 2-16 68z" />
                    <circle className={css['disc']} cx="98" cy="68" r="24" />
                    <circle className={css['red']} cx="98" cy="68" r="8" />
                </svg>
            )}
            <h2>{title}</h2>
            {children ? <div className={css['text']}>{children}</div> : null}
        </div>
    )
}
