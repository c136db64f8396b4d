// A further PC of a center that is there: where to connect, the code from the administrator, this PC's name;
// then the recovery key on paper while the record is already coming in.
import { Button, Group, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { joinFieldOf } from '../../parts/join-fields.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Coming } from './Coming.tsx';
import styles from './FirstRun.module.css';
import { RecoveryKey } from './RecoveryKey.tsx';
import { WizardSteps } from './WizardSteps.tsx';

interface Props {
  readonly onStart: () => void;
  readonly onFinished: () => void;
  readonly onBack: () => void;
}

type Hub = Output<'sync.found'>['hubs'][number];
type Field = 'address' | 'code' | 'stationName';

/** Somebody may be switching the other PC on just now. */
const lookForHubsMs = 3_000;
const fields: readonly Field[] = ['address', 'code', 'stationName'];
const steps = ['where', 'key', 'coming'] as const;

export function Join({ onStart, onFinished, onBack }: Props) {
  const t = useText();
  const [typed, setTyped] = useState<Readonly<Record<Field, string>>>({
    address: '',
    code: '',
    stationName: '',
  });
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [recoveryKey, setRecoveryKey] = useState<string | null>(null);
  const [kept, setKept] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const order = useOrder('sync.join');
  const found = useAnswer('sync.found', {}, { everyMs: lookForHubsMs, enabled: recoveryKey === null });
  const hubs = found.data?.hubs ?? [];
  const chosen = hubs.find(({ address }) => address === typed.address.trim());

  async function join(): Promise<void> {
    setTried(true);
    setFailure(null);
    const empty = fields.find((field) => typed[field].trim() === '');
    if (empty) return focusOn(empty);
    onStart();
    const result = await order.run(typed);
    if (result.ok) setRecoveryKey(result.value.recoveryKey);
    else {
      setFailure(result.error);
      const field =
        fields.find((name) => result.error.fields?.[name] !== undefined) ?? joinFieldOf(result.error);
      if (field !== null && field !== 'fields') focusOn(field);
    }
  }
  function focusOn(field: Field): void {
    form.current?.querySelector<HTMLElement>(`[name="${field}"]`)?.focus();
  }

  if (recoveryKey !== null && !kept)
    return (
      <RecoveryKey
        recoveryKey={recoveryKey}
        centerName={chosen?.centerName ?? ''}
        stationName={typed.stationName}
        doneLabel={t('first-run.joinNext')}
        onKept={() => setKept(true)}
      />
    );
  if (kept)
    return (
      <Coming
        onReady={onFinished}
        onAgain={() => {
          setRecoveryKey(null);
          setKept(false);
        }}
      />
    );

  const atFault = failure && joinFieldOf(failure);
  const errorOf = (field: Field): string | undefined => {
    if (tried && typed[field].trim() === '') return t('field.required');
    const own = failure?.fields?.[field];
    if (own !== undefined) return t.of(own);
    return failure && atFault === field ? t.failure(failure) : undefined;
  };
  const text = (field: Field, maxLength: number) => ({
    name: field,
    required: true,
    autoComplete: 'off',
    spellCheck: false,
    maxLength,
    value: typed[field],
    error: errorOf(field),
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setTyped((before) => ({ ...before, [field]: value }));
    },
  });
  return (
    <main className={styles.wizard}>
      <WizardSteps
        title={t('first-run.joinTitle')}
        names={steps.map((step) => t(`first-run.joinStep.${step}`))}
        at={0}
      />
      <form
        ref={form}
        className={styles.body}
        noValidate
        onSubmit={(event) => event.preventDefault()}
        onKeyDown={(event) => enterMovesOn(event, () => void join())}
      >
        <Hubs
          hubs={hubs}
          chosen={chosen}
          onChoose={({ address }) => {
            setTyped((before) => ({ ...before, address }));
            focusOn('code');
          }}
        />
        <TextInput
          label={t('first-run.address')}
          description={t('first-run.addressHint')}
          autoFocus
          {...text('address', 200)}
        />
        <TextInput
          label={t('first-run.code')}
          description={t('first-run.codeHint')}
          classNames={{ input: styles.codeField ?? '' }}
          {...text('code', 60)}
        />
        <TextInput
          label={t('first-run.stationName')}
          description={t('first-run.stationNameHint')}
          {...text('stationName', 60)}
        />
        {failure && atFault === null && <ErrorNotice failure={failure} />}
        <Group justify="space-between" mt="lg">
          <Button variant="default" onClick={onBack}>
            {t('common.back')}
          </Button>
          <KeyButton keyName="Ctrl+S" loading={order.running} onPress={() => void join()}>
            {t('first-run.join')}
          </KeyButton>
        </Group>
      </form>
    </main>
  );
}

function Hubs({
  hubs,
  chosen,
  onChoose,
}: {
  readonly hubs: readonly Hub[];
  readonly chosen: Hub | undefined;
  readonly onChoose: (hub: Hub) => void;
}) {
  const t = useText();
  return (
    <fieldset className={styles.hubs}>
      <legend>{t('first-run.found')}</legend>
      <p role="status" className={styles.hint}>
        {hubs.length === 0 && t('first-run.foundNone')}
      </p>
      {hubs.map((hub) => (
        <button
          key={hub.address}
          type="button"
          className={styles.way}
          aria-pressed={hub === chosen}
          onClick={() => onChoose(hub)}
        >
          <b>{t('first-run.foundOne', { center: hub.centerName, station: hub.stationName })}</b>
          <span>{hub.address}</span>
        </button>
      ))}
    </fieldset>
  );
}
