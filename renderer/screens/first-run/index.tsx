// First start on a new PC. One question decides all that follows: is the center new, or has it other PCs already?
import { useState } from 'react';
import { useAnswer } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { Coming } from './Coming.tsx';
import styles from './FirstRun.module.css';
import { Join } from './Join.tsx';
import { NewCenter } from './NewCenter.tsx';

interface Props {
  /** Called before anything is written; from then on only `onFinished` may take the wizard away. */
  readonly onStart: () => void;
  readonly onFinished: () => void;
}

export function FirstRun({ onStart, onFinished }: Props) {
  const [way, setWay] = useState<'ask' | 'new' | 'join'>('ask');
  // The record may be coming in already: the page was opened anew meanwhile.
  const joining = useAnswer('sync.joining', {});
  const state = joining.data?.state;
  if (way === 'ask' && (state === 'snapshot' || state === 'changes'))
    return <Coming onReady={onFinished} onAgain={() => setWay('join')} />;
  switch (way) {
    case 'ask':
      return <Which onChoose={setWay} />;
    case 'new':
      return <NewCenter onStart={onStart} onFinished={onFinished} onBack={() => setWay('ask')} />;
    case 'join':
      return <Join onStart={onStart} onFinished={onFinished} onBack={() => setWay('ask')} />;
  }
}

function Which({ onChoose }: { readonly onChoose: (way: 'new' | 'join') => void }) {
  const t = useText();
  return (
    <main className={styles.wizard}>
      <header className={styles.head}>
        <h1>{t('first-run.title')}</h1>
      </header>
      <div className={styles.body}>
        <h2>{t('first-run.which')}</h2>
        {/* biome-ignore lint/a11y/noAutofocus: the only question on the page */}
        <button type="button" className={styles.way} autoFocus onClick={() => onChoose('new')}>
          <b>{t('first-run.whichNew')}</b>
          <span>{t('first-run.whichNewHint')}</span>
        </button>
        <button type="button" className={styles.way} onClick={() => onChoose('join')}>
          <b>{t('first-run.whichJoin')}</b>
          <span>{t('first-run.whichJoinHint')}</span>
        </button>
      </div>
    </main>
  );
}
