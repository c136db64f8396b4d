// Tells the core once that all pages of a version were on the screen: nothing is signed that was not.
import { useCallback, useRef } from 'react';
import { call } from '../../app/api.ts';

/** What PdfPages calls; `onRead` when the core has taken note. */
export function useRead(
  documentId: string,
  content: string,
  onRead?: (content: string) => void,
): (page: number, seen: number, of: number) => void {
  const told = useRef<string | null>(null);
  const after = useRef(onRead);
  after.current = onRead;
  return useCallback(
    (_page, seen, of) => {
      if (seen < of || told.current === content) return;
      told.current = content;
      void call('signing.seen', { documentId, content, pages: of }).then((result) => {
        if (result.ok) after.current?.(content);
        else told.current = null;
      });
    },
    [documentId, content],
  );
}
