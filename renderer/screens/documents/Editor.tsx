// The fields of a paper in the paper's order. Typing is kept as a draft every second; saving puts it into the record;
// "Chốt để ký" makes the bytes that are signed. What the record gives is marked, and offered again, never forced.
import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Failure } from '../../../shared/api/contract.ts';
import { useOrder } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useText } from '../../i18n/index.ts';
import { DraftLine } from '../../parts/DraftLine.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { showDone } from '../../parts/notices.ts';
import { RestoreOffer } from '../../parts/RestoreOffer.tsx';
import { useDraft } from '../../parts/useDraft.ts';
import styles from './Documents.module.css';
import { draftOf, valuesFromDraft } from './draft-values.ts';
import { FieldLine } from './FieldLine.tsx';
import { FreezeDialog } from './FreezeDialog.tsx';
import { fieldId } from './fields/FieldInput.tsx';
import { Preview } from './Preview.tsx';
import type { Paper, Template, Value, Values } from './paper-types.ts';
import { faultsByField, fieldsOf, isBlank, missingFields, originOf, sameValue } from './values.ts';

interface Props {
  readonly template: Template;
  readonly patientId: string;
  readonly admissionId: string | null;
  /** Null before it was saved for the first time. */
  readonly documentId: string | null;
  /** Null too while it is being fetched. */
  readonly paper: Paper | null;
  readonly fromRecord: Values;
  readonly onReload: () => Promise<void>;
}

export function Editor(props: Props) {
  const { template, patientId, admissionId, documentId, paper, fromRecord, onReload } = props;
  const t = useText();
  const [, go] = useLocation();
  const order = useOrder('documents.save');
  // What the record gave when a new paper was begun; it does not change under the writer's hands.
  const [begun] = useState<Values>(() => (documentId === null ? withoutBlanks(fromRecord) : {}));
  const base = paper?.values ?? begun;
  const [edits, setEdits] = useState<Values>({});
  /** Versions the writer had on screen when typing into a field began. */
  const saw = useRef<Record<string, string>>({});
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  const [freezing, setFreezing] = useState(false);
  const [preview, setPreview] = useState(0);
  const values = useMemo(() => ({ ...base, ...edits }), [base, edits]);

  const key =
    documentId === null ? `paper:${template.id}:${admissionId ?? patientId}` : `paper:${documentId}`;
  const draft = useDraft(key, { patientId, ...(admissionId === null ? {} : { admissionId }) });
  const changed = useMemo(
    () => Object.fromEntries(Object.entries(edits).filter(([id, value]) => !sameValue(value, base[id]))),
    [edits, base],
  );
  const dirty = Object.keys(changed).length > 0;
  const { keep } = draft;
  useEffect(() => keep(dirty ? draftOf(changed) : null), [keep, dirty, changed]);
  useFirstField(template);

  const versions = useRef(paper?.versions);
  versions.current = paper?.versions;
  const set = useCallback((field: string, value: Value) => {
    const seen = versions.current?.[field];
    if (seen !== undefined) saw.current[field] ??= seen;
    setEdits((before) => ({ ...before, [field]: value }));
    setFaults((before) => (field in before ? without(before, field) : before));
  }, []);

  function refuse(found: Readonly<Record<string, string>>): void {
    setFaults(found);
    const first = fieldsOf(template).find(({ id }) => id in found);
    if (first) focusField(first.id);
  }

  /** Answers the paper's id; null when it could not be saved. */
  async function save(): Promise<string | null> {
    setFailure(null);
    if (documentId !== null && !dirty) return documentId;
    await draft.flush();
    const sent = documentId === null ? withoutBlanks(values) : changed;
    const result = await order.run({
      documentId,
      form: template.id,
      patientId,
      admissionId,
      values: sent,
      saw: Object.fromEntries(Object.entries(saw.current).filter(([field]) => field in sent)),
    });
    if (!result.ok) {
      refuse(faultsByField(result.error.fields));
      setFailure(result.error);
      return null;
    }
    await draft.discard();
    saw.current = {};
    if (documentId === null) {
      go(to.writePaper({ patientId, form: template.id, admissionId, documentId: result.value.documentId }), {
        replace: true,
      });
    } else {
      await onReload();
      setEdits((now) => Object.fromEntries(Object.entries(now).filter(([id, value]) => sent[id] !== value)));
    }
    return result.value.documentId;
  }

  function askToFreeze(): void {
    const missing = missingFields(template, values);
    if (missing.length > 0) {
      refuse(Object.fromEntries(missing.map((id) => [id, 'field.required'])));
      setFailure({ code: 'field_missing', messageKey: 'error.field_missing' });
      return;
    }
    setFailure(null);
    setFreezing(true);
  }

  const differing = fieldsOf(template).filter(
    (field) => originOf(field, values[field.id], fromRecord) === 'differs',
  );
  return (
    <div className={styles.editor} data-beside={preview > 0 || undefined}>
      <header className={styles.editorHead}>
        <div className={styles.titles}>
          <h2>{template.title}</h2>
          {paper?.changedSince && <span className={styles.quiet}>{t('documents.changedSince')}</span>}
        </div>
        <div className={styles.actions}>
          <DraftLine draft={draft} />
          <Button
            variant="default"
            onClick={() => {
              void draft.flush();
              go(paper?.content ? to.paper(paper.documentId) : to.chart(patientId, 'documents'));
            }}
          >
            {t('documents.close')}
          </Button>
          <KeyButton keyName="Ctrl+P" variant="default" onPress={() => setPreview((n) => n + 1)}>
            {t('documents.preview')}
          </KeyButton>
          <KeyButton
            keyName="Ctrl+S"
            variant="default"
            loading={order.running && !freezing}
            onPress={() =>
              void save().then((id) => {
                if (id !== null) showDone(t('documents.saved'));
              })
            }
          >
            {t('common.save')}
          </KeyButton>
          <KeyButton keyName="Ctrl+Enter" onPress={askToFreeze}>
            {t('documents.freeze')}
          </KeyButton>
        </div>
      </header>
      <form
        className={styles.fields}
        noValidate
        onKeyDown={enterMovesOn}
        onSubmit={(event) => event.preventDefault()}
      >
        <RestoreOffer draft={draft} onRestore={(found) => setEdits(valuesFromDraft(found))} />
        {failure && <ErrorNotice failure={{ ...failure, fields: {} }} />}
        {differing.length > 0 && (
          <p className={styles.news}>
            {t('documents.recordNews', { n: differing.length })}{' '}
            <Button variant="default" size="compact-md" onClick={() => focusField(differing[0]?.id ?? '')}>
              {t('documents.goThere')}
            </Button>
          </p>
        )}
        {template.sections.map((section) => (
          <fieldset key={section.id} className={styles.section}>
            {section.title !== null && <legend>{section.title}</legend>}
            <div className={styles.grid}>
              {section.fields.map((field) => {
                const fault = faults[field.id];
                return (
                  <FieldLine
                    key={field.id}
                    field={field}
                    value={values[field.id]}
                    origin={originOf(field, values[field.id], fromRecord)}
                    given={fromRecord[field.id]}
                    error={fault === undefined ? undefined : t.of(fault)}
                    onChange={set}
                  />
                );
              })}
            </div>
          </fieldset>
        ))}
      </form>
      {preview > 0 && (
        <Preview
          asked={preview}
          template={template}
          patientId={patientId}
          admissionId={admissionId}
          values={values}
          onAgain={() => setPreview((n) => n + 1)}
          onClose={() => setPreview(0)}
        />
      )}
      {freezing && (
        <FreezeDialog
          template={template}
          needsReason={paper?.content != null}
          save={save}
          onFrozen={(id) => {
            showDone(t('documents.frozen'));
            go(to.paper(id));
          }}
          onRefused={(refused) => {
            setFreezing(false);
            refuse(faultsByField(refused.fields));
            setFailure(refused);
          }}
          onClose={() => setFreezing(false)}
        />
      )}
    </div>
  );
}

/** The first field a person fills themselves: what the record gave needs looking at, not typing. */
function useFirstField(template: Template): void {
  useEffect(() => {
    const own = fieldsOf(template).find(({ source }) => source === undefined);
    if (own) focusField(own.id);
  }, [template]);
}

function focusField(id: string): void {
  // After the sentence about what is wrong has been drawn.
  requestAnimationFrame(() => {
    const at = document.getElementById(fieldId(id));
    const field = at?.matches('input, textarea, select, button')
      ? at
      : at?.querySelector<HTMLElement>('input');
    field?.focus();
    field?.scrollIntoView({ block: 'center' });
  });
}

const withoutBlanks = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !isBlank(value)));

function without<T>(all: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = all;
  return rest;
}
