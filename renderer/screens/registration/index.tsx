// Registering a person: scan first, then the words of the paper form in its order, with possible duplicates beside it.
import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Failure } from '../../../shared/api/contract.ts';
import { call, useAnswer, useOrder } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { age, birth as printBirth } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { AskProvince } from '../../parts/AskProvince.tsx';
import { DraftLine } from '../../parts/DraftLine.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { PickField } from '../../parts/PickField.tsx';
import { RestoreOffer } from '../../parts/RestoreOffer.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { useDraft } from '../../parts/useDraft.ts';
import AdmitDrawer from '../admission/AdmitDrawer.tsx';
import { AddressFields, type AddressPart } from './AddressFields.tsx';
import { type Duplicate, DuplicatesPanel } from './DuplicatesPanel.tsx';
import { FormText } from './FormText.tsx';
import {
  birthOf,
  emptyForm,
  type FormField,
  formFromDraft,
  isPristine,
  problems,
  type RegistrationForm,
  sexes,
  toRegistration,
  warnings,
} from './form.ts';
import { applyScan } from './from-scan.ts';
import { lookupQuestion } from './lookup-question.ts';
import styles from './Registration.module.css';
import { RelativesFields } from './RelativesFields.tsx';
import { SavedPanel } from './SavedPanel.tsx';
import { ScanField, type ScanSays } from './ScanField.tsx';
import { useDuplicates } from './useDuplicates.ts';
import { useScanner } from './useScanner.ts';

type TextFieldName = Exclude<
  { [F in FormField]: RegistrationForm[F] extends string ? F : never }[FormField],
  'sex' | 'provinceName' | 'communeName'
>;

export default function RegistrationScreen() {
  const t = useText();
  const { can } = useSession();
  const [, go] = useLocation();
  const lists = useAnswer('catalogues.small', {});
  const register = useOrder('patients.register');
  const draft = useDraft('register');

  const [form, setForm] = useState<RegistrationForm>(emptyForm);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  const [says, setSays] = useState<ScanSays | null>(null);
  const [others, setOthers] = useState<ReadonlySet<string>>(new Set());
  const [failure, setFailure] = useState<Failure | null>(null);
  const [saved, setSaved] = useState<{ patientId: string; recordNumber: string; name: string } | null>(null);
  const [admitting, setAdmitting] = useState<string | null>(null);

  const settled = useDeferredValue(form);
  const notes = useMemo(() => {
    const now = Date.now();
    return { problems: problems(settled, now), warnings: warnings(settled, now) };
  }, [settled]);
  const elsewhere = useMemo(() => lookupQuestion(settled, Date.now()), [settled]);
  const duplicates = useDuplicates(settled, lists.data?.addressListVersion ?? '');

  // ———— typing ————
  const type = useCallback((name: TextFieldName, value: string) => {
    setForm((f) => ({ ...f, [name]: value }));
  }, []);
  const leave = useCallback((name: TextFieldName) => {
    setLeft((seen) => (seen.has(name) ? seen : new Set(seen).add(name)));
    if (name === 'birth')
      setForm((f) => ({ ...f, birth: printBirth(birthOf(f.birth, Date.now())) ?? f.birth.trim() }));
  }, []);
  const pickAddress = useCallback((part: Partial<AddressPart>) => setForm((f) => ({ ...f, ...part })), []);
  const setRelatives = useCallback(
    (relatives: RegistrationForm['relatives']) => setForm((f) => ({ ...f, relatives })),
    [],
  );
  const { keep } = draft;
  useEffect(() => {
    if (!saved) keep(isPristine(form) ? null : JSON.stringify(form));
  }, [form, saved, keep]);

  // ———— scanning ————
  const formNow = useRef(form);
  formNow.current = form;
  const read = useCallback(
    (raw: string, mangled = false) => {
      const outcome = applyScan(formNow.current, raw, mangled, Date.now());
      if (outcome.kind === 'again') return setSays({ key: outcome.messageKey, again: true });
      if (outcome.kind === 'filled') {
        setForm(outcome.form);
        return setSays({ key: outcome.messageKey, again: false });
      }
      void call('patients.search', { text: outcome.recordNumber, limit: 1 }).then((found) => {
        const hit = found.ok ? found.value[0] : undefined;
        if (hit?.recordNumber === outcome.recordNumber) go(`/patient/${hit.patientId}`);
        else setSays({ key: 'registration.scanRecordUnknown', again: true });
      });
    },
    [go],
  );
  useScanner(read);

  // ———— saving ————
  const open = (duplicates.answer.data ?? []).filter((hit) => !others.has(hit.patientId));
  const unanswered = open.filter((hit) => hit.certainty === 'high');
  const panel = useRef<HTMLElement>(null);
  const [mustAnswer, setMustAnswer] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);

  async function save(): Promise<void> {
    setTried(true);
    setFailure(null);
    const now = Date.now();
    const wrong = Object.keys(problems(form, now))[0];
    if (wrong) {
      scroller.current?.querySelector<HTMLElement>(`[name="${wrong}"]`)?.focus();
      return;
    }
    setMustAnswer(unanswered.length > 0);
    if (unanswered.length > 0) {
      panel.current?.focus();
      return;
    }
    const result = await register.run(
      toRegistration(form, lists.data?.addressListVersion ?? '', [...others], now),
    );
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    await draft.discard();
    setSaved({ ...result.value, name: form.fullName.trim() });
  }

  function startAgain(): void {
    setForm(emptyForm);
    setLeft(new Set());
    setTried(false);
    setSays(null);
    setOthers(new Set());
    setMustAnswer(false);
    setFailure(null);
    setSaved(null);
    void draft.discard();
  }

  function same(hit: Duplicate, then: 'open' | 'admit'): void {
    if (then === 'admit') setAdmitting(hit.patientId);
    else void draft.discard().then(() => go(`/patient/${hit.patientId}`));
  }

  if (saved)
    return (
      <Screen title={t('registration.title')} width="page">
        <SavedPanel
          saved={saved}
          canAdmit={can('admission.admit')}
          onAdmit={() => setAdmitting(saved.patientId)}
          onNext={startAgain}
        />
        <AdmitDrawer
          opened={admitting !== null}
          patientId={saved.patientId}
          onClose={() => setAdmitting(null)}
          onAdmitted={() =>
            go(can('chart.read') ? `/chart/${saved.patientId}` : `/patient/${saved.patientId}`)
          }
        />
      </Screen>
    );

  const problemOf = (field: FormField) => (tried || left.has(field) ? notes.problems[field] : undefined);
  const warningOf = (field: FormField) => (tried || left.has(field) ? notes.warnings[field] : undefined);
  const text = (name: TextFieldName, className: string | undefined) => ({
    name,
    className,
    label: t(`registration.${name}`),
    value: form[name],
    onType: type,
    onLeave: leave,
    problem: problemOf(name) ?? failure?.fields?.[`demographics.${name}`],
    warning: warningOf(name),
  });
  const born = birthOf(form.birth, Date.now());

  return (
    <Screen
      title={t('registration.title')}
      note={t('registration.note')}
      actions={
        <KeyButton variant="default" keyName="F6" onPress={() => go(to.find)}>
          {t('fingerprint.find')}
        </KeyButton>
      }
    >
      <div ref={scroller} className={styles.columns}>
        <form
          className={styles.formBox}
          noValidate
          onSubmit={(event) => event.preventDefault()}
          onKeyDown={enterMovesOn}
        >
          <RestoreOffer draft={draft} onRestore={(content) => setForm(formFromDraft(content) ?? emptyForm)} />
          <ScanField says={says} onRead={read} />

          <fieldset className={styles.group}>
            <legend>{t('registration.groupPerson')}</legend>
            <div className={styles.grid}>
              <FormText {...text('fullName', styles.w6)} required={!form.unidentified} maxLength={80} />
              <NativeSelect
                className={styles.w3}
                name="sex"
                label={t('registration.sex')}
                required
                value={form.sex}
                error={problemOf('sex') && t('registration.needSex')}
                onChange={(event) => {
                  const sex = sexes.find((s) => s === event.currentTarget.value) ?? '';
                  setForm((f) => ({ ...f, sex }));
                }}
              >
                <option value="">{t('registration.choose')}</option>
                {sexes.map((sex) => (
                  <option key={sex} value={sex}>
                    {t.of(`common.sex${sex}`)}
                  </option>
                ))}
              </NativeSelect>
              <FormText
                {...text('birth', styles.w3)}
                placeholder={t('registration.birthPlaceholder')}
                inputMode="numeric"
                hint={born ? t('registration.ageShown', { age: age(t, born, Date.now()) }) : undefined}
              />
              <Checkbox
                className={styles.w12}
                label={t('registration.unidentified')}
                checked={form.unidentified}
                onChange={(event) => {
                  const unidentified = event.currentTarget.checked;
                  setForm((f) => ({ ...f, unidentified }));
                }}
              />
              {form.unidentified && (
                <FormText
                  {...text('unidentifiedNote', styles.w12)}
                  maxLength={500}
                  hint={t('registration.unidentifiedHint')}
                />
              )}
            </div>
          </fieldset>

          <fieldset className={styles.group}>
            <legend>{t('registration.groupPapers')}</legend>
            <div className={styles.grid}>
              <FormText {...text('cccd', styles.w5)} inputMode="numeric" maxLength={20} />
              <FormText {...text('cccdIssued', styles.w3)} inputMode="numeric" />
              <FormText {...text('cmnd', styles.w4)} inputMode="numeric" maxLength={20} />
              <FormText {...text('bhyt', styles.w5)} maxLength={20} />
              <FormText {...text('bhytFrom', styles.w2)} inputMode="numeric" />
              <FormText {...text('bhytTo', styles.w2)} inputMode="numeric" />
              <FormText {...text('bhytFacility', styles.w3)} inputMode="numeric" maxLength={10} />
            </div>
          </fieldset>

          <fieldset className={styles.group}>
            <legend>{t('registration.groupLife')}</legend>
            <div className={styles.grid}>
              <FormText {...text('phone', styles.w4)} inputMode="tel" maxLength={20} />
              <div className={styles.w4}>
                <PickField
                  label={t('registration.ethnic')}
                  rows={lists.data?.ethnicGroups}
                  value={form.ethnicCode}
                  onPick={(ethnicCode) => setForm((f) => ({ ...f, ethnicCode }))}
                />
              </div>
              <FormText {...text('nationality', styles.w4)} maxLength={60} />
              <div className={styles.w6}>
                <PickField
                  label={t('registration.occupation')}
                  rows={lists.data?.occupations}
                  value={form.occupationCode}
                  onPick={(occupationCode) => setForm((f) => ({ ...f, occupationCode }))}
                />
              </div>
              <FormText {...text('workplace', styles.w6)} maxLength={160} />
              <AddressFields
                provinceCode={form.provinceCode}
                communeCode={form.communeCode}
                onPick={pickAddress}
              />
              <FormText {...text('street', styles.w4)} maxLength={160} />
            </div>
          </fieldset>

          <RelativesFields
            relatives={form.relatives}
            warning={notes.warnings.relatives}
            onChange={setRelatives}
          />

          {failure && <ErrorNotice failure={failure} />}
          <div className={styles.footer}>
            {mustAnswer && unanswered.length > 0 && (
              <p className={styles.warning} role="alert">
                ▲ {t('registration.answerDuplicates', { n: unanswered.length })}
              </p>
            )}
            <DraftLine draft={draft} />
            {open.length > 0 && (
              <Button className={styles.below} variant="default" onClick={() => panel.current?.focus()}>
                {t('registration.duplicatesBelow', { n: open.length })}
              </Button>
            )}
            {!isPristine(form) && (
              <Button variant="default" onClick={startAgain}>
                {t('registration.clear')}
              </Button>
            )}
            <KeyButton keyName="Ctrl+S" loading={register.running} onPress={() => void save()}>
              {t('registration.save')}
            </KeyButton>
          </div>
        </form>
        <DuplicatesPanel
          panel={panel}
          answer={duplicates.answer}
          asking={duplicates.asking}
          others={others}
          canAdmit={can('admission.admit')}
          onSame={same}
          onOther={(hit) => setOthers((noted) => new Set(noted).add(hit.patientId))}
          elsewhere={<AskProvince question={elsewhere} hint={t('lookup.hint')} />}
        />
      </div>
      {admitting !== null && (
        <AdmitDrawer
          opened
          patientId={admitting}
          onClose={() => setAdmitting(null)}
          onAdmitted={() => void draft.discard().then(() => go(`/patient/${admitting}`))}
        />
      )}
    </Screen>
  );
}
