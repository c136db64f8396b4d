// In training mode only: who puts which finger on the pretend reader, and how well.
import { NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Input } from '../../../shared/api/index.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { KeyButton } from '../KeyButton.tsx';
import { showFailure } from '../notices.ts';
import { type Finger, fingerName, fingersLeftToRight, inSentence } from './fingers.ts';
import styles from './TrainingHand.module.css';

type Print = NonNullable<Input<'fingerprint.trainingPlace'>['print']>;
const prints = ['good', 'dry', 'wet', 'edge', 'unplug'] as const satisfies readonly Print[];

/** People whose fingers were put on here, so that somebody enrolled can be found again at the desk. */
const metKey = 'tram.training.fingers';
const mostMet = 12;
const people = (): readonly string[] => localStorage.getItem(metKey)?.split('\n') ?? [];
const remember = (name: string): void =>
  localStorage.setItem(
    metKey,
    [name, ...people().filter((each) => each !== name)].slice(0, mostMet).join('\n'),
  );

interface Props {
  /** Whoever should be there; somebody else can be chosen. */
  readonly who?: string;
  readonly finger?: Finger;
}

/** Nothing outside training mode. */
export function TrainingHand(props: Props) {
  const status = useAnswer('station.status', {});
  return status.data?.mode === 'training' ? <Desk {...props} /> : null;
}

function Desk({ who, finger }: Props) {
  const t = useText();
  const place = useOrder('fingerprint.trainingPlace');
  const stranger = t('fingerprint.deskStranger');
  const [met] = useState(people);
  const [person, setPerson] = useState(who ?? met[0] ?? stranger);
  const [chosen, setChosen] = useState<Finger>(finger ?? 2);
  const [print, setPrint] = useState<Print>('good');
  const [says, setSays] = useState('');
  useEffect(() => {
    if (who !== undefined) setPerson(who);
  }, [who]);
  useEffect(() => {
    if (finger !== undefined) setChosen(finger);
  }, [finger]);
  const choices = [...new Set([...(who === undefined ? [] : [who]), ...met, stranger])];

  async function run(): Promise<void> {
    const result = await place.run({ who: person, finger: chosen, print });
    if (!result.ok) {
      showFailure(result.error);
      return;
    }
    if (person !== stranger) remember(person);
    setSays(
      print === 'unplug'
        ? t('fingerprint.deskUnplugged')
        : t('fingerprint.deskPlaced', { who: person, finger: inSentence(t, chosen) }),
    );
    if (print === 'unplug') setPrint('good');
  }

  return (
    <section className={styles.desk} aria-label={t('fingerprint.deskTitle')}>
      <h3>{t('fingerprint.deskTitle')}</h3>
      <div className={styles.fields}>
        <NativeSelect
          label={t('fingerprint.deskWho')}
          value={person}
          data={choices}
          onChange={(event) => setPerson(event.currentTarget.value)}
        />
        <NativeSelect
          label={t('fingerprint.deskFinger')}
          value={String(chosen)}
          data={fingersLeftToRight.map((each) => ({ value: String(each), label: fingerName(t, each) }))}
          onChange={(event) => {
            const found = fingersLeftToRight.find((each) => String(each) === event.currentTarget.value);
            if (found) setChosen(found);
          }}
        />
        <NativeSelect
          label={t('fingerprint.deskPrint')}
          value={print}
          data={prints.map((each) => ({ value: each, label: t(`fingerprint.desk.${each}`) }))}
          onChange={(event) => {
            const found = prints.find((each) => each === event.currentTarget.value);
            if (found) setPrint(found);
          }}
        />
        <KeyButton keyName="F8" variant="default" loading={place.running} onPress={() => void run()}>
          {t(print === 'unplug' ? 'fingerprint.deskUnplug' : 'fingerprint.deskPlace')}
        </KeyButton>
      </div>
      <p role="status">{says}</p>
    </section>
  );
}
