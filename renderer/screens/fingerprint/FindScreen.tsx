// Who might this be? One finger gives names to look at; a second finger of the one the clerk believes it is makes sure;
// and the clerk opens the record. Nothing opens by itself.
import { Button, NativeSelect, Radio, TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { useLocation } from 'wouter';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Input, Output } from '../../../shared/api/index.ts';
import { useOrder } from '../../app/api.ts';
import { useCapture } from '../../app/captures.ts';
import { to } from '../../app/routes.tsx';
import { number } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../../parts/EnterButton.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { FingerCapture } from '../../parts/fingers/FingerCapture.tsx';
import dialog from '../../parts/fingers/FingerDialog.module.css';
import { TrainingHand } from '../../parts/fingers/TrainingHand.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { sexes } from '../registration/form.ts';
import { CandidateCard } from './CandidateCard.tsx';
import type { FoundPerson } from './candidate-words.ts';
import { notCompared, searchChance } from './chance-words.ts';
import styles from './Fingerprint.module.css';
import { SecondFinger } from './SecondFinger.tsx';

type Why = Input<'fingerprint.search'>['reason'];
const whys = ['unconscious', 'no_papers', 'been_here'] as const satisfies readonly Why[];

type Stage =
  | { readonly kind: 'ask' | 'capture' }
  | { readonly kind: 'found'; readonly found: Output<'fingerprint.search'> }
  | { readonly kind: 'failed'; readonly failure: Failure };

export default function FindScreen() {
  const t = useText();
  const [, go] = useLocation();
  const search = useOrder('fingerprint.search');
  const [why, setWhy] = useState<Why | null>(null);
  const [sex, setSex] = useState('');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [tried, setTried] = useState(false);
  const [stage, setStage] = useState<Stage>({ kind: 'ask' });
  const [second, setSecond] = useState<FoundPerson | null>(null);
  const { capture, start, stop } = useCapture((captureId) => void look(captureId), true);

  function begin(): void {
    setTried(true);
    if (why === null || badYear(from) || badYear(until)) return;
    setStage({ kind: 'capture' });
    void start();
  }
  async function look(captureId: string): Promise<void> {
    if (why === null) return;
    const result = await search.run({
      captureId,
      reason: why,
      sex: sex === '' ? null : sex,
      bornFrom: yearOf(from),
      bornTo: yearOf(until),
    });
    setStage(result.ok ? { kind: 'found', found: result.value } : { kind: 'failed', failure: result.error });
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (!(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    begin();
  };
  // the clearest of those a second finger can make sure of; nobody: another finger may find more
  const firstToCheck =
    stage.kind === 'found'
      ? stage.found.candidates.findIndex(({ otherFingers }) => otherFingers.length > 0)
      : -1;
  const leftOut = stage.kind === 'found' ? notCompared(t, stage.found.withoutKey) : null;
  const yearError = (text: string) => tried && badYear(text) && t('fingerprint.badYear');

  return (
    <Screen title={t('fingerprint.find')} note={t('fingerprint.findNote')} width="page">
      {stage.kind === 'ask' && (
        <form
          className={`${styles.panel} ${dialog.form}`}
          noValidate
          onKeyDown={onKey}
          onSubmit={(event) => event.preventDefault()}
        >
          <Radio.Group
            label={t('fingerprint.findWhy')}
            value={why}
            onChange={(value) => setWhy(whys.find((each) => each === value) ?? null)}
            error={tried && why === null && t('fingerprint.chooseOne')}
          >
            <div className={dialog.across}>
              {whys.map((each, index) => (
                <Radio key={each} value={each} label={t(`fingerprint.why.${each}`)} autoFocus={index === 0} />
              ))}
            </div>
          </Radio.Group>
          <div className={dialog.pair}>
            <NativeSelect
              label={t('fingerprint.findSex')}
              value={sex}
              data={[
                { value: '', label: t('fingerprint.findAnySex') },
                ...sexes.map((each) => ({ value: each, label: t.of(`common.sex${each}`) })),
              ]}
              onChange={(event) => setSex(event.currentTarget.value)}
            />
            <YearInput
              label={t('fingerprint.bornFrom')}
              value={from}
              error={yearError(from)}
              onChange={setFrom}
            />
            <YearInput
              label={t('fingerprint.bornTo')}
              value={until}
              error={yearError(until)}
              onChange={setUntil}
            />
          </div>
          <p className={styles.quiet}>{t('fingerprint.findBorn')}</p>
          <div className={dialog.end}>
            <EnterButton focus={false} onPress={begin}>
              {t('fingerprint.findStart')}
            </EnterButton>
          </div>
        </form>
      )}
      {stage.kind === 'capture' && (
        <section className={styles.panel}>
          <FingerCapture
            capture={capture}
            ask={t('fingerprint.now.place')}
            after={t('fingerprint.searching')}
            onStart={() => void start()}
            onStop={() => {
              stop();
              setStage({ kind: 'ask' });
            }}
          />
          <TrainingHand />
        </section>
      )}
      {stage.kind === 'failed' && (
        <>
          <ErrorNotice failure={stage.failure} />
          <div className={styles.buttons}>
            <EnterButton onPress={begin}>{t('common.tryAgain')}</EnterButton>
          </div>
        </>
      )}
      {stage.kind === 'found' && (
        <>
          {stage.found.candidates.length === 0 ? (
            <section className={styles.panel} role="status">
              <h2>{t('fingerprint.foundNobody', { n: number(t, stage.found.searched) })}</h2>
              {leftOut !== null && <p>{leftOut}</p>}
              <p>{t('fingerprint.foundNobodyWhat')}</p>
            </section>
          ) : (
            <>
              <section className={styles.warning} role="status">
                <b>{t('fingerprint.found', { n: stage.found.candidates.length })}</b>
                <br />
                {t('fingerprint.oneFinger', {
                  n: number(t, stage.found.searched),
                  chance: searchChance(t, stage.found.falseAlarm),
                })}{' '}
                {leftOut}
              </section>
              <ul className={styles.cards}>
                {stage.found.candidates.map((person, index) => (
                  <CandidateCard
                    key={person.personId}
                    person={person}
                    first={index === firstToCheck}
                    onSecond={() => setSecond(person)}
                  />
                ))}
              </ul>
            </>
          )}
          <div className={styles.buttons}>
            {firstToCheck === -1 ? (
              <EnterButton onPress={begin}>{t('fingerprint.searchAgain')}</EnterButton>
            ) : (
              <Button variant="default" onClick={begin}>
                {t('fingerprint.searchAgain')}
              </Button>
            )}
            <Button variant="default" onClick={() => go(to.register)}>
              {t('fingerprint.registerNew')}
            </Button>
          </div>
          {second && (
            <SecondFinger searchId={stage.found.searchId} person={second} onClose={() => setSecond(null)} />
          )}
        </>
      )}
    </Screen>
  );
}

interface YearInputProps {
  readonly label: string;
  readonly value: string;
  readonly error: string | false;
  readonly onChange: (text: string) => void;
}

function YearInput({ onChange, ...rest }: YearInputProps) {
  return (
    <TextInput
      {...rest}
      inputMode="numeric"
      maxLength={4}
      autoComplete="off"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

const badYear = (text: string): boolean => text.trim() !== '' && yearOf(text) === null;

function yearOf(text: string): number | null {
  const typed = text.trim();
  return /^(19|20)\d\d$/.test(typed) ? Number(typed) : null;
}
