import { useLingui } from '@lingui/react/macro'
import type { Role } from '../../api/types'

/** What people call the roles and the scopes of tokens. */
export function useRoleWords(): Record<Role, string> {
    const { t } = useLingui()
    return { admin: t`Admin`, editor: t`Editor`, viewer: t`Viewer`, guest: t`Guest`, scanner: t`Scanner`, automation: t`Home automation`, kiosk: t`Kiosk` }
}
