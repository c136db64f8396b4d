// A verdict on signatures, in words first and facts after: holds, not known yet, or does not hold, and why.
import { moment } from '../../i18n/format.ts';
import { type Text, useText } from '../../i18n/index.ts';
import { Tag } from '../../parts/Tag.tsx';
import styles from './Signing.module.css';
import type { Verdict } from './signing-types.ts';

const tones = { valid: 'good', undetermined: 'warn', invalid: 'danger' } as const;
const signs = { valid: '✓', undetermined: '?', invalid: '✕' } as const;

/** What is wrong stands at the top; of several signatures each says its own as well. */
export function VerdictView({ verdict }: { readonly verdict: Verdict }) {
  const t = useText();
  return (
    <div className={styles.verdict}>
      <div role="status" className={styles.verdictHead} data-state={verdict.state}>
        <b>
          {signs[verdict.state]} {t(`signing.verdict.${verdict.state}`)}
        </b>
        <Reasons t={t} codes={verdict.reasons} />
      </div>
      <ol className={styles.signatures}>
        {verdict.signatures.map((signature, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: signatures stand in the order of the file
          <li key={at}>
            <div>
              <b>{signature.signer || t('signing.nameless')}</b>{' '}
              <Tag tone={tones[signature.state]}>{t(`signing.state.${signature.state}`)}</Tag>
            </div>
            {verdict.signatures.length > 1 && <Reasons t={t} codes={signature.reasons} />}
            <dl className={styles.facts}>
              <Fact label={t('signing.fact.issuer')} value={signature.issuer} />
              <Fact
                label={t('signing.fact.claimed')}
                value={signature.claimedAt === null ? '' : moment(signature.claimedAt)}
              />
              <Fact
                label={t('signing.fact.stamped')}
                value={signature.stampedAt === null ? t('signing.noStamp') : moment(signature.stampedAt)}
              />
              <Fact label={t('signing.fact.revocation')} value={revocationWords(t, signature.revocation)} />
              <Fact label={t('signing.fact.kind')} value={`${signature.kind}, ${signature.algorithm}`} />
              <Fact
                label={t('signing.fact.certificate')}
                value={signature.certificateSha256?.slice(0, 32) ?? ''}
              />
            </dl>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Reasons({ t, codes }: { readonly t: Text; readonly codes: readonly string[] }) {
  if (codes.length === 0) return null;
  return (
    <ul className={styles.reasons}>
      {codes.map((code) => (
        <li key={code}>{t.of(`verdict.${code}`)}</li>
      ))}
    </ul>
  );
}

const Fact = ({ label, value }: { readonly label: string; readonly value: string }) =>
  value === '' ? null : (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );

function revocationWords(t: Text, found: Verdict['signatures'][number]['revocation']): string {
  if (!found || !t.has(`signing.revocation.${found.how}`)) return t('signing.revocation.none');
  const how = t.of(`signing.revocation.${found.how}`);
  return found.asOf === null ? how : t('signing.revocationAsOf', { how, time: moment(found.asOf) });
}
