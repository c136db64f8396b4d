// The patient, or who signs for them, confirms a paper with a finger: who, one finger, and a verdict nobody can misread.
// Only those who consented to this use of their fingerprints are asked (Law 91/2025/QH15: consent for each purpose).
import { Button, Radio, TextInput } from '@mantine/core';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { Failure } from '../../../shared/api/contract.ts';
import { call, useOrder } from '../../app/api.ts';
import { useCapture } from '../../app/captures.ts';
import { to } from '../../app/routes.tsx';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../../parts/EnterButton.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { FingerCapture } from '../../parts/fingers/FingerCapture.tsx';
import { fingerNames, type Person, usableFingers } from '../../parts/fingers/fingers.ts';
import { TrainingHand } from '../../parts/fingers/TrainingHand.tsx';
import { Verdict } from '../../parts/fingers/Verdict.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { Dialog } from '../fingerprint/Dialog.tsx';
import finger from '../fingerprint/Fingerprint.module.css';
import type { Paper, Step } from './paper-types.ts';

interface Props {
  readonly paper: Paper;
  readonly content: string;
  readonly step: Step;
  readonly onClose: () => void;
}

/** Those whose fingers this PC can compare with and who allowed papers to be confirmed by them. */
const confirming = (people: readonly Person[]): readonly Person[] =>
  people.filter(
    (person) =>
      person.personId !== null && person.purposes.includes('confirm') && usableFingers(person).length > 0,
  );

export function ConfirmFinger(props: Props) {
  const t = useText();
  const [, go] = useLocation();
  const { patientId, admissionId } = props.paper;
  const [people, setPeople] = useState<readonly Person[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  // Asked once when the dialog opens: consent given a minute ago counts, and a change elsewhere must not exchange the
  // person under the clerk's hands.
  useEffect(() => {
    void call('fingerprint.ofPatient', { patientId }).then((result) => {
      if (result.ok) setPeople(confirming(result.value.people));
      else setFailure(result.error);
    });
  }, [patientId]);
  return (
    <Dialog title={t('documents.fingerTitle', { step: props.step.label })} onClose={props.onClose}>
      {failure && <ErrorNotice failure={failure} />}
      {!people && !failure && <Loading />}
      {people?.length === 0 && (
        <>
          <p className={finger.say}>{t('documents.nobodyByFinger')}</p>
          <div className={finger.end}>
            <Button variant="default" onClick={props.onClose}>
              {t('common.close')}
            </Button>
            <EnterButton onPress={() => go(to.prints(patientId, admissionId))}>
              {t('fingerprint.openPage')}
            </EnterButton>
          </div>
        </>
      )}
      {people && people.length > 0 && <Confirm {...props} people={people} />}
    </Dialog>
  );
}

type Stage =
  | { readonly kind: 'ask' | 'capture' }
  | { readonly kind: 'told'; readonly matched: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure };

function Confirm({ paper, content, step, people, onClose }: Props & { readonly people: readonly Person[] }) {
  const t = useText();
  const order = useOrder('signing.confirmByFinger');
  const [personId, setPersonId] = useState<string | null>(people[0]?.personId ?? null);
  const [witness, setWitness] = useState('');
  const [stage, setStage] = useState<Stage>({ kind: 'ask' });
  const person = people.find((each) => each.personId === personId) ?? people[0];
  const { capture, start, stop } = useCapture((captureId) => void confirm(captureId));
  if (!person) return null;
  const { name } = person;
  const fingers = usableFingers(person);
  const ask = t('fingerprint.checkAnyFinger', { fingers: fingerNames(t, fingers) });

  function begin(): void {
    setStage({ kind: 'capture' });
    void start();
  }
  async function confirm(captureId: string): Promise<void> {
    if (person?.personId == null) return;
    const result = await order.run({
      documentId: paper.documentId,
      content,
      step: step.step,
      personId: person.personId,
      captureId,
      admissionId: paper.admissionId,
      witness: witness.trim() === '' ? null : witness.trim(),
    });
    setStage(
      result.ok ? { kind: 'told', matched: result.value.matched } : { kind: 'failed', failure: result.error },
    );
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (!(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    begin();
  };

  if (stage.kind === 'ask')
    return (
      <form className={finger.form} noValidate onKeyDown={onKey} onSubmit={(event) => event.preventDefault()}>
        <p className={finger.aloud}>{t('documents.readPaperFirst', { title: paper.title })}</p>
        <Radio.Group label={t('documents.whoConfirms')} value={personId} onChange={setPersonId}>
          <div className={finger.across}>
            {people.map((each, index) => (
              <Radio
                key={each.personId}
                value={each.personId ?? ''}
                data-autofocus={index === 0 || undefined}
                label={
                  each.relation === null
                    ? t('documents.patientSelf', { name: each.name })
                    : `${each.name} (${t.of(`patient.relation.${each.relation}`)})`
                }
              />
            ))}
          </div>
        </Radio.Group>
        <TextInput
          label={t('documents.witnessMaybe')}
          autoComplete="off"
          maxLength={120}
          value={witness}
          onChange={(event) => setWitness(event.currentTarget.value)}
        />
        <p className={finger.say}>{ask}</p>
        <div className={finger.end}>
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
        <p className={finger.say}>
          <b>{name}</b>
        </p>
        <FingerCapture
          capture={capture}
          ask={ask}
          onStart={() => void start()}
          onStop={() => {
            stop();
            setStage({ kind: 'ask' });
          }}
        />
        <TrainingHand who={name} {...(fingers[0] === undefined ? {} : { finger: fingers[0] })} />
      </>
    );
  const matched = stage.kind === 'told' && stage.matched;
  return (
    <>
      {stage.kind === 'told' && (
        <Verdict
          right={matched}
          title={t(matched ? 'documents.confirmed' : 'fingerprint.notMatched', { name })}
        >
          {t(matched ? 'documents.confirmedWhat' : 'documents.notConfirmedWhat')}
        </Verdict>
      )}
      {stage.kind === 'failed' && <ErrorNotice failure={stage.failure} />}
      <div className={finger.end}>
        {matched ? (
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
