// Is this the person they are said to be? Who, before what, one finger, and a verdict nobody can misread.
import { Button, Radio } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { useLocation } from 'wouter';
import type { Failure } from '../../../shared/api/contract.ts';
import { checkOccasions } from '../../../shared/codes/fingerprints.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useCapture } from '../../app/captures.ts';
import { to } from '../../app/routes.tsx';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../../parts/EnterButton.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { FingerCapture } from '../../parts/fingers/FingerCapture.tsx';
import {
  type Finger,
  fingerName,
  fingerNames,
  type Occasion,
  type Person,
  usableFingers,
} from '../../parts/fingers/fingers.ts';
import { TrainingHand } from '../../parts/fingers/TrainingHand.tsx';
import { Verdict } from '../../parts/fingers/Verdict.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { Dialog } from './Dialog.tsx';
import styles from './Fingerprint.module.css';

interface Props {
  readonly patientId: string;
  readonly admissionId: string | null;
  /** Chosen beforehand: the person whose button was pressed. */
  readonly personId?: string;
  readonly onClose: () => void;
}

/** Those whose fingers this PC can compare with. */
const checkable = (people: readonly Person[] | undefined) =>
  people?.filter((person) => person.personId !== null && usableFingers(person).length > 0);

export function CheckDialog(props: Props) {
  const t = useText();
  const [, go] = useLocation();
  const answer = useAnswer('fingerprint.ofPatient', { patientId: props.patientId });
  const [people, setPeople] = useState(() => checkable(answer.data?.people));
  // As they were when the dialog opened: a change elsewhere must not exchange the person under the clerk's hands.
  if (!people && answer.data) setPeople(checkable(answer.data.people));
  return (
    <Dialog title={t('fingerprint.checkTitle')} onClose={props.onClose}>
      {answer.error && <ErrorNotice failure={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.isLoading && <Loading />}
      {people?.length === 0 && (
        <>
          <p className={styles.say}>{t('fingerprint.nobodyToCheck')}</p>
          <div className={styles.end}>
            <Button variant="default" onClick={props.onClose}>
              {t('common.close')}
            </Button>
            <EnterButton onPress={() => go(to.prints(props.patientId, props.admissionId))}>
              {t('fingerprint.openPage')}
            </EnterButton>
          </div>
        </>
      )}
      {people && people.length > 0 && <Check {...props} people={people} />}
    </Dialog>
  );
}

type Stage =
  | { readonly kind: 'ask' | 'capture' }
  | { readonly kind: 'told'; readonly matched: boolean; readonly finger: Finger }
  | { readonly kind: 'failed'; readonly failure: Failure };

function Check({
  patientId,
  admissionId,
  personId: chosen,
  people,
  onClose,
}: Props & { readonly people: readonly Person[] }) {
  const t = useText();
  const verify = useOrder('fingerprint.verify');
  const [personId, setPersonId] = useState<string | null>(chosen ?? people[0]?.personId ?? null);
  const [occasion, setOccasion] = useState<Occasion | null>(null);
  const [tried, setTried] = useState(false);
  const [stage, setStage] = useState<Stage>({ kind: 'ask' });
  const person = people.find((each) => each.personId === personId) ?? people[0];
  const { capture, start, stop } = useCapture((captureId) => void compare(captureId));
  if (!person) return null;
  const { name } = person;
  const fingers = usableFingers(person);

  function begin(): void {
    setTried(true);
    if (occasion === null) return;
    setStage({ kind: 'capture' });
    void start();
  }
  async function compare(captureId: string): Promise<void> {
    if (occasion === null || person?.personId == null) return;
    const result = await verify.run({
      patientId,
      personId: person.personId,
      captureId,
      occasion,
      admissionId,
    });
    setStage(result.ok ? { kind: 'told', ...result.value } : { kind: 'failed', failure: result.error });
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    begin();
  };

  if (stage.kind === 'ask')
    return (
      <form className={styles.form} noValidate onKeyDown={onKey} onSubmit={(event) => event.preventDefault()}>
        {people.length > 1 && (
          <Radio.Group label={t('fingerprint.checkWho')} value={personId} onChange={setPersonId}>
            <div className={styles.across}>
              {people.map((each) => (
                <Radio
                  key={each.personId}
                  value={each.personId ?? ''}
                  label={
                    each.relation === null
                      ? each.name
                      : `${each.name} (${t.of(`patient.relation.${each.relation}`)})`
                  }
                />
              ))}
            </div>
          </Radio.Group>
        )}
        {people.length === 1 && (
          <p className={styles.say}>
            <b>{name}</b>
          </p>
        )}
        <Radio.Group
          label={t('fingerprint.checkBefore')}
          value={occasion}
          onChange={(value) => setOccasion(checkOccasions.find((each) => each === value) ?? null)}
          error={tried && occasion === null && t('field.required')}
        >
          <div className={styles.across}>
            {checkOccasions.map((each, index) => (
              <Radio
                key={each}
                value={each}
                label={t(`fingerprint.occasion.${each}`)}
                data-autofocus={index === 0 || undefined}
              />
            ))}
          </div>
        </Radio.Group>
        <p className={styles.say}>{t('fingerprint.checkAnyFinger', { fingers: fingerNames(t, fingers) })}</p>
        <div className={styles.end}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <EnterButton focus={false} onPress={begin}>
            {t('fingerprint.checkStart')}
          </EnterButton>
        </div>
      </form>
    );
  if (stage.kind === 'capture')
    return (
      <>
        <p className={styles.say}>
          <b>{name}</b>
        </p>
        <FingerCapture
          capture={capture}
          ask={t('fingerprint.checkAnyFinger', { fingers: fingerNames(t, fingers) })}
          onStart={() => void start()}
          onStop={() => {
            stop();
            setStage({ kind: 'ask' });
          }}
        />
        <TrainingHand who={name} {...(fingers[0] === undefined ? {} : { finger: fingers[0] })} />
      </>
    );
  return (
    <>
      {stage.kind === 'told' && (
        <Verdict
          right={stage.matched}
          title={t(stage.matched ? 'fingerprint.matched' : 'fingerprint.notMatched', { name })}
        >
          {stage.matched
            ? t('fingerprint.matchedWhat', { finger: fingerName(t, stage.finger) })
            : t('fingerprint.notMatchedWhat')}
        </Verdict>
      )}
      {stage.kind === 'failed' && <ErrorNotice failure={stage.failure} />}
      <div className={styles.end}>
        {stage.kind === 'told' && stage.matched ? (
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
