// Which screen an address shows. Hash addresses, so that the page works from any origin a shell serves it on.
// Each screen's code is apart: the ward board must not wait for the people page. The rest follows while the page is idle.
import type { Permission } from '../../shared/api/permissions.ts';
import type { TextKey } from '../i18n/index.ts';
import { type LaterScreen, screenLater } from './screen-later.tsx';

export interface ScreenRoute {
  readonly path: string;
  readonly screen: LaterScreen;
  /** Without it the screen would only show errors; the core decides in any case. */
  readonly needs?: Permission;
}

export const routes: readonly ScreenRoute[] = [
  { path: '/', screen: screenLater(() => import('../screens/board/index.tsx')) },
  {
    path: '/ward/:wardId',
    screen: screenLater(() => import('../screens/board/index.tsx')),
    needs: 'board.read',
  },
  {
    path: '/register',
    screen: screenLater(() => import('../screens/registration/index.tsx')),
    needs: 'patient.write',
  },
  {
    path: '/patient/:patientId',
    screen: screenLater(() => import('../screens/patient/index.tsx')),
    needs: 'patient.read',
  },
  {
    path: '/prints/:patientId/:admissionId?',
    screen: screenLater(() => import('../screens/fingerprint/index.tsx')),
    needs: 'patient.read',
  },
  {
    path: '/find',
    screen: screenLater(() => import('../screens/fingerprint/FindScreen.tsx')),
    needs: 'patient.write',
  },
  { path: '/chart/:patientId/:tab?', screen: screenLater(() => import('../screens/chart/index.tsx')) },
  {
    path: '/round/:wardId',
    screen: screenLater(() => import('../screens/round/index.tsx')),
    needs: 'vitals.write',
  },
  {
    path: '/write/:patientId/:form/:stay/:documentId?',
    screen: screenLater(() => import('../screens/documents/EditScreen.tsx')),
  },
  {
    path: '/paper/:documentId',
    screen: screenLater(() => import('../screens/documents/PaperScreen.tsx')),
  },
  {
    path: '/forms/:form?',
    screen: screenLater(() => import('../screens/documents/FormsScreen.tsx')),
  },
  {
    path: '/sign',
    screen: screenLater(() => import('../screens/signing/index.tsx')),
    needs: 'chart.read',
  },
  { path: '/verify', screen: screenLater(() => import('../screens/signing/VerifyScreen.tsx')) },
  { path: '/tasks', screen: screenLater(() => import('../screens/tasks/index.tsx')), needs: 'board.read' },
  {
    path: '/conflicts',
    screen: screenLater(() => import('../screens/conflicts/index.tsx')),
    needs: 'conflict.settle',
  },
  { path: '/layout', screen: screenLater(() => import('../screens/layout/index.tsx')), needs: 'ward.layout' },
  { path: '/sync', screen: screenLater(() => import('../screens/sync/index.tsx')) },
  {
    path: '/station',
    screen: screenLater(() => import('../screens/station/index.tsx')),
    needs: 'station.read',
  },
  {
    path: '/people',
    screen: screenLater(() => import('../screens/people/index.tsx')),
    needs: 'users.manage',
  },
  {
    path: '/audit/:patientId?',
    screen: screenLater(() => import('../screens/audit/index.tsx')),
    needs: 'audit.read',
  },
  { path: '/training', screen: screenLater(() => import('../screens/training/index.tsx')) },
  { path: '/help', screen: screenLater(() => import('../screens/help/index.tsx')) },
];

export type ChartTab = 'summary' | 'vitals' | 'sheet' | 'documents' | 'allergies' | 'timeline';

interface Writing {
  readonly patientId: string;
  readonly form: string;
  readonly admissionId: string | null;
  readonly documentId: string;
}

/** Addresses screens link to; one place to change them. */
export const to = {
  board: '/',
  ward: (wardId: string) => `/ward/${wardId}`,
  register: '/register',
  patient: (patientId: string) => `/patient/${patientId}`,
  chart: (patientId: string, tab?: ChartTab) =>
    tab === undefined ? `/chart/${patientId}` : `/chart/${patientId}/${tab}`,
  /** `admissionId`: the stay a relative signs in. */
  prints: (patientId: string, admissionId: string | null = null) =>
    admissionId === null ? `/prints/${patientId}` : `/prints/${patientId}/${admissionId}`,
  find: '/find',
  paper: (documentId: string) => `/paper/${documentId}`,
  newPaper: (patientId: string, form: string, admissionId: string | null) =>
    `/write/${patientId}/${form}/${admissionId ?? '-'}`,
  writePaper: ({ patientId, form, admissionId, documentId }: Writing) =>
    `/write/${patientId}/${form}/${admissionId ?? '-'}/${documentId}`,
  forms: (form?: string) => (form === undefined ? '/forms' : `/forms/${form}`),
  sign: '/sign',
  verify: '/verify',
  round: (wardId: string) => `/round/${wardId}`,
  tasks: '/tasks',
  conflicts: '/conflicts',
  layout: '/layout',
  sync: '/sync',
  station: '/station',
  people: '/people',
  audit: (patientId?: string) => (patientId === undefined ? '/audit' : `/audit/${patientId}`),
  training: '/training',
  help: '/help',
} as const;

/** The rail, top to bottom; an entry shows when the person may use its screen. */
export const rail: readonly {
  readonly path: string;
  readonly word: TextKey;
  readonly icon:
    | 'board'
    | 'register'
    | 'tasks'
    | 'sign'
    | 'conflicts'
    | 'people'
    | 'audit'
    | 'layout'
    | 'sync'
    | 'station'
    | 'training'
    | 'help';
  readonly needs?: Permission;
  readonly trainingOnly?: boolean;
}[] = [
  { path: to.board, word: 'frame.board', icon: 'board', needs: 'board.read' },
  { path: to.register, word: 'frame.register', icon: 'register', needs: 'patient.write' },
  { path: to.tasks, word: 'frame.tasks', icon: 'tasks', needs: 'board.read' },
  { path: to.sign, word: 'frame.sign', icon: 'sign', needs: 'chart.read' },
  { path: to.conflicts, word: 'frame.conflicts', icon: 'conflicts', needs: 'conflict.settle' },
  { path: to.people, word: 'frame.people', icon: 'people', needs: 'users.manage' },
  { path: to.audit(), word: 'frame.audit', icon: 'audit', needs: 'audit.read' },
  { path: to.layout, word: 'frame.layout', icon: 'layout', needs: 'ward.layout' },
  { path: to.sync, word: 'frame.sync', icon: 'sync' },
  { path: to.station, word: 'frame.station', icon: 'station', needs: 'station.read' },
  { path: to.training, word: 'frame.trainingPage', icon: 'training', trainingOnly: true },
  { path: to.help, word: 'frame.help', icon: 'help' },
];
