// The top line: center and station, the search that is always there, who is logged in. Amber in training mode.
import { Menu } from '@mantine/core';
import { IconLock, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { Output } from '../../shared/api/index.ts';
import { useText } from '../i18n/index.ts';
import { showDone, showFailure } from '../parts/notices.ts';
import { StepMenu } from '../parts/StepMenu.tsx';
import { PasswordDialog, PinDialog } from '../screens/login/OwnSecrets.tsx';
import { call } from './api.ts';
import { LineMenu } from './LineMenu.tsx';
import { rememberSession, type Session, useSession } from './session.tsx';
import styles from './Titlebar.module.css';

interface Props {
  readonly status: Output<'station.status'>;
  readonly onSearch: () => void;
}

const scales = [100, 115, 130, 150] as const;

export function Titlebar({ status, onSearch }: Props) {
  const t = useText();
  const { session } = useSession();
  const [dialog, setDialog] = useState<'pin' | 'password' | null>(
    session.mustChangePassword ? 'password' : null,
  );
  const training = status.mode === 'training';
  const prefer = async (change: Partial<Session['preferences']>) => {
    const result = await call('access.savePreferences', change);
    if (result.ok) rememberSession(result.value.session);
    else showFailure(result.error);
  };
  return (
    <header className={styles.bar} data-training={training}>
      <div className={styles.place}>
        <b>{t('frame.product')}</b>
        <span className={styles.where}>
          <span>{status.centerName}</span>
          {status.stationName && <span className={styles.station}>{` · ${status.stationName}`}</span>}
        </span>
      </div>
      {training && (
        <div className={styles.training}>
          <b>{t('frame.training')}</b>
          <span>{t('frame.trainingNote')}</span>
          <LineMenu />
        </div>
      )}
      <div className={styles.right}>
        <button type="button" className={styles.button} onClick={onSearch} aria-keyshortcuts="F2 Control+K">
          <IconSearch size="1.125rem" aria-hidden="true" />
          {t('frame.find')}
          <span className={styles.key} aria-hidden="true">
            F2
          </span>
        </button>
        <StepMenu
          width="18rem"
          target={
            <button
              type="button"
              className={styles.button}
              aria-label={t('frame.account', { name: session.fullName })}
            >
              <span className={styles.name}>{session.fullName}</span> <span aria-hidden="true">▼</span>
            </button>
          }
        >
          <Menu.Label>{t('frame.textSize')}</Menu.Label>
          {scales.map((textScale) => (
            <Menu.Item
              key={textScale}
              aria-current={session.preferences.textScale === textScale}
              rightSection={session.preferences.textScale === textScale ? '✓' : undefined}
              onClick={() => void prefer({ textScale })}
            >
              {t('frame.textSizeIs', { n: textScale })}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Label>{t('frame.language')}</Menu.Label>
          {(['vi', 'en'] as const).map((language) => (
            <Menu.Item
              key={language}
              lang={language}
              rightSection={session.preferences.language === language ? '✓' : undefined}
              onClick={() => void prefer({ language })}
            >
              {languageNames[language]}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setDialog('pin')}>{t('frame.setPin')}</Menu.Item>
          <Menu.Item onClick={() => setDialog('password')}>{t('frame.changePassword')}</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => void call('access.logout', {})}>{t('frame.logout')}</Menu.Item>
        </StepMenu>
        <button
          type="button"
          className={styles.button}
          aria-keyshortcuts="F12"
          onClick={() => void call('access.lock', {})}
        >
          <IconLock size="1.125rem" aria-hidden="true" />
          {t('frame.switchUser')}
          <span className={styles.key} aria-hidden="true">
            F12
          </span>
        </button>
      </div>
      <PinDialog
        opened={dialog === 'pin'}
        onClose={() => setDialog(null)}
        onSaved={() => showDone(t('common.saved'))}
      />
      <PasswordDialog
        opened={dialog === 'password'}
        forced={session.mustChangePassword}
        onClose={() => setDialog(null)}
        onSaved={() => showDone(t('common.saved'))}
      />
    </header>
  );
}

/** Each language in its own words, whichever is on the screen. */
const languageNames = { vi: 'Tiếng Việt', en: 'English' } as const;
