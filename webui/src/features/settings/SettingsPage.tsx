import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../api/client'
import { queries } from '../../api/queries'
import type { Permission } from '../../api/types'
import { setPrefs, usePrefs, type Prefs } from '../../platform/prefs'
import { Button } from '../../ui/Button'
import { Choice } from '../../ui/Choice'
import { Page } from '../../ui/Page'
import { CatalogueCard } from './CatalogueCard'
import { Household } from './Household'
import css from './settings.module.css'
import { Sources } from './Sources'
import { Tokens } from './Tokens'

function set<K extends keyof Prefs>(key: K, value: string) {
    setPrefs({ [key]: value } as Partial<Prefs>)
    if (key === 'theme') document.documentElement.dataset['theme'] = value
    if (key === 'locale') location.reload()
}

export function SettingsPage() {
    const { t } = useLingui()
    const prefs = usePrefs()
    const client = useQueryClient()
    const { data: session } = useQuery(queries.session)
    const may = (permission: Permission) => session?.permissions.includes(permission) ?? false
    const signOut = useMutation({
        mutationFn: () => api<void>('/session', { method: 'DELETE' }),
        onSuccess: () => {
            client.clear()
            location.assign('/signin')
        },
    })
    return (
        <Page title={t`Settings`} over={session?.name}>
            <div className={css['settings']}>
                <section>
                    <h2>
                        <Trans>This device</Trans>
                    </h2>
                    <div className={css['device']}>
                        <Choice label={t`Paper`} value={prefs.theme} choices={[['auto', t`as the device`], ['light', t`light`], ['dark', t`dark`]]} onChoose={(value) => set('theme', value)} />
                        <Choice label={t`Language`} value={prefs.locale} choices={[['auto', t`as the device`], ['en', 'English'], ['de', 'Deutsch'], ['ar', 'العربية']]} onChoose={(value) => set('locale', value)} />
                        <Choice label={t`Sound of a scan`} value={prefs.sound} choices={[['on', t`on`], ['off', t`off`]]} onChoose={(value) => set('sound', value)} />
                        <div>
                            <Choice label={t`Single-key shortcuts`} value={prefs.keys} choices={[['on', t`on`], ['off', t`off`]]} onChoose={(value) => set('keys', value)} />
                            <small>{t`? shows them all.`}</small>
                        </div>
                        <div className={css['links']}>
                            <Link to="/scanners">
                                <Trans>Scanners</Trans>
                            </Link>
                            <Link to="/kiosk">
                                <Trans>Full screen</Trans>
                            </Link>
                            <Button look="quiet" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
                                <Trans>Sign out</Trans>
                            </Button>
                        </div>
                    </div>
                </section>
                {may('collection_read') ? <CatalogueCard mayUpdate={may('system_edit')} /> : null}
                {may('devices_read') ? <Sources /> : null}
                {may('accounts_edit') ? <Household /> : null}
                {may('accounts_edit') ? <Tokens /> : null}
            </div>
        </Page>
    )
}
