// They signed the printed paper by hand: who, what they are to the patient, and who saw it.
import { Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { showDone } from '../../parts/notices.ts';
import { relationCodes } from '../registration/form.ts';
import styles from './Documents.module.css';
import type { Paper, Step } from './paper-types.ts';

interface Props {
  readonly paper: Paper;
  readonly content: string;
  readonly step: Step;
  readonly onClose: () => void;
}

export function ConfirmOnPaper({ step, onClose, ...rest }: Props) {
  const t = useText();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('documents.paperTitle', { step: step.label })}
      size="42rem"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>
        <Fields {...rest} step={step} onClose={onClose} />
      </KeyLayer>
    </Modal>
  );
}

/** Who signs for themselves is nobody's relative. */
const self = 'self';

function Fields({ paper, content, step, onClose }: Props) {
  const t = useText();
  const order = useOrder('signing.confirmOnPaper');
  const patient = useAnswer('patients.get', { patientId: paper.patientId });
  const relatives = patient.data?.relatives ?? [];
  const [relation, setRelation] = useState<string>(self);
  const [name, setName] = useState(paper.patientName);
  const [witness, setWitness] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const noName = name.trim() === '';
  const noWitness = witness.trim() === '';

  function choose(next: string): void {
    setRelation(next);
    const known = relatives.find((relative) => relative.relation === next)?.fullName;
    setName(next === self ? paper.patientName : (known ?? ''));
  }
  async function save(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (noName || noWitness) return;
    const result = await order.run({
      documentId: paper.documentId,
      content,
      step: step.step,
      name: name.trim(),
      relation: relation === self ? null : relation,
      witness: witness.trim(),
    });
    if (!result.ok) return setFailure(result.error);
    showDone(t('documents.paperNoted', { name: name.trim() }));
    onClose();
  }

  return (
    <form
      className={styles.stack}
      noValidate
      onKeyDown={(event) => enterMovesOn(event, () => void save())}
      onSubmit={(event) => event.preventDefault()}
    >
      <p className={styles.say}>{t('documents.paperFirst')}</p>
      <NativeSelect
        label={t('documents.whoSigned')}
        data-autofocus
        value={relation}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value={self}>{t('documents.patientSelf', { name: paper.patientName })}</option>
        {relationCodes.map((code) => (
          <option key={code} value={code}>
            {t(`patient.relation.${code}`)}
          </option>
        ))}
      </NativeSelect>
      <TextInput
        label={t('documents.signerName')}
        withAsterisk
        autoComplete="off"
        maxLength={120}
        value={name}
        error={tried && noName ? t('field.required') : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t('documents.witness')}
        description={t('documents.witnessHint')}
        withAsterisk
        autoComplete="off"
        maxLength={120}
        value={witness}
        error={tried && noWitness ? t('field.required') : undefined}
        onChange={(event) => setWitness(event.currentTarget.value)}
      />
      {failure && <ErrorNotice failure={failure} />}
      <div className={styles.foot}>
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <KeyButton keyName="Ctrl+S" loading={order.running} onPress={() => void save()}>
          {t('documents.paperSave')}
        </KeyButton>
      </div>
    </form>
  );
}
