import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../api/client'
import { queries } from '../../api/queries'
import type { Permission } from '../../api/types'
import { setPrefs, usePrefs, type Prefs } from '../../platform/prefs'
import { Button } from '../../ui/Button'
import { SelectField } from '../../ui/Field'
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
                    <div className={css['form']}>
                        <SelectField label={t`Paper`} value={prefs.theme} onChange={(event) => set('theme', event.target.value)}>
                            <option value="auto">{t`as the device`}</option>
                            <option value="light">{t`light`}</option>
                            <option value="dark">{t`dark`}</option>
                        </SelectField>
                        <SelectField label={t`Language`} value={prefs.locale} onChange={(event) => set('locale', event.target.value)}>
                            <option value="auto">{t`as the device`}</option>
                            <option value="en">English</option>
                            <option value="de">Deutsch</option>
                            <option value="ar">العربية</option>
                        </SelectField>
                        <SelectField label={t`Sound of a scan`} value={prefs.sound} onChange={(event) => set('sound', event.target.value)}>
                            <option value="on">{t`on`}</option>
                            <option value="off">{t`off`}</option>
                        </SelectField>
                        <SelectField label={t`Single-key shortcuts`} value={prefs.keys} onChange={(event) => set('keys', event.target.value)} hint={t`? shows them all.`}>
                            <option value="on">{t`on`}</option>
                            <option value="off">{t`off`}</option>
                        </SelectField>
                        <div className={css['links']}>
                            <Link to="/scanners">
                                <Trans>Scanners</Trans>
                            </Link>
                            <Link to="/kiosk">
                                <Trans>Full screen</Trans>
                            </Link>
                        </div>
                        <Button onClick={() => signOut.mutate()}>
                            <Trans>Sign out</Trans>
                        </Button>
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
