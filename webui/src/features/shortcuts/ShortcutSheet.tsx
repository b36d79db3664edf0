import { Trans, useLingui } from '@lingui/react/macro'
import { Fragment } from 'react'
import { setPrefs, usePrefs } from '../../platform/prefs'
import { Dialog } from '../../ui/Dialog'
import css from './shortcuts.module.css'

/** Every key that does something, in one sheet. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
    const { t } = useLingui()
    const { keys } = usePrefs()
    const groups: [string, [string[], string][]][] = [
        [
            t`Anywhere`,
            [
                [['/'], t`search the shelf, Ctrl K too`],
                [['a'], t`add or identify a record`],
                [['g', 's'], t`to the shelf`],
                [['g', 'c'], t`to scanning`],
                [['g', 'n'], t`to what is playing`],
                [['g', 'i'], t`to the inbox`],
                [['g', 'd'], t`to the scanners`],
                [['g', 'e'], t`to the settings`],
                [['?'], t`this sheet`],
                [['Esc'], t`close what is open`],
            ],
        ],
        [
            t`On the shelf`,
            [
                [['←', '→', '↑', '↓'], t`from sleeve to sleeve`],
                [['Home', 'End'], t`first and last`],
                [['PgUp', 'PgDn'], t`a screen up or down`],
                [['Enter'], t`open the record`],
                [['+', '-'], t`larger and smaller sleeves`],
            ],
        ],
        [
            t`While playing and scanning`,
            [
                [['f'], t`I flipped it`],
                [['c'], t`camera on and off`],
            ],
        ],
    ]
    return (
        <Dialog title={t`Keys`} onClose={onClose}>
            {groups.map(([title, rows]) => (
                <section key={title} className={css['group']}>
                    <h3>{title}</h3>
                    <dl>
                        {rows.map(([presses, text]) => (
                            <div key={text}>
                                <dt dir="ltr">
                                    {presses.map((key, index) => (
                                        <Fragment key={key}>
                                            {index > 0 ? ' ' : null}
                                            <kbd>{key}</kbd>
                                        </Fragment>
                                    ))}
                                </dt>
                                <dd>{text}</dd>
                            </div>
                        ))}
                    </dl>
                </section>
            ))}
            <label className={css['switch']}>
                <input type="checkbox" checked={keys === 'on'} onChange={(event) => setPrefs({ keys: event.target.checked ? 'on' : 'off' })} />
                <Trans>Single keys do something on this device</Trans>
            </label>
        </Dialog>
    )
}
