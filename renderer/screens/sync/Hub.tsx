// Whether this PC carries for the others, and where relays are that do not show themselves.
import { Button, Switch, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { number } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ConfirmDialog } from '../../parts/ConfirmDialog.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { showDone } from '../../parts/notices.ts';
import type { SyncPage } from './index.tsx';
import { addressesIn } from './line-words.ts';
import { Panel } from './Panel.tsx';
import styles from './Sync.module.css';

/** As the contract takes them. */
const mostAddresses = 10;

export function HubPanel({ hub, onSaved }: { readonly hub: SyncPage['hub']; readonly onSaved: () => void }) {
  const t = useText();
  const { can } = useSession();
  const manages = can('station.manage');
  const serve = useOrder('sync.saveHub');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [stopping, setStopping] = useState(false);

  async function turn(serving: boolean): Promise<void> {
    setStopping(false);
    const result = await serve.run({ serving });
    setFailure(result.ok ? null : result.error);
    if (result.ok) showDone(t(serving ? 'sync.hubOn' : 'sync.hubOff'));
    onSaved();
  }

  return (
    <Panel title={t('sync.hub')}>
      <p className={styles.quiet}>{t('sync.hubWhat')}</p>
      <Switch
        label={t('sync.hubServe')}
        checked={hub.serving}
        disabled={!manages || serve.running}
        onChange={(event) => {
          if (event.currentTarget.checked) void turn(true);
          else if (hub.connected > 0) setStopping(true);
          else void turn(false);
        }}
      />
      {hub.serving && (
        <p role="status">
          {hub.connected === 0 ? t('sync.hubNobody') : t('sync.hubServing', { n: number(t, hub.connected) })}
        </p>
      )}
      {failure && <ErrorNotice failure={failure} />}
      {manages && <Addresses key={hub.addresses.join()} addresses={hub.addresses} onSaved={onSaved} />}
      <ConfirmDialog
        opened={stopping}
        title={t('sync.hubOffTitle')}
        confirmLabel={t('sync.hubOffDo')}
        cancelLabel={t('sync.hubKeep')}
        running={serve.running}
        onConfirm={() => void turn(false)}
        onClose={() => setStopping(false)}
      >
        {t('sync.hubOffText', { n: number(t, hub.connected) })}
      </ConfirmDialog>
    </Panel>
  );
}

function Addresses({
  addresses,
  onSaved,
}: {
  readonly addresses: readonly string[];
  readonly onSaved: () => void;
}) {
  const t = useText();
  const order = useOrder('sync.saveHub');
  const [typed, setTyped] = useState(addresses.join('\n'));
  const [failure, setFailure] = useState<Failure | null>(null);
  const wanted = addressesIn(typed);
  const tooMany = wanted.length > mostAddresses;
  const same = wanted.join() === addresses.join();

  async function save(): Promise<void> {
    const result = await order.run({ addresses: [...wanted] });
    setFailure(result.ok ? null : result.error);
    if (result.ok) showDone(t('common.saved'));
    onSaved();
  }

  const atFault = Object.values(failure?.fields ?? {})[0];
  return (
    <div className={styles.form}>
      <Textarea
        label={t('sync.addresses')}
        description={t('sync.addressesHint')}
        autosize
        minRows={1}
        maxRows={5}
        spellCheck={false}
        value={typed}
        error={tooMany ? t('sync.addressesTooMany') : atFault && t.of(atFault)}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {failure && !atFault && <ErrorNotice failure={failure} />}
      {!same && (
        <Button
          variant="default"
          mt="sm"
          disabled={tooMany}
          loading={order.running}
          onClick={() => void save()}
        >
          {t('sync.addressesSave')}
        </Button>
      )}
    </div>
  );
}
