// Serial fingerprint modules nobody finds by looking: the port they hang on and what was set in them.
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { FingerDialog, useFirstField } from '../../parts/fingers/FingerDialog.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { showDone } from '../../parts/notices.ts';
import { SecretField } from '../../parts/SecretField.tsx';
import { type PortLine, portOf, portWrong } from './port-line.ts';
import styles from './Station.module.css';

export function PortsDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText();
  const answer = useAnswer('fingerprint.ports', {});
  return (
    <FingerDialog title={t('fingerprint.portsTitle')} onClose={onClose}>
      {answer.error && <ErrorNotice failure={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.data && (
        <Fields
          key={JSON.stringify(answer.data)}
          ports={answer.data.ports}
          onSaved={() => void answer.refetch().then(onClose)}
        />
      )}
    </FingerDialog>
  );
}

interface Props {
  readonly ports: Output<'fingerprint.ports'>['ports'];
  readonly onSaved: () => void;
}

function Fields({ ports, onSaved }: Props) {
  const t = useText();
  const order = useOrder('fingerprint.savePorts');
  const [lines, setLines] = useState<readonly PortLine[]>(() =>
    ports.length === 0 ? [{ ...emptyLine, key: 0 }] : ports.map(lineOf),
  );
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  const form = useFirstField<HTMLDivElement>();
  const set = (key: number, part: Partial<PortLine>): void =>
    setLines(lines.map((line) => (line.key === key ? { ...line, ...part } : line)));

  async function save(): Promise<void> {
    setTried(true);
    const filled = lines.filter(({ path }) => path.trim() !== '');
    if (filled.some((line) => portWrong(line) !== null)) return;
    const result = await order.run({ ports: filled.map(portOf) });
    setFailure(result.ok ? null : result.error);
    if (!result.ok) return;
    showDone(t('common.saved'));
    onSaved();
  }

  return (
    <Stack ref={form} onKeyDown={(event) => enterMovesOn(event, () => void save())}>
      <p>{t('fingerprint.portsWhat')}</p>
      {lines.map((line, index) => {
        const wrong = tried && line.path.trim() !== '' ? portWrong(line) : null;
        const nth = t('fingerprint.portNumber', { n: index + 1 });
        return (
          <fieldset key={line.key} className={styles.port}>
            <legend>{nth}</legend>
            <TextInput
              label={t('fingerprint.portPath')}
              data-autofocus={index === 0 || undefined}
              placeholder={t('fingerprint.portPathLike')}
              autoComplete="off"
              value={line.path}
              onChange={(event) => set(line.key, { path: event.currentTarget.value })}
            />
            <TextInput
              label={t('fingerprint.portBaud')}
              placeholder={t('fingerprint.portBaudUsual')}
              inputMode="numeric"
              autoComplete="off"
              value={line.baud}
              error={wrong === 'baud' && t('fingerprint.portBaudWrong')}
              onChange={(event) => set(line.key, { baud: event.currentTarget.value })}
            />
            <TextInput
              label={t('fingerprint.portAddress')}
              placeholder={t('fingerprint.portAddressUsual')}
              autoComplete="off"
              value={line.address}
              error={wrong === 'address' && t('fingerprint.portHexWrong')}
              onChange={(event) => set(line.key, { address: event.currentTarget.value })}
            />
            <SecretField
              label={t(line.hasPassword ? 'fingerprint.portPasswordKept' : 'fingerprint.portPassword')}
              value={line.password}
              error={wrong === 'password' && t('fingerprint.portHexWrong')}
              onChange={(event) => set(line.key, { password: event.currentTarget.value })}
            />
            <Button
              variant="default"
              aria-label={`${t('fingerprint.portDrop')}: ${nth}`}
              onClick={() => setLines(lines.filter(({ key }) => key !== line.key))}
            >
              {t('fingerprint.portDrop')}
            </Button>
          </fieldset>
        );
      })}
      {failure && <ErrorNotice failure={failure} />}
      <Group>
        <KeyButton keyName="Ctrl+S" loading={order.running} onPress={() => void save()}>
          {t('common.save')}
        </KeyButton>
        {lines.length < 8 && (
          <Button
            variant="default"
            onClick={() =>
              setLines([...lines, { ...emptyLine, key: 1 + Math.max(0, ...lines.map(({ key }) => key)) }])
            }
          >
            {t('fingerprint.portAdd')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

const emptyLine = { path: '', baud: '', address: '', password: '', hasPassword: false } as const;

const lineOf = (port: Props['ports'][number], key: number): PortLine => ({
  key,
  path: port.path,
  baud: port.baud === null ? '' : String(port.baud),
  address: port.address === null ? '' : port.address.toString(16).toUpperCase().padStart(8, '0'),
  password: '',
  hasPassword: port.hasPassword,
});
