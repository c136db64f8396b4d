// A code for a further PC, large enough to be read across the room, with the time it has left and where to connect to.
import { Button, Group, Modal } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Output } from '../../../shared/api/index.ts';
import { useOrder } from '../../app/api.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { useNow } from '../../parts/use-now.ts';
import { countdown, groupsOf } from './line-words.ts';
import styles from './Sync.module.css';

export function Invite({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const t = useText();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="44rem"
      title={t('sync.inviteTitle')}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>{opened && <Code onClose={onClose} />}</KeyLayer>
    </Modal>
  );
}

function Code({ onClose }: { readonly onClose: () => void }) {
  const t = useText();
  const now = useNow(1_000);
  const { run, running } = useOrder('sync.invite');
  const [invite, setInvite] = useState<Output<'sync.invite'> | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const ask = useCallback(async () => {
    const result = await run({});
    setInvite(result.ok ? result.value : null);
    setFailure(result.ok ? null : result.error);
  }, [run]);
  useEffect(() => void ask(), [ask]);

  if (failure) return <ErrorNotice failure={failure} onRetry={() => void ask()} />;
  if (!invite) return <Loading />;
  const left = invite.expiresAt - now;
  return (
    <>
      <ol className={styles.steps}>
        <li>{t('sync.inviteHow1')}</li>
        <li>{t('sync.inviteHow2')}</li>
        <li>{t('sync.inviteHow3')}</li>
      </ol>
      <p className={styles.code} data-over={left <= 0 || undefined}>
        {groupsOf(invite.code).map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups of one code never change places
          <span key={index}>{group}</span>
        ))}
      </p>
      {left > 0 ? (
        <p role="timer" aria-live="off">
          {t('sync.inviteLeft', { time: countdown(left) })}. {t('sync.inviteOnce')}
        </p>
      ) : (
        <p role="alert" className={styles.warning}>
          {t('sync.inviteExpired')}
        </p>
      )}
      <h3>{t('sync.inviteAddresses')}</h3>
      {invite.addresses.length === 0 ? (
        <p className={styles.warning}>{t('sync.inviteNoAddress')}</p>
      ) : (
        <ul className={styles.addresses}>
          {invite.addresses.map((address) => (
            <li key={address}>
              <code>{address}</code>
            </li>
          ))}
        </ul>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" loading={running} onClick={() => void ask()}>
          {t('sync.inviteAgain')}
        </Button>
        <Button data-autofocus onClick={onClose}>
          {t('common.close')}
        </Button>
      </Group>
    </>
  );
}
