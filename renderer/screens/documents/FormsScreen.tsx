// Every form this program knows, shown filled with invented facts: what it looks like, who signs it, what it stands on.
import { useState } from 'react';
import { useParams } from 'wouter';
import { useAnswer } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { PdfPages } from '../../parts/pdf/PdfPages.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Tag } from '../../parts/Tag.tsx';
import styles from './Documents.module.css';
import { newestVersions, signersOf } from './NewPaper.tsx';
import type { Template } from './paper-types.ts';

export default function FormsScreen() {
  const t = useText();
  const { form: asked } = useParams<{ form?: string }>();
  const forms = useAnswer('documents.forms', {});
  const [chosen, setChosen] = useState(asked);
  const all = newestVersions(forms.data?.forms ?? []);
  const shown = all.find(({ id }) => id === chosen) ?? all[0];
  return (
    <Screen title={t('documents.formsTitle')} note={t('documents.formsNote')}>
      {forms.error && <ErrorNotice failure={forms.error} onRetry={() => void forms.refetch()} />}
      {forms.isLoading && <Loading />}
      {shown && (
        <div className={styles.gallery}>
          <nav aria-label={t('documents.formsTitle')}>
            <ul className={styles.galleryList}>
              {all.map((form) => (
                <li key={form.id}>
                  <button
                    type="button"
                    aria-current={form === shown ? 'true' : undefined}
                    onClick={() => setChosen(form.id)}
                  >
                    {form.title}
                    {form.number !== null && <small>{form.number}</small>}
                  </button>
                </li>
              ))}
            </ul>
          </nav>
          <FormShown key={shown.id} form={shown} />
        </div>
      )}
    </Screen>
  );
}

function FormShown({ form }: { readonly form: Template }) {
  const t = useText();
  const sample = useAnswer('documents.sample', { form: form.id });
  return (
    <section className={styles.galleryShown} aria-label={form.title}>
      <div className={styles.galleryWords}>
        <h2>{form.title}</h2>
        <p>{t('documents.signedBy', { who: signersOf(form).join(' → ') })}</p>
        <p className={styles.quiet}>{t('documents.basis', { basis: form.basis })}</p>
        {!form.drawnFormSeen && <Tag tone="warn">{t('documents.ownLayout')}</Tag>}
      </div>
      {sample.error && <ErrorNotice failure={sample.error} onRetry={() => void sample.refetch()} />}
      {sample.isLoading && <Loading label={t('documents.drawing')} />}
      {sample.data && (
        <div className={styles.galleryPages}>
          <PdfPages pdf={sample.data.pdf} label={t('documents.previewTitle', { title: form.title })} />
        </div>
      )}
    </section>
  );
}
