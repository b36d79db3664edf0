import { Trans, useLingui } from '@lingui/react/macro'
import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import { Button } from '../ui/Button'
import { Empty } from '../ui/Page'
import css from './shell.module.css'

/** What happened, what is safe, one button. */
export function ErrorPage({ error }: ErrorComponentProps) {
    const { t } = useLingui()
    return (
        <main className={css['alone']}>
            <Empty title={t`This page stumbled`}>
                <p>{error instanceof Error ? error.message : String(error)}</p>
                <p>
                    <Trans>Your records and scans are safe on the box.</Trans>
                </p>
                <Button look="ink" onClick={() => location.reload()}>
                    <Trans>Load again</Trans>
                </Button>
            </Empty>
        </main>
    )
}

export function NotFound() {
    const { t } = useLingui()
    return (
        <main className={css['alone']}>
            <Empty title={t`No such page`}>
                <Link to="/">
                    <Trans>Back to the shelf</Trans>
                </Link>
            </Empty>
        </main>
    )
}
