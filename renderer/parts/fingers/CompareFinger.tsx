// One finger compared with those of one person: who, what for, the finger, and a verdict nobody can misread.
import { Button, Radio } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { Failure, Result } from '../../../shared/api/contract.ts';
import { useCapture } from '../../app/captures.ts';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../EnterButton.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { FingerCapture } from './FingerCapture.tsx';
import dialog from './FingerDialog.module.css';
import { useFirstField } from './FingerDialog.tsx';
import { fingerNames, firstChoice, type Person, usableFingers, withRelation } from './fingers.ts';
import { TrainingHand } from './TrainingHand.tsx';
import { Verdict } from './Verdict.tsx';

interface Props<Told> {
  /** One at least; the first is proposed. */
  readonly people: readonly Person[];
  /** Chosen beforehand; when not among `people`, nobody else takes the place unasked. */
  readonly chosen?: string;
  readonly whoLabel: string;
  /** Above the question who: what to read out. */
  readonly before?: ReactNode;
  /** Further questions, below who. */
  readonly children: ReactNode;
  /** Told when the clerk wants to go on: time to say which answer is missing. */
  readonly onTry?: () => void;
  /** Null while an answer is missing. */
  readonly compare: ((personId: string, captureId: string) => Promise<Result<Told>>) | null;
  readonly say: (told: Told, person: Person) => { readonly title: string; readonly what: string };
  readonly onClose: () => void;
}

type Stage<Told> =
  | { readonly kind: 'ask' | 'capture' }
  | { readonly kind: 'told'; readonly told: Told }
  | { readonly kind: 'failed'; readonly failure: Failure };

export function CompareFinger<Told extends { readonly matched: boolean }>(props: Props<Told>) {
  const { people, chosen, whoLabel, compare, onClose } = props;
  const t = useText();
  const [personId, setPersonId] = useState(() => firstChoice(people, chosen));
  const [tried, setTried] = useState(false);
  const [stage, setStage] = useState<Stage<Told>>({ kind: 'ask' });
  const person = people.find((each) => each.personId === personId) ?? null;
  const { capture, start, stop } = useCapture((captureId) => void judge(captureId));
  const [finger] = person === null ? [] : usableFingers(person);

  function begin(): void {
    setTried(true);
    props.onTry?.();
    if (compare === null || person === null) return;
    setStage({ kind: 'capture' });
    void start();
  }
  async function judge(captureId: string): Promise<void> {
    if (compare === null || personId === null) return;
    const result = await compare(personId, captureId);
    setStage(result.ok ? { kind: 'told', told: result.value } : { kind: 'failed', failure: result.error });
  }
  const ask = person && t('fingerprint.checkAnyFinger', { fingers: fingerNames(t, usableFingers(person)) });

  if (stage.kind === 'ask')
    return (
      <Questions onEnter={begin}>
        {props.before}
        {chosen !== undefined && firstChoice(people, chosen) === null && (
          <p className={dialog.problem} role="alert">
            {t('fingerprint.chosenGone')}
          </p>
        )}
        {people.length === 1 && person !== null ? (
          <p className={dialog.say}>
            {whoLabel}: <b>{withRelation(t, person)}</b>
          </p>
        ) : (
          <Radio.Group
            label={whoLabel}
            value={personId}
            onChange={setPersonId}
            error={tried && person === null && t('fingerprint.chooseOne')}
          >
            <div className={dialog.across}>
              {people.map((each) => (
                <Radio
                  key={each.personId}
                  value={each.personId ?? ''}
                  label={withRelation(t, each)}
                  data-autofocus={person === null || undefined}
                />
              ))}
            </div>
          </Radio.Group>
        )}
        {props.children}
        {ask !== null && <p className={dialog.say}>{ask}</p>}
        <div className={dialog.end}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <EnterButton focus={false} onPress={begin}>
            {t('fingerprint.checkStart')}
          </EnterButton>
        </div>
      </Questions>
    );
  if (person === null) return null;
  if (stage.kind === 'capture')
    return (
      <>
        <p className={dialog.say}>
          <b>{withRelation(t, person)}</b>
        </p>
        <FingerCapture
          capture={capture}
          ask={ask ?? ''}
          onStart={() => void start()}
          onStop={() => {
            stop();
            setStage({ kind: 'ask' });
          }}
        />
        <TrainingHand who={person.name} {...(finger === undefined ? {} : { finger })} />
      </>
    );
  const said = stage.kind === 'told' ? props.say(stage.told, person) : null;
  const right = stage.kind === 'told' && stage.told.matched;
  return (
    <>
      {said && (
        <Verdict right={right} title={said.title}>
          {said.what}
        </Verdict>
      )}
      {stage.kind === 'failed' && <ErrorNotice failure={stage.failure} />}
      <div className={dialog.end}>
        {right ? (
          <EnterButton onPress={onClose}>{t('fingerprint.finish')}</EnterButton>
        ) : (
          <>
            <Button variant="default" size="lg" onClick={onClose}>
              {t('common.close')}
            </Button>
            <EnterButton onPress={begin}>{t('common.tryAgain')}</EnterButton>
          </>
        )}
      </div>
    </>
  );
}

/** Enter in any field goes on. */
function Questions({ onEnter, children }: { readonly onEnter: () => void; readonly children: ReactNode }) {
  const form = useFirstField<HTMLFormElement>();
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (!(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    onEnter();
  };
  return (
    <form
      className={dialog.form}
      noValidate
      onKeyDown={onKey}
      onSubmit={(event) => event.preventDefault()}
      ref={form}
    >
      {children}
    </form>
  );
}
