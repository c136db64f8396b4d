// Is a signed file from elsewhere genuine? A file is dropped or chosen, and the verdict says it in words. Nothing of the
// file is kept.
import { Button } from '@mantine/core';
import { type DragEvent, useRef, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { call } from '../../app/api.ts';
import { bytes } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { checkFile } from './check-file.ts';
import styles from './Signing.module.css';
import type { Verdict } from './signing-types.ts';
import { VerdictView } from './VerdictView.tsx';

const accepted = '.pdf,.p7s,.p7m,.xml';

export default function VerifyScreen() {
  const t = useText();
  const [file, setFile] = useState<File | null>(null);
  const [content, setContent] = useState<File | null>(null);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  /** What goes on, in words; null when nothing does. */
  const [going, setGoing] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  /** Each choice makes the answers to earlier ones nobody's. */
  const round = useRef(0);
  /** What it signs is another file. */
  const detached = content !== null || (verdict?.reasons.includes('content_missing') ?? false);

  async function check(signed: File, covered: File | null): Promise<void> {
    round.current += 1;
    const asked = round.current;
    const wanted = () => asked === round.current;
    setVerdict(null);
    setFailure(null);
    setGoing(t('signing.reading', { n: 0 }));
    const result = await checkFile(signed, covered, {
      call,
      wanted,
      told(share) {
        if (!wanted()) return;
        setGoing(
          share < 1 ? t('signing.reading', { n: Math.floor(share * 10) * 10 }) : t('signing.checking'),
        );
      },
    });
    if (!result || !wanted()) return;
    setGoing(null);
    if (result.ok) setVerdict(result.value.verdict);
    else setFailure(result.error);
  }
  function take(chosen: File | undefined): void {
    if (!chosen) return;
    setFile(chosen);
    setContent(null);
    void check(chosen, null);
  }
  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  }

  return (
    <Screen title={t('signing.verifyTitle')} note={t('signing.verifyNote')} width="page">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first */}
      <div
        className={styles.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>{t('signing.dropHere')}</p>
        <FileButton label={t('signing.chooseFile')} accept={accepted} onChoose={take} />
        {file && <p>{t('signing.fileChosen', { name: file.name, size: bytes(t, file.size) })}</p>}
      </div>
      {detached && (
        <div className={styles.drop}>
          <p>{t('signing.contentNeeded')}</p>
          <FileButton
            label={t('signing.chooseContent')}
            onChoose={(chosen) => {
              if (!file || !chosen) return;
              setContent(chosen);
              void check(file, chosen);
            }}
          />
          {content && <p>{t('signing.fileChosen', { name: content.name, size: bytes(t, content.size) })}</p>}
        </div>
      )}
      <p role="status">{going}</p>
      {failure && <ErrorNotice failure={failure} />}
      {verdict && <VerdictView verdict={verdict} />}
    </Screen>
  );
}

function FileButton({
  label,
  accept,
  onChoose,
}: {
  readonly label: string;
  readonly accept?: string;
  readonly onChoose: (file: File | undefined) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          onChoose(event.currentTarget.files?.[0]);
          // The same file again is a new question.
          event.currentTarget.value = '';
        }}
      />
      <Button onClick={() => input.current?.click()}>{label}</Button>
    </>
  );
}
