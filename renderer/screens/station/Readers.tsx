// Fingerprint readers of this PC: which are plugged in, which one is used, and a test that keeps nothing.
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { Output } from '../../../shared/api/index.ts';
import { call, useAnswer, useOrder } from '../../app/api.ts';
import { useCapture } from '../../app/captures.ts';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../../parts/EnterButton.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { FingerCapture } from '../../parts/fingers/FingerCapture.tsx';
import { FingerDialog } from '../../parts/fingers/FingerDialog.tsx';
import { qualityWord } from '../../parts/fingers/fingers.ts';
import { TrainingHand } from '../../parts/fingers/TrainingHand.tsx';
import { showFailure } from '../../parts/notices.ts';
import { Tag } from '../../parts/Tag.tsx';
import { PortsDialog } from './Ports.tsx';
import styles from './Station.module.css';

type Reader = Output<'fingerprint.readers'>['readers'][number];
/** A reader plugged in shows after this long at most; readers tell the core, and nobody the page. */
const lookEveryMs = 3_000;

export function ReadersPanel() {
  const t = useText();
  const answer = useAnswer('fingerprint.readers', {}, { everyMs: lookEveryMs });
  const choose = useOrder('fingerprint.chooseReader');
  const { can } = useSession();
  const [testing, setTesting] = useState(false);
  const [naming, setNaming] = useState(false);
  const readers = answer.data?.readers;

  async function use({ id }: Reader): Promise<void> {
    const result = await choose.run({ readerId: id });
    if (!result.ok) showFailure(result.error);
    await answer.refetch();
  }

  return (
    <section className={styles.panel}>
      <h2>{t('fingerprint.readers')}</h2>
      {answer.error && <ErrorNotice failure={answer.error} onRetry={() => void answer.refetch()} />}
      {readers?.length === 0 && <p>{t('fingerprint.readersNone')}</p>}
      {readers && readers.length > 0 && (
        <table className={styles.table}>
          <tbody>
            {readers.map((reader) => (
              <tr key={reader.id}>
                <th scope="row">
                  {reader.model}
                  <br />
                  {t('fingerprint.readerPlace', { place: reader.place })} ·{' '}
                  {t(`fingerprint.kind.${reader.kind}`)}
                </th>
                <td>
                  {reader.chosen ? (
                    <Tag tone="good">{t('fingerprint.readerUsed')}</Tag>
                  ) : (
                    <Button
                      variant="default"
                      aria-label={`${t('fingerprint.readerUse')}: ${reader.model}`}
                      onClick={() => void use(reader)}
                    >
                      {t('fingerprint.readerUse')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Group>
        {readers && readers.length > 0 && (
          <Button variant="default" onClick={() => setTesting(true)}>
            {t('fingerprint.test')}
          </Button>
        )}
        {can('station.manage') && readers?.every(({ kind }) => kind !== 'simulated') && (
          <Button variant="default" onClick={() => setNaming(true)}>
            {t('fingerprint.ports')}
          </Button>
        )}
      </Group>
      {naming && <PortsDialog onClose={() => setNaming(false)} />}
      {testing && <ReaderTest onClose={() => setTesting(false)} />}
    </section>
  );
}

function ReaderTest({ onClose }: { readonly onClose: () => void }) {
  const t = useText();
  const [quality, setQuality] = useState<number | null>(null);
  const { capture, start, stop } = useCapture((captureId, seen) => {
    setQuality(seen);
    // nothing of a test is kept, not even for two minutes
    void call('fingerprint.stopCapture', { captureId });
  });
  const done = capture.now === 'done' && quality !== null;
  return (
    <FingerDialog title={t('fingerprint.testTitle')} onClose={onClose}>
      <FingerCapture
        capture={capture}
        ask={t('fingerprint.testWhat')}
        {...(quality === null ? {} : { after: t('fingerprint.testDone', { word: qualityWord(t, quality) }) })}
        onStart={() => void start()}
        onStop={stop}
      >
        {done && (
          <div>
            <EnterButton onPress={() => void start()}>{t('fingerprint.testAgain')}</EnterButton>
          </div>
        )}
      </FingerCapture>
      <TrainingHand />
    </FingerDialog>
  );
}
