// For administrators: certificates that two accounts say are theirs. Until somebody says whose, what they sign stays
// unproven.
import { useState } from 'react';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { shortMoment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ConfirmDialog } from '../../parts/ConfirmDialog.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { showDone, showFailure } from '../../parts/notices.ts';
import { Tag } from '../../parts/Tag.tsx';
import styles from '../station/Station.module.css';

type Certificate = Output<'signing.contested'>['certificates'][number];
type Claim = Certificate['claims'][number];

export function Contested() {
  const { can } = useSession();
  return can('users.manage') ? <List /> : null;
}

/** Nothing while nothing is contested. */
function List() {
  const t = useText();
  const contested = useAnswer('signing.contested', {});
  const order = useOrder('signing.settleClaim');
  const [asking, setAsking] = useState<{ certificate: Certificate; claim: Claim } | null>(null);
  const certificates = contested.data?.certificates ?? [];
  if (certificates.length === 0) return null;

  async function settle(): Promise<void> {
    if (!asking) return;
    const { certificateId } = asking.certificate;
    const result = await order.run({ certificateId, owner: asking.claim.owner });
    setAsking(null);
    if (result.ok) showDone(t('signing.settled', { name: asking.claim.ownerName }));
    else showFailure(result.error);
  }

  return (
    <section aria-label={t('signing.contested')}>
      <p>
        <Tag tone="danger">{t('signing.contested')}</Tag> {t('signing.contestedHint')}
      </p>
      <table className={styles.table}>
        <tbody>
          {certificates.map((certificate) => (
            <tr key={certificate.certificateId}>
              <th scope="row">
                {certificate.name}
                {certificate.personNumber !== null && (
                  <div>{t('signing.personNumber', { number: certificate.personNumber })}</div>
                )}
                <div>{certificate.issuer}</div>
              </th>
              <td>
                {certificate.claims.map((claim) => (
                  <div key={claim.owner}>
                    {t('signing.claimedBy', {
                      name: claim.ownerName,
                      station: claim.stationName,
                      when: shortMoment(claim.at, Date.now()),
                    })}{' '}
                    <KeyButton
                      variant="default"
                      size="compact-md"
                      onPress={() => setAsking({ certificate, claim })}
                    >
                      {t('signing.isTheirs')}
                    </KeyButton>
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ConfirmDialog
        opened={asking !== null}
        title={t('signing.settleTitle', { name: asking?.claim.ownerName ?? '' })}
        confirmLabel={t('signing.isTheirs')}
        running={order.running}
        onConfirm={() => void settle()}
        onClose={() => setAsking(null)}
      >
        {t('signing.settleText')}
      </ConfirmDialog>
    </section>
  );
}
