// Writing one entry of the treatment sheet. Every second of typing is kept as a draft; finishing makes it part of the
// record. Orders wait for the allergy question, which can be answered right here.
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { shortMoment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { DraftLine } from '../../parts/DraftLine.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { RestoreOffer } from '../../parts/RestoreOffer.tsx';
import { TimeField } from '../../parts/TimeField.tsx';
import { showDone } from '../../parts/UndoToast.tsx';
import { useReturnFocus } from '../../parts/use-return-focus.ts';
import { useDraft } from '../../parts/useDraft.ts';
import { AllergyQuestion } from './AllergyQuestion.tsx';
import styles from './Chart.module.css';
import type { ChartHead, Entry, EntryContent } from './chart-types.ts';
import { compareLines, lastOrders } from './copy-orders.ts';
import sheet from './Sheet.module.css';

interface Props {
  readonly head: ChartHead;
  readonly admissionId: string;
  readonly entries: readonly Entry[];
  /** The entry to be amended; without it a new one is written. */
  readonly amending?: Entry;
  readonly onClose: () => void;
}

const empty: EntryContent = { progress: '', orders: '', care: '', careLevel: null, diet: '' };
const careLevels = ['1', '2', '3'] as const;

export function EntryEditor({ head, admissionId, entries, amending, onClose }: Props) {
  const t = useText();
  useReturnFocus();
  const { can } = useSession();
  const key = amending ? `amend:${amending.entryId}` : `entry:${admissionId}`;
  const draft = useDraft(key, { patientId: head.patientId, admissionId });
  const finish = useOrder('notes.finish');
  const amend = useOrder('notes.amend');
  const [content, setContent] = useState<EntryContent>(amending?.content ?? empty);
  const [original] = useState(content);
  const [at, setAt] = useState<number | null>(() => amending?.eventAt ?? Date.now());
  const [copied, setCopied] = useState<Entry | null>(null);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const first = useRef<HTMLTextAreaElement>(null);
  useEffect(() => first.current?.focus(), []);
  const { keep } = draft;
  useEffect(
    () => keep(sameContent(content, original) ? null : JSON.stringify(content)),
    [content, original, keep],
  );

  const mayOrder = can('orders.write');
  const set = (part: Partial<EntryContent>) => setContent((c) => ({ ...c, ...part }));
  const hasOrders = content.orders.trim() !== '';
  const blank = content.progress.trim() === '' && !hasOrders && content.care.trim() === '';
  const source = mayOrder ? lastOrders(entries, at ?? Date.now()) : null;
  const askAllergies = mayOrder && head.allergyStatus === 'not_asked';

  async function save(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (blank || at === null || (hasOrders && askAllergies) || (amending && reason.trim() === '')) return;
    await draft.flush();
    const written = { eventAt: at, content, draftKey: draft.key() };
    const result = amending
      ? await amend.run({ ...written, entryId: amending.entryId, reason })
      : await finish.run({ ...written, admissionId });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    await draft.discard();
    showDone(t(amending ? 'notes.amended' : 'notes.finished'));
    onClose();
  }

  return (
    <form
      className={styles.panel}
      data-open
      noValidate
      onKeyDown={enterMovesOn}
      onSubmit={(event) => event.preventDefault()}
    >
      <h2>{t(amending ? 'notes.amendTitle' : 'notes.newTitle')}</h2>
      <RestoreOffer draft={draft} onRestore={(found) => setContent(contentFromDraft(found))} />
      {askAllergies && <AllergyQuestion patientId={head.patientId} urgent={tried && hasOrders} />}
      <div className={sheet.editor}>
        <div className={sheet.when}>
          <TimeField
            label={t('notes.eventAt')}
            value={at}
            onChange={setAt}
            error={tried && at === null && t('common.notATime')}
          />
          <NativeSelect
            label={t('notes.careLevel')}
            value={content.careLevel ?? ''}
            onChange={(event) =>
              set({ careLevel: careLevels.find((l) => l === event.currentTarget.value) ?? null })
            }
          >
            <option value="">–</option>
            {careLevels.map((level) => (
              <option key={level} value={level}>
                {t('notes.level', { level })}
              </option>
            ))}
          </NativeSelect>
          <TextInput
            label={t('notes.diet')}
            maxLength={200}
            autoComplete="off"
            value={content.diet}
            onChange={(event) => set({ diet: event.currentTarget.value })}
          />
        </div>
        <div>
          <Textarea
            ref={first}
            label={t('notes.progress')}
            classNames={{ input: sheet.long ?? '' }}
            maxLength={8000}
            value={content.progress}
            onChange={(event) => set({ progress: event.currentTarget.value })}
          />
          <Textarea
            className={sheet.care ?? ''}
            label={t('notes.care')}
            classNames={{ input: sheet.short ?? '' }}
            maxLength={4000}
            value={content.care}
            onChange={(event) => set({ care: event.currentTarget.value })}
          />
        </div>
        <div>
          <Textarea
            label={t('notes.orders')}
            classNames={{ input: sheet.long ?? '' }}
            maxLength={8000}
            disabled={!mayOrder}
            description={mayOrder ? undefined : t('notes.noOrders')}
            value={content.orders}
            onChange={(event) => set({ orders: event.currentTarget.value })}
          />
          {source && (
            <Button
              variant="default"
              mt="xs"
              disabled={hasOrders && copied === null}
              onClick={() => {
                setCopied(source);
                set({ orders: source.content.orders });
              }}
            >
              {t('notes.copyOrders', { time: shortMoment(source.eventAt, Date.now()) })}
            </Button>
          )}
          {copied && <Compared before={copied.content.orders} now={content.orders} />}
        </div>
      </div>
      {amending && (
        <TextInput
          label={t('notes.amendReason')}
          required
          maxLength={300}
          value={reason}
          error={tried && reason.trim() === '' && t('error.reason_required')}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      {tried && blank && (
        <p className={sheet.ask} role="alert">
          ▲ {t('notes.blank')}
        </p>
      )}
      {failure && <ErrorNotice failure={failure} />}
      <div className={`${styles.row} ${sheet.foot}`}>
        <DraftLine draft={draft} />
        <div className={`${styles.row} ${styles.end}`}>
          <Button
            variant="default"
            onClick={() => {
              void draft.flush();
              onClose();
            }}
          >
            {t('notes.closeKeepDraft')}
          </Button>
          <KeyButton keyName="Ctrl+S" loading={finish.running || amend.running} onPress={() => void save()}>
            {t(amending ? 'notes.amendSave' : 'notes.finish')}
          </KeyButton>
        </div>
      </div>
    </form>
  );
}

/** What was changed against the copied orders, line by line, in words as well as colour. */
function Compared({ before, now }: { readonly before: string; readonly now: string }) {
  const t = useText();
  const lines = compareLines(before, now);
  return (
    <section className={sheet.compared} aria-label={t('notes.compared')}>
      <h3>{t('notes.compared')}</h3>
      <ul>
        {lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <li key={at} data-state={line.state} data-counts={line.countsDays || undefined}>
            {line.state !== 'same' && <b>{t(`notes.line.${line.state}`)}</b>}
            {line.countsDays && <b>{t('notes.countsDays')}</b>}
            <span>{line.text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const sameContent = (a: EntryContent, b: EntryContent): boolean => JSON.stringify(a) === JSON.stringify(b);

function contentFromDraft(stored: string): EntryContent {
  const draft: unknown = JSON.parse(stored);
  if (typeof draft !== 'object' || draft === null) return empty;
  const text = (field: string) => {
    const value: unknown = Reflect.get(draft, field);
    return typeof value === 'string' ? value : '';
  };
  return {
    progress: text('progress'),
    orders: text('orders'),
    care: text('care'),
    diet: text('diet'),
    careLevel: careLevels.find((level) => level === text('careLevel')) ?? null,
  };
}
