// The record carried by hand: written to a memory stick or read from one, with the outcome in words.
import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { bytes, number } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import styles from './Sync.module.css';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Somebody is plugging one in while looking at the dialog. */
const lookForDrivesMs = 2_000;
const other = 'other';

export function ToStick({
  opened,
  onClose,
  hasProvince,
}: Props & {
  /** What is unsent is then the province's to read and nobody else's. */
  readonly hasProvince: boolean;
}) {
  const t = useText();
  return (
    <Dialog opened={opened} onClose={onClose} title={t('sync.toUsb')}>
      <Write onClose={onClose} hasProvince={hasProvince} />
    </Dialog>
  );
}

export function FromStick({ opened, onClose }: Props) {
  const t = useText();
  return (
    <Dialog opened={opened} onClose={onClose} title={t('sync.fromUsb')}>
      <Read onClose={onClose} />
    </Dialog>
  );
}

function Dialog({ opened, onClose, title, children }: Props & { title: string; children: ReactNode }) {
  const t = useText();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="42rem"
      title={title}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>{opened && children}</KeyLayer>
    </Modal>
  );
}

function Write({ onClose, hasProvince }: { readonly onClose: () => void; readonly hasProvince: boolean }) {
  const t = useText();
  const order = useOrder('sync.export');
  const place = usePlace();
  const [what, setWhat] = useState<'outbox' | 'all'>('outbox');
  const [done, setDone] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function write(): Promise<void> {
    setFailure(null);
    const folder = place.chosen();
    if (folder === null) return;
    const result = await order.run({ folder, what });
    if (!result.ok) return setFailure(result.error);
    const { changes, bytes: size, path } = result.value;
    setDone(
      changes === 0
        ? t('sync.usbNothing')
        : t('sync.usbWritten', { n: number(t, changes), size: bytes(t, size), path }),
    );
  }

  if (done !== null) return <Outcome lines={[done]} onClose={onClose} />;
  return (
    <Stack>
      <p className={styles.quiet}>{t('sync.usbWhy')}</p>
      <Radio.Group
        label={t('sync.usbWhat')}
        value={what}
        onChange={(value) => setWhat(value === 'all' ? 'all' : 'outbox')}
      >
        <Radio
          value="outbox"
          mt="xs"
          label={t('sync.usbOutbox')}
          description={t(hasProvince ? 'sync.usbOutboxHint' : 'sync.usbOutboxHintLan')}
        />
        <Radio value="all" mt="xs" label={t('sync.usbAll')} description={t('sync.usbAllHint')} />
      </Radio.Group>
      <PlaceFields
        place={place}
        label={t('sync.usbWhere')}
        typed={t('sync.usbOtherHint')}
        failure={failure}
      />
      <Buttons
        running={order.running}
        runningText={t('sync.usbRunningOut')}
        label={t('sync.toUsb')}
        onRun={() => void write()}
        onClose={onClose}
      />
    </Stack>
  );
}

function Read({ onClose }: { readonly onClose: () => void }) {
  const t = useText();
  const order = useOrder('sync.import');
  const place = usePlace();
  const [lines, setLines] = useState<readonly string[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function read(): Promise<void> {
    setFailure(null);
    const path = place.chosen();
    if (path === null) return;
    const result = await order.run({ path });
    if (!result.ok) return setFailure(result.error);
    const { accepted, duplicates, refused, complete } = result.value;
    setLines([
      ...(complete ? [] : [t('sync.usbReadTorn')]),
      accepted === 0 && refused === 0 && complete
        ? t('sync.usbReadNothing')
        : t('sync.usbRead', { n: number(t, accepted) }),
      ...(duplicates > 0 && accepted > 0 ? [t('sync.usbReadKnown', { n: number(t, duplicates) })] : []),
      ...(refused > 0 ? [t('sync.usbReadRefused', { n: number(t, refused) })] : []),
    ]);
  }

  if (lines) return <Outcome lines={lines} onClose={onClose} />;
  return (
    <Stack>
      <PlaceFields place={place} label={t('sync.usbFrom')} typed={t('sync.usbFile')} failure={failure} />
      <Buttons
        running={order.running}
        runningText={t('sync.usbRunningIn')}
        label={t('sync.fromUsb')}
        onRun={() => void read()}
        onClose={onClose}
      />
    </Stack>
  );
}

/** A stick that is plugged in, or a path typed by hand. The first stick is chosen until somebody chooses. */
function usePlace() {
  const drives = useAnswer('sync.drives', {}, { everyMs: lookForDrivesMs });
  const [picked, setPicked] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const found = drives.data?.drives ?? [];
  const value =
    picked !== null && (picked === other || found.includes(picked)) ? picked : (found[0] ?? other);
  const path = (value === other ? typed : value).trim();
  return {
    found,
    value,
    typed,
    missing: tried && path === '',
    pick: setPicked,
    type: setTyped,
    /** Null while nothing is chosen; says so from then on. */
    chosen(): string | null {
      setTried(true);
      return path === '' ? null : path;
    },
  };
}

function PlaceFields({
  place,
  label,
  typed,
  failure,
}: {
  readonly place: ReturnType<typeof usePlace>;
  readonly label: string;
  readonly typed: string;
  readonly failure: Failure | null;
}) {
  const t = useText();
  return (
    <>
      <Radio.Group label={label} value={place.value} onChange={place.pick}>
        {place.found.length === 0 && <p className={styles.quiet}>{t('sync.usbNone')}</p>}
        {place.found.map((drive) => (
          <Radio key={drive} value={drive} mt="xs" label={drive} />
        ))}
        <Radio value={other} mt="xs" label={t('sync.usbOther')} />
      </Radio.Group>
      {place.value === other && (
        <TextInput
          label={typed}
          spellCheck={false}
          autoComplete="off"
          maxLength={400}
          value={place.typed}
          error={place.missing ? t('sync.usbPick') : undefined}
          onChange={(event) => place.type(event.currentTarget.value)}
        />
      )}
      {failure && <ErrorNotice failure={failure} />}
    </>
  );
}

function Buttons({
  running,
  runningText,
  label,
  onRun,
  onClose,
}: {
  readonly running: boolean;
  readonly runningText: string;
  readonly label: string;
  readonly onRun: () => void;
  readonly onClose: () => void;
}) {
  const t = useText();
  return (
    <>
      <p role="status" className={styles.running}>
        {running && runningText}
      </p>
      <Group justify="flex-end">
        <Button variant="default" disabled={running} onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <KeyButton keyName="Ctrl+S" loading={running} onPress={onRun}>
          {label}
        </KeyButton>
      </Group>
    </>
  );
}

function Outcome({ lines, onClose }: { readonly lines: readonly string[]; readonly onClose: () => void }) {
  const t = useText();
  return (
    <>
      <div role="status" className={styles.outcome}>
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      <Group justify="flex-end" mt="lg">
        <Button autoFocus onClick={onClose}>
          {t('common.close')}
        </Button>
      </Group>
    </>
  );
}
