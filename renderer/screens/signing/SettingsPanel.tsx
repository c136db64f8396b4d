// Signing, for the person in charge of the PC: which time-stamp service is asked, when a token closes by itself, which
// makers' libraries may be loaded, whom this center trusts.
import { Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { day, number, shortMoment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { NumberField } from '../../parts/NumberField.tsx';
import { showDone } from '../../parts/notices.ts';
import { Tag } from '../../parts/Tag.tsx';
import styles from '../station/Station.module.css';
import { Contested } from './Contested.tsx';

type Settings = Output<'signing.settings'>;

export function SigningPanel() {
  const t = useText();
  const { can } = useSession();
  const settings = useAnswer('signing.settings', {});
  return (
    <section className={styles.panel}>
      <h2>{t('signing.settings')}</h2>
      {settings.error && <ErrorNotice failure={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.data && (
        <>
          <Waiting settings={settings.data} />
          <Contested />
          {can('station.manage') && <Fields key={written(settings.data)} settings={settings.data} />}
          <Anchors anchors={settings.data.anchors} />
        </>
      )}
    </section>
  );
}

/** What can be set, not what is counted beside it: a time-stamp that comes must not wipe out what is being typed. */
const written = ({ timeStampUrl, idleMinutes, modulePaths }: Settings): string =>
  JSON.stringify([timeStampUrl, idleMinutes, modulePaths]);

/** A signature without its time-stamp for longer than a day is worth somebody's attention (ours). */
const longMs = 24 * 3_600_000;

function Waiting({ settings: { waitingForStamp, oldestWaiting } }: { readonly settings: Settings }) {
  const t = useText();
  const now = Date.now();
  const long = oldestWaiting !== null && now - oldestWaiting > longMs;
  return (
    <p className={styles.verdict}>
      {waitingForStamp === 0 ? (
        <Tag tone="good">{t('signing.noneWaiting')}</Tag>
      ) : (
        <>
          <Tag tone={long ? 'danger' : 'warn'}>
            {t('signing.waitingForStamp', { n: number(t, waitingForStamp) })}
          </Tag>
          {oldestWaiting !== null && (
            <span>{t('signing.oldestWaiting', { when: shortMoment(oldestWaiting, now) })}</span>
          )}
        </>
      )}
    </p>
  );
}

function Fields({ settings }: { readonly settings: Settings }) {
  const t = useText();
  const order = useOrder('signing.saveSettings');
  const [address, setAddress] = useState(settings.timeStampUrl ?? '');
  const [idleMinutes, setIdle] = useState<number | null>(settings.idleMinutes);
  const [paths, setPaths] = useState(settings.modulePaths.join('\n'));
  const [failure, setFailure] = useState<Failure | null>(null);
  const wrongAddress = address.trim() !== '' && !/^https?:/i.test(address.trim());
  const wrongIdle = idleMinutes === null || idleMinutes < 1 || idleMinutes > 30;

  async function save(): Promise<void> {
    if (wrongAddress || wrongIdle) return;
    const result = await order.run({
      timeStampUrl: address.trim() === '' ? null : address.trim(),
      idleMinutes,
      modulePaths: paths
        .split('\n')
        .map((path) => path.trim())
        .filter((path) => path !== ''),
    });
    setFailure(result.ok ? null : result.error);
    if (result.ok) showDone(t('common.saved'));
  }

  return (
    <Stack gap="sm">
      <TextInput
        label={t('signing.timeStampUrl')}
        description={t('signing.timeStampUrlHint')}
        spellCheck={false}
        autoComplete="off"
        maxLength={300}
        value={address}
        error={wrongAddress ? t('signing.wrongAddress') : undefined}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
      <NumberField
        label={t('signing.idleMinutes')}
        decimals={0}
        value={idleMinutes}
        error={wrongIdle ? t('signing.idleWrong') : undefined}
        onChange={setIdle}
      />
      <Textarea
        label={t('signing.modulePaths')}
        description={t('signing.modulePathsHint')}
        spellCheck={false}
        autosize
        minRows={2}
        maxRows={6}
        value={paths}
        onChange={(event) => setPaths(event.currentTarget.value)}
      />
      {failure && <ErrorNotice failure={failure} />}
      <div>
        <KeyButton loading={order.running} onPress={() => void save()}>
          {t('signing.saveSettings')}
        </KeyButton>
      </div>
    </Stack>
  );
}

function Anchors({ anchors }: { readonly anchors: Settings['anchors'] }) {
  const t = useText();
  if (anchors.length === 0) return <p>{t('signing.noAnchors')}</p>;
  return (
    <table className={styles.table}>
      <caption>{t('signing.anchors')}</caption>
      <tbody>
        {anchors.map((anchor) => (
          <tr key={anchor.sha256}>
            <th scope="row">
              {anchor.name} {anchor.training && <Tag tone="accent">{t('signing.trainingAnchor')}</Tag>}
              <br />
              <code>{anchor.sha256.slice(0, 32)}</code>
            </th>
            <td>{t('signing.validTo', { date: day(anchor.validTo) })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
