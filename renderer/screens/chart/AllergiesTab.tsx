// Allergies with who asked and when; one that proved wrong is struck out with its reason and stays readable.
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { allergyClassByCode } from '../../../shared/codes/allergy-classes.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { moment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { PlaceMark } from '../../parts/PlaceMark.tsx';
import { ReasonDialog } from '../../parts/ReasonDialog.tsx';
import { showFailure, showUndo } from '../../parts/UndoToast.tsx';
import { usePlaces } from '../../parts/use-places.ts';
import { AllergyForm, type AllergyItem } from './AllergyForm.tsx';
import { AllergyQuestion } from './AllergyQuestion.tsx';
import styles from './Chart.module.css';

export function AllergiesTab({ patientId }: { readonly patientId: string }) {
  const t = useText();
  const { can } = useSession();
  const allergies = useAnswer('allergies.get', { patientId });
  const refute = useOrder('allergies.refute');
  const [form, setForm] = useState<'new' | AllergyItem | null>(null);
  const [refuting, setRefuting] = useState<AllergyItem | null>(null);
  const mayWrite = can('allergy.write');
  const ids = useMemo(() => allergies.data?.items.map(({ id }) => id), [allergies.data]);
  const places = usePlaces('allergy', ids);

  async function strike(reason: string): Promise<void> {
    if (!refuting) return;
    const result = await refute.run({ patientId, id: refuting.id, reason });
    setRefuting(null);
    if (result.ok) showUndo(result.value.undo, t('allergies.refuted', { what: refuting.substance }));
    else showFailure(result.error);
  }

  if (allergies.error)
    return <ErrorNotice failure={allergies.error} onRetry={() => void allergies.refetch()} />;
  if (!allergies.data) return <Loading />;
  const { status, askedAt, askedBy, items } = allergies.data;
  return (
    <>
      {status === 'not_asked' && <AllergyQuestion patientId={patientId} urgent={false} />}
      {form !== null ? (
        <section className={styles.panel} data-open>
          <h2>{t(form === 'new' ? 'allergies.newTitle' : 'allergies.editTitle')}</h2>
          <AllergyForm
            key={form === 'new' ? 'new' : form.id}
            patientId={patientId}
            {...(form === 'new' ? {} : { editing: form })}
            onClose={() => setForm(null)}
          />
        </section>
      ) : (
        <div className={styles.row}>
          {status === 'none_known' && (
            <p>
              ✓ {t('common.allergyNone')}{' '}
              <span className={styles.quiet}>
                {t('allergies.askedBy', { by: askedBy ?? '', time: askedAt === null ? '' : moment(askedAt) })}
              </span>
            </p>
          )}
          {mayWrite && status !== 'not_asked' && (
            <KeyButton keyName="Ctrl+Enter" variant="default" onPress={() => setForm('new')}>
              {t('allergies.addOne')}
            </KeyButton>
          )}
        </div>
      )}
      {items.length > 0 && (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <caption className={styles.caption}>{t('allergies.caption')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('allergies.substance')}</th>
                <th scope="col">{t('allergies.reaction')}</th>
                <th scope="col">{t('allergies.severity')}</th>
                <th scope="col">{t('allergies.certainty')}</th>
                <th scope="col">{t('allergies.recorded')}</th>
                <th scope="col">{t('vitals.actions')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.id} data-off={item.refuted !== null || undefined}>
                  <th scope="row">
                    {item.substance}
                    {item.classCode !== null && (
                      <div className={styles.quiet}>
                        {allergyClassByCode.get(item.classCode)?.name ?? item.classCode}
                      </div>
                    )}
                  </th>
                  <td>
                    {item.reaction}
                    {item.note && <div className={styles.quiet}>{item.note}</div>}
                  </td>
                  <td>{t(`allergies.severity.${item.severity}`)}</td>
                  <td>{t(`allergies.certainty.${item.certainty}`)}</td>
                  <td data-plain>
                    {item.recordedBy}, {moment(item.recordedAt)}{' '}
                    <PlaceMark places={places} type="allergy" id={item.id} />
                    {item.refuted && (
                      <div>
                        {t('allergies.refutedLine', {
                          by: item.refuted.by,
                          time: moment(item.refuted.at),
                          reason: item.refuted.reason,
                        })}
                      </div>
                    )}
                  </td>
                  <td data-plain>
                    {mayWrite && !item.refuted && (
                      <div className={styles.row}>
                        <Button size="compact-md" variant="default" onClick={() => setForm(item)}>
                          {t('common.edit')}
                        </Button>
                        <Button size="compact-md" variant="default" onClick={() => setRefuting(item)}>
                          {t('allergies.refute')}
                        </Button>
                      </div>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ReasonDialog
        opened={refuting !== null}
        title={t('allergies.refuteTitle')}
        confirmLabel={t('allergies.refute')}
        danger
        running={refute.running}
        onConfirm={(reason) => void strike(reason)}
        onClose={() => setRefuting(null)}
      >
        {t('allergies.refuteText', { what: refuting?.substance ?? '' })}
      </ReasonDialog>
    </>
  );
}
