// A form's unfinished typing, kept by the core so that a crash or a power cut costs at most a second of it.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { call } from '../app/api.ts';
import { type Autosave, createAutosave } from './autosave.ts';

export interface Draft {
  /** What was found on opening; `looking` until the core has answered. */
  readonly found: { readonly content: string; readonly savedAt: number } | null | 'looking';
  /** When the draft was last written, for the line under the form. */
  readonly savedAt: number | null;
  readonly failed: boolean;
  /** Call on every change with the form as text; null when nothing worth keeping is left. */
  readonly keep: (content: string | null) => void;
  readonly flush: () => Promise<void>;
  /** The form was saved or thrown away. */
  readonly discard: () => Promise<void>;
  /** The found draft was taken over or left; stop offering it. */
  readonly answered: () => void;
}

export function useDraft(
  key: string,
  about: { readonly patientId?: string | undefined; readonly admissionId?: string | undefined } = {},
): Draft {
  const [found, setFound] = useState<Draft['found']>('looking');
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);
  const { patientId = null, admissionId = null } = about;

  const saver = useMemo<Autosave>(
    () =>
      createAutosave({
        now: () => Date.now(),
        write: async (content) => {
          const saved = await call('drafts.save', { key, patientId, admissionId, content });
          setFailed(!saved.ok);
          if (saved.ok) setSavedAt(saved.value.savedAt);
          return saved.ok;
        },
      }),
    [key, patientId, admissionId],
  );

  useEffect(() => {
    let current = true;
    setFound('looking');
    setSavedAt(null);
    void call('drafts.list', {}).then((list) => {
      if (!current) return;
      const mine = list.ok ? list.value.find((d) => d.key === key) : undefined;
      setFound(mine ? { content: mine.content, savedAt: mine.savedAt } : null);
    });
    return () => {
      current = false;
    };
  }, [key]);

  useEffect(() => {
    const leave = () => void saver.flush();
    window.addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', leave);
      leave();
    };
  }, [saver]);

  const kept = useRef(false);
  const discard = useCallback(async () => {
    kept.current = false;
    setSavedAt(null);
    await saver.stop(() => call('drafts.discard', { key }));
  }, [saver, key]);

  const keep = useCallback(
    (content: string | null) => {
      if (content !== null) {
        kept.current = true;
        saver.touch(content);
      } else if (kept.current) void discard();
    },
    [saver, discard],
  );

  return {
    found,
    savedAt,
    failed,
    keep,
    flush: saver.flush,
    discard,
    answered: useCallback(() => setFound(null), []),
  };
}
