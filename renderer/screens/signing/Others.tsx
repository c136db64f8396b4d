// Papers this person wrote that wait for somebody else, or came back unsigned.
import { Link } from 'wouter';
import { to } from '../../app/routes.tsx';
import { useText } from '../../i18n/index.ts';
import { Tag } from '../../parts/Tag.tsx';
import { stateWords } from '../documents/state-words.ts';
import styles from './Signing.module.css';
import type { QueueItem } from './signing-types.ts';

export function Others({ papers }: { readonly papers: readonly QueueItem['document'][] }) {
  const t = useText();
  if (papers.length === 0) return null;
  return (
    <section className={styles.others} aria-label={t('signing.others')}>
      <h2>{t('signing.others')}</h2>
      <ul>
        {papers.map((paper) => {
          const { tone, text } = stateWords(t, paper);
          const refusal = paper.steps.find(({ state }) => state === 'refused')?.reason;
          return (
            <li key={paper.documentId}>
              <Link href={to.paper(paper.documentId)}>{paper.title}</Link>
              <span>{paper.patientName}</span>
              <Tag tone={tone}>{text}</Tag>
              {refusal != null && (
                <span className={styles.danger}>{t('signing.because', { reason: refusal })}</span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
