// The fingerprints of the patient and the relatives written down, and the dialogs that one of them leads to.
import { useEffect, useRef, useState } from 'react';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { type Finger, inSentence, type Person } from '../../parts/fingers/fingers.ts';
import { Loading } from '../../parts/Loading.tsx';
import { showDone, showFailure } from '../../parts/notices.ts';
import { ReasonDialog } from '../../parts/ReasonDialog.tsx';
import { CheckDialog } from './CheckDialog.tsx';
import { ConsentDialog } from './ConsentDialog.tsx';
import styles from './Fingerprint.module.css';
import { type Doing, nameOf, PersonCard } from './PersonCard.tsx';
import { TakeDialog } from './TakeDialog.tsx';
import { UnableDialog } from './UnableDialog.tsx';

interface Props {
  readonly patientId: string;
  /** The stay a relative signs in. */
  readonly admissionId: string | null;
}

export function Prints({ patientId, admissionId }: Props) {
  const t = useText();
  const { can } = useSession();
  const answer = useAnswer('fingerprint.ofPatient', { patientId });
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  const section = useRef<HTMLElement>(null);
  /** Whose button was pressed last: it may be gone when the answer comes, and the focus with it. */
  const [pressed, setPressed] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer may take the button away
  useEffect(() => {
    if (doing !== null || pressed === '' || document.activeElement !== document.body) return;
    section.current?.querySelector<HTMLElement>(`[data-person="${pressed}"] button`)?.focus();
  }, [answer.data]);
  const people = answer.data?.people;
  /** As the record has them now; what was pressed may be minutes old. */
  const today = (person: Person): Person =>
    people?.find(({ kind, relativeId }) => kind === person.kind && relativeId === person.relativeId) ??
    person;
  return (
    <section className={styles.panel} aria-labelledby="prints" ref={section}>
      <h2 id="prints">{t('fingerprint.title')}</h2>
      {answer.error && <ErrorNotice failure={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.isLoading && <Loading />}
      {people?.map((person, index) => (
        <PersonCard
          key={nameOf(person)}
          person={person}
          mayWrite={can('patient.write')}
          // keys for the patient, who comes first; relatives by Tab
          keyed={index === 0}
          onDo={(what) => {
            setPressed(nameOf(person));
            setDoing(what);
          }}
        />
      ))}
      {people?.length === 1 && <p className={styles.quiet}>{t('fingerprint.addRelativeFirst')}</p>}
      {doing?.kind === 'consent' && (
        <ConsentDialog
          {...{ patientId, admissionId }}
          person={doing.person}
          onGiven={(personId) => {
            const { person } = doing;
            const taken = person.fingers.length > 0;
            // the next dialog says it by being there, and its buttons must not lie under a message
            if (taken) showDone(t('fingerprint.consentSaved', { name: person.name }));
            setDoing(taken ? null : { kind: 'take', person, personId });
          }}
          onRefused={() =>
            setDoing({ kind: 'unable', person: doing.person, finger: null, reason: 'refused' })
          }
          onClose={close}
        />
      )}
      {doing?.kind === 'take' && (
        <TakeDialog
          patientId={patientId}
          personId={doing.personId}
          name={doing.person.name}
          taken={today(doing.person).fingers.map(({ finger }) => finger)}
          unable={[
            ...today(doing.person).unable.flatMap(({ finger }) => finger ?? []),
            ...(doing.failed === undefined ? [] : [doing.failed]),
          ]}
          onUnable={(finger) =>
            setDoing({
              kind: 'unable',
              person: doing.person,
              personId: doing.personId,
              finger,
              reason: null,
            })
          }
          onClose={close}
        />
      )}
      {doing?.kind === 'check' && doing.person.personId !== null && (
        <CheckDialog {...{ patientId, admissionId }} personId={doing.person.personId} onClose={close} />
      )}
      {doing?.kind === 'unable' && (
        <UnableDialog
          {...{ patientId, admissionId }}
          person={doing.person}
          finger={doing.finger}
          reason={doing.reason}
          onSaved={(finger, fallback) => {
            const { person, personId } = doing;
            const next = fallback === 'other_finger' && finger !== null && personId !== undefined;
            if (!next) showDone(t('fingerprint.unableSaved', { name: person.name }));
            setDoing(next ? { kind: 'take', person, personId, failed: finger } : null);
          }}
          onClose={close}
        />
      )}
      <Withdraw
        patientId={patientId}
        person={doing?.kind === 'withdraw' ? doing.person : null}
        onClose={close}
      />
      <Drop
        patientId={patientId}
        person={doing?.kind === 'drop' ? doing.person : null}
        finger={doing?.kind === 'drop' ? doing.finger : 1}
        onClose={close}
      />
    </section>
  );
}

function Withdraw({
  patientId,
  person,
  onClose,
}: {
  readonly patientId: string;
  readonly person: Person | null;
  readonly onClose: () => void;
}) {
  const t = useText();
  const order = useOrder('fingerprint.withdraw');
  const name = person?.name ?? '';
  async function run(reason: string): Promise<void> {
    if (person?.personId == null) return;
    const result = await order.run({ patientId, personId: person.personId, reason });
    onClose();
    if (result.ok) showDone(t('fingerprint.withdrawn', { name }));
    else showFailure(result.error);
  }
  return (
    <ReasonDialog
      opened={person !== null}
      title={t('fingerprint.withdrawTitle', { name })}
      confirmLabel={t('fingerprint.withdrawDo')}
      danger
      running={order.running}
      suggestions={[t('fingerprint.withdrawAsked'), t('fingerprint.withdrawMistake')]}
      onConfirm={(reason) => void run(reason)}
      onClose={onClose}
    >
      {t('fingerprint.withdrawText')}
    </ReasonDialog>
  );
}

function Drop({
  patientId,
  person,
  finger,
  onClose,
}: {
  readonly patientId: string;
  readonly person: Person | null;
  readonly finger: Finger;
  readonly onClose: () => void;
}) {
  const t = useText();
  const order = useOrder('fingerprint.drop');
  const words = { finger: inSentence(t, finger), name: person?.name ?? '' };
  async function run(reason: string): Promise<void> {
    if (person?.personId == null) return;
    const result = await order.run({ patientId, personId: person.personId, finger, reason });
    onClose();
    if (result.ok) showDone(t('fingerprint.dropped', words));
    else showFailure(result.error);
  }
  return (
    <ReasonDialog
      opened={person !== null}
      title={t('fingerprint.dropTitle', words)}
      confirmLabel={t('fingerprint.drop')}
      running={order.running}
      suggestions={[t('fingerprint.dropHand'), t('fingerprint.dropPoor')]}
      onConfirm={(reason) => void run(reason)}
      onClose={onClose}
    >
      {t('fingerprint.dropText')}
    </ReasonDialog>
  );
}
