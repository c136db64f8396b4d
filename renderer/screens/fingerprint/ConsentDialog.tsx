// Consent to keeping measurements of somebody's fingers: read aloud, asked for each use, nothing ticked beforehand
// (Law 91/2025/QH15: consent is explicit and for each purpose; silence is none).
import { Button, Checkbox, NativeSelect, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Input } from '../../../shared/api/index.ts';
import { purposes } from '../../../shared/codes/fingerprints.ts';
import { useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import styles from '../../parts/fingers/FingerDialog.module.css';
import { FingerDialog } from '../../parts/fingers/FingerDialog.tsx';
import { holderOf, type Person, type Purpose } from '../../parts/fingers/fingers.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { relationCodes } from '../registration/form.ts';

interface Props {
  readonly patientId: string;
  readonly admissionId: string | null;
  readonly person: Person;
  readonly onGiven: (personId: string) => void;
  readonly onRefused: () => void;
  readonly onClose: () => void;
}

type Way = Input<'fingerprint.consent'>['way'];
const ways = ['spoken', 'paper'] as const satisfies readonly Way[];

export function ConsentDialog({ patientId, admissionId, person, onGiven, onRefused, onClose }: Props) {
  const t = useText();
  const { name } = person;
  const order = useOrder('fingerprint.consent');
  // what was allowed stands until everything is withdrawn, so only the rest is asked for
  const standing = person.consent === 'given' ? person.purposes : [];
  const [allowed, setAllowed] = useState<readonly Purpose[]>([]);
  const [way, setWay] = useState<Way>('spoken');
  const [byOther, setByOther] = useState(false);
  const [byName, setByName] = useState('');
  const [relation, setRelation] = useState<string>('mother');
  const [witness, setWitness] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const asked = purposes.filter((each) => !standing.includes(each));
  const nobody = byOther && byName.trim() === '';

  async function save(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (allowed.length === 0 || nobody) return;
    const result = await order.run({
      patientId,
      holder: holderOf(person, admissionId),
      purposes: purposes.filter((each) => allowed.includes(each)),
      way,
      by: byOther ? { name: byName.trim(), relation } : null,
      witness: witness.trim() === '' ? null : witness.trim(),
    });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    onGiven(result.value.personId);
  }

  return (
    <FingerDialog title={t('fingerprint.consentTitle', { name })} onClose={onClose}>
      <form
        className={styles.form}
        noValidate
        onKeyDown={(event) => enterMovesOn(event, () => void save())}
        onSubmit={(event) => event.preventDefault()}
      >
        <div className={styles.aloud}>
          <b>{t('fingerprint.readAloud')}</b>
          <p>{t('fingerprint.consentText')}</p>
        </div>
        <fieldset>
          <legend>{t('fingerprint.consentFor')}</legend>
          {standing.length > 0 && (
            <p className={styles.note}>
              {t('fingerprint.alreadyAllowed', {
                purposes: standing.map((each) => t(`fingerprint.purpose.${each}`)).join(', '),
              })}
            </p>
          )}
          {asked.map((purpose, index) => (
            <Checkbox
              key={purpose}
              label={t(`fingerprint.consentFor.${purpose}`)}
              checked={allowed.includes(purpose)}
              data-autofocus={index === 0 || undefined}
              onChange={(event) => {
                const { checked } = event.currentTarget;
                setAllowed((all) => [
                  ...all.filter((each) => each !== purpose),
                  ...(checked ? [purpose] : []),
                ]);
              }}
            />
          ))}
          {tried && allowed.length === 0 && (
            <p className={styles.problem} role="alert">
              {t('fingerprint.needPurpose')}
            </p>
          )}
        </fieldset>
        <div className={styles.pair}>
          <Radio.Group
            label={t('fingerprint.consentWho')}
            value={byOther ? 'other' : 'self'}
            onChange={(value) => setByOther(value === 'other')}
          >
            <div className={styles.across}>
              <Radio value="self" label={t('fingerprint.byself', { name })} />
              <Radio value="other" label={t('fingerprint.byOther')} />
            </div>
          </Radio.Group>
          <Radio.Group
            label={t('fingerprint.consentWay')}
            value={way}
            onChange={(value) => setWay(ways.find((each) => each === value) ?? 'spoken')}
          >
            <div className={styles.across}>
              {ways.map((each) => (
                <Radio key={each} value={each} label={t(`fingerprint.way.${each}`)} />
              ))}
            </div>
          </Radio.Group>
        </div>
        <div className={styles.pair}>
          {byOther && (
            <>
              <TextInput
                label={t('fingerprint.byName')}
                required
                autoComplete="off"
                maxLength={120}
                value={byName}
                error={tried && nobody && t('field.required')}
                onChange={(event) => setByName(event.currentTarget.value)}
              />
              <NativeSelect
                label={t('fingerprint.byRelation', { name })}
                value={relation}
                data={relationCodes.map((code) => ({ value: code, label: t(`patient.relation.${code}`) }))}
                onChange={(event) => setRelation(event.currentTarget.value)}
              />
            </>
          )}
          <TextInput
            label={t('documents.witnessMaybe')}
            autoComplete="off"
            maxLength={120}
            value={witness}
            onChange={(event) => setWitness(event.currentTarget.value)}
          />
        </div>
        {failure && <ErrorNotice failure={failure} />}
        <div className={styles.end}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          {standing.length === 0 && (
            <Button variant="default" onClick={onRefused}>
              {t('fingerprint.refused')}
            </Button>
          )}
          <KeyButton keyName="Ctrl+S" loading={order.running} onPress={() => void save()}>
            {t('fingerprint.consentSave')}
          </KeyButton>
        </div>
      </form>
    </FingerDialog>
  );
}
