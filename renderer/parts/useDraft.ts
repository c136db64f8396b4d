// A form's unfinished typing, kept by the core so that a crash or a power cut costs at most a second of it.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { call } from '../app/api.ts';
import { type Autosave, createAutosave } from './autosave.ts';
import { slotsOf } from './draft-slots.ts';

export interface FoundDraft {
  readonly key: string;
  readonly content: string;
  readonly savedAt: number;
}

export interface Draft {
  /** What was found on opening and is not answered for yet, newest first; `looking` until the core has answered. */
  readonly found: readonly FoundDraft[] | 'looking';
  /** When the draft was last written, for the line under the form. */
  readonly savedAt: number | null;
  readonly failed: boolean;
  /** Call on every change with the form as text; null when nothing worth keeping is left. */
  readonly keep: (content: string | null) => void;
  readonly flush: () => Promise<void>;
  /** The form was saved or thrown away. */
  readonly discard: () => Promise<void>;
  /** Goes on with typing that was found; what was typed meanwhile stays kept and is offered another time. */
  readonly takeOver: (found: FoundDraft) => Promise<void>;
  /** Throws typing away that was found. */
  readonly drop: (found: FoundDraft) => Promise<void>;
  /** Name of the draft this form is kept under now, for commands that end it. */
  readonly key: () => string;
}

export function useDraft(
  key: string,
  about: { readonly patientId?: string | undefined; readonly admissionId?: string | undefined } = {},
): Draft {
  const [found, setFound] = useState<Draft['found']>('looking');
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);
  const { patientId = null, admissionId = null } = about;
  const slot = useMemo(() => ({ key }), [key]);

  const saver = useMemo<Autosave>(
    () =>
      createAutosave({
        now: () => Date.now(),
        write: async (content) => {
          const saved = await call('drafts.save', { key: slot.key, patientId, admissionId, content });
          setFailed(!saved.ok);
          if (saved.ok) setSavedAt(saved.value.savedAt);
          return saved.ok;
        },
      }),
    [slot, patientId, admissionId],
  );

  useEffect(() => {
    let current = true;
    setFound('looking');
    setSavedAt(null);
    void call('drafts.list', {}).then((list) => {
      if (!current) return;
      const slots = slotsOf(key, list.ok ? list.value : []);
      slot.key = slots.free;
      setFound(slots.found);
    });
    return () => {
      current = false;
    };
  }, [key, slot]);

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
    await saver.stop(() => call('drafts.discard', { key: slot.key }));
  }, [saver, slot]);

  // Until it is known what lies there already, typing waits; once it is, `keep` is another one and is called again.
  const looking = found === 'looking';
  const keep = useCallback(
    (content: string | null) => {
      if (content !== null) {
        kept.current = true;
        if (!looking) saver.touch(content);
      } else if (kept.current) void discard();
    },
    [saver, discard, looking],
  );

  const answered = useCallback(
    (draft: FoundDraft) =>
      setFound((all) => (all === 'looking' ? all : all.filter(({ key: other }) => other !== draft.key))),
    [],
  );
  return {
    found,
    savedAt,
    failed,
    keep,
    flush: saver.flush,
    discard,
    takeOver: useCallback(
      async (draft) => {
        answered(draft);
        await saver.flush();
        await saver.stop();
        slot.key = draft.key;
      },
      [saver, slot, answered],
    ),
    drop: useCallback(
      async (draft) => {
        answered(draft);
        await call('drafts.discard', { key: draft.key });
      },
      [answered],
    ),
    key: useCallback(() => slot.key, [slot]),
  };
}
