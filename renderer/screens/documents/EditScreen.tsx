// Writing a paper: the address names patient, form and stay, and once it was saved the paper itself. It stays one screen
// while that happens, so that saving never takes the field away under somebody's hands.
import { useState } from 'react';
import { useParams } from 'wouter';
import { useAnswer } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { ChartBanner } from '../chart/ChartBanner.tsx';
import { NoAccess } from '../chart/NoAccess.tsx';
import styles from './Documents.module.css';
import { Editor } from './Editor.tsx';
import { newestVersions } from './NewPaper.tsx';

export default function EditScreen() {
  const {
    patientId = '',
    form = '',
    stay = '-',
    documentId,
  } = useParams<{
    patientId: string;
    form: string;
    stay: string;
    documentId?: string;
  }>();
  const admissionId = stay === '-' ? null : stay;
  return (
    <Edit
      key={`${patientId} ${form} ${stay}`}
      patientId={patientId}
      form={form}
      admissionId={admissionId}
      documentId={documentId ?? null}
    />
  );
}

interface Props {
  readonly patientId: string;
  readonly form: string;
  readonly admissionId: string | null;
  readonly documentId: string | null;
}

function Edit({ patientId, form, admissionId, documentId }: Props) {
  const t = useText();
  // A paper opened anew waits for its values; one just saved goes on with what is on the screen.
  const [begunHere] = useState(documentId === null);
  const head = useAnswer('patients.chartHead', {
    patientId,
    ...(admissionId === null ? {} : { admissionId }),
  });
  const forms = useAnswer('documents.forms', {});
  const fill = useAnswer('documents.fill', { form, patientId, admissionId });
  const paper = useAnswer(
    'documents.open',
    { documentId: documentId ?? '' },
    { enabled: documentId !== null },
  );
  if (head.error) return <NoAccess patientId={patientId} failure={head.error} onRetry={head.refetch} />;
  const failure = forms.error ?? fill.error ?? paper.error;
  if (failure)
    return (
      <Screen title={t('documents.title')} width="page">
        <ErrorNotice failure={failure} />
      </Screen>
    );
  if (!head.data || !forms.data || !fill.data || (!paper.data && !begunHere)) return <Loading />;
  const version = paper.data?.formVersion;
  const template =
    version === undefined
      ? newestVersions(forms.data.forms).find(({ id }) => id === form)
      : forms.data.forms.find((each) => each.id === form && each.version === version);
  if (!template)
    return (
      <Screen title={t('documents.title')} width="page">
        <ErrorNotice failure={{ code: 'form_unknown', messageKey: 'error.form_unknown' }} />
      </Screen>
    );
  return (
    <div className={styles.screen}>
      <ChartBanner head={head.data} />
      <Editor
        template={template}
        patientId={patientId}
        admissionId={admissionId}
        documentId={documentId}
        paper={paper.data ?? null}
        fromRecord={fill.data.values}
        onReload={paper.refetch}
      />
    </div>
  );
}
