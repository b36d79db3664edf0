import { Trans, useLingui } from '@lingui/react/macro'
import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import { Button } from '../ui/Button'
import button from '../ui/Button.module.css'
import { Empty, Page } from '../ui/Page'
import css from './shell.module.css'

/** What happened, what is safe, one button. */
export function ErrorPage({ error }: ErrorComponentProps) {
    const { t } = useLingui()
    return (
        <div className={css['alone']}>
            <Page title={t`This page stumbled`}>
                <Empty title={t`Your records and scans are safe on the box.`}>
                    <p>{error instanceof Error ? error.message : String(error)}</p>
                    <Button look="ink" big onClick={() => location.reload()}>
                        <Trans>Load again</Trans>
                    </Button>
                </Empty>
            </Page>
        </div>
    )
}

export function NotFound() {
    const { t } = useLingui()
    return (
        <Page title={t`No such page`}>
            <Empty title={t`Nothing stands at this address.`}>
                <Link to="/" className={button['button']}>
                    <Trans>Back to the shelf</Trans>
                </Link>
            </Empty>
        </Page>
    )
}
