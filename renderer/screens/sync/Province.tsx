// Joining the province with the address and code it sent on paper. Everything else works without it.
import { Button, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { day } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { joinFieldOf } from '../../parts/join-fields.ts';
import type { SyncPage } from './index.tsx';
import { Panel } from './Panel.tsx';
import styles from './Sync.module.css';

interface Props {
  readonly province: SyncPage['province'];
  readonly onJoined: () => void;
}

export function ProvincePanel({ province, onJoined }: Props) {
  const t = useText();
  const { can } = useSession();
  const [joined, setJoined] = useState<string | null>(null);
  return (
    <Panel title={t('sync.province')}>
      {joined !== null && (
        <p role="status" className={styles.good}>
          <span aria-hidden="true">✓</span> {t('sync.enrolled', { name: joined })}
        </p>
      )}
      {province ? (
        <>
          <p>{t('sync.provinceIs', { name: province.name, when: day(province.enrolledAt) })}</p>
          <p className={styles.quiet}>{t('sync.provinceAddress', { address: province.address })}</p>
        </>
      ) : (
        // joined already: the page is about to hear of it
        joined === null && (
          <>
            <p className={styles.quiet}>{t('sync.provinceWhy')}</p>
            {can('station.manage') ? (
              <Enrol
                onJoined={(name) => {
                  setJoined(name);
                  onJoined();
                }}
              />
            ) : (
              <p>{t('sync.provinceNotYou')}</p>
            )}
          </>
        )
      )}
    </Panel>
  );
}

function Enrol({ onJoined }: { readonly onJoined: (provinceName: string) => void }) {
  const t = useText();
  const form = useRef<HTMLFormElement>(null);
  const order = useOrder('sync.enrol');
  const [address, setAddress] = useState('');
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function join(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (address.trim() === '' || code.trim() === '') return;
    const result = await order.run({ address, code });
    if (result.ok) return onJoined(result.value.provinceName);
    setFailure(result.error);
    form.current?.querySelector<HTMLElement>(`[name="${joinFieldOf(result.error)}"]`)?.focus();
  }

  const atFault = failure && joinFieldOf(failure);
  const errorOf = (field: 'address' | 'code', typed: string) => {
    if (tried && typed.trim() === '') return t('field.required');
    const own = failure?.fields?.[field];
    if (own !== undefined) return t.of(own);
    return failure && atFault === field ? t.failure(failure) : undefined;
  };
  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => enterMovesOn(event, () => void join())}
    >
      <TextInput
        name="address"
        label={t('sync.enrolAddress')}
        description={t('sync.enrolAddressHint')}
        required
        spellCheck={false}
        autoComplete="off"
        maxLength={200}
        value={address}
        error={errorOf('address', address)}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
      <TextInput
        name="code"
        label={t('sync.enrolCode')}
        description={t('sync.enrolCodeHint')}
        required
        spellCheck={false}
        autoComplete="off"
        maxLength={60}
        classNames={{ input: styles.codeField ?? '' }}
        value={code}
        error={errorOf('code', code)}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      {failure && atFault === null && <ErrorNotice failure={failure} />}
      <Button mt="xs" loading={order.running} onClick={() => void join()}>
        {t('sync.enrolDo')}
      </Button>
    </form>
  );
}
