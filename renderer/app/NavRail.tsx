// The way between screens: an icon and a word each, always in the same place.
import {
  IconBed,
  IconBuildingHospital,
  IconChecklist,
  IconDeviceDesktop,
  IconGitMerge,
  IconHelpCircle,
  IconHistory,
  IconSchool,
  IconSignature,
  IconTransfer,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { type TextKey, useText } from '../i18n/index.ts';
import { useAnswer } from './api.ts';
import styles from './NavRail.module.css';
import { rail, to } from './routes.tsx';
import { useSession } from './session.tsx';

const icons = {
  board: IconBed,
  register: IconUserPlus,
  tasks: IconChecklist,
  sign: IconSignature,
  conflicts: IconGitMerge,
  people: IconUsers,
  audit: IconHistory,
  layout: IconBuildingHospital,
  sync: IconTransfer,
  station: IconDeviceDesktop,
  training: IconSchool,
  help: IconHelpCircle,
};

export function NavRail({ training }: { readonly training: boolean }) {
  const t = useText();
  const { can } = useSession();
  const [location] = useLocation();
  const conflicts = useAnswer('conflicts.list', {}, { enabled: can('conflict.settle') });
  const papers = useAnswer('signing.queue', {}, { enabled: can('chart.read') });
  const waiting: Partial<Record<keyof typeof icons, { readonly n: number; readonly word: TextKey }>> = {
    conflicts: { n: conflicts.data?.length ?? 0, word: 'frame.conflictsWaiting' },
    sign: { n: papers.data?.mine.length ?? 0, word: 'frame.papersWaiting' },
  };
  return (
    <nav className={styles.rail} aria-label={t('frame.rail')}>
      {rail
        .filter(
          (entry) => (entry.needs === undefined || can(entry.needs)) && (training || !entry.trainingOnly),
        )
        .map((entry) => {
          const Icon = icons[entry.icon];
          const here = isHere(entry.path, location);
          const count = waiting[entry.icon];
          return (
            <Link
              key={entry.path}
              href={entry.path}
              className={styles.entry ?? ''}
              aria-current={here ? 'page' : undefined}
            >
              <Icon size="1.5rem" stroke={1.75} aria-hidden="true" />
              <span>{t(entry.word)}</span>
              {count && count.n > 0 && (
                <span className={styles.waiting}>
                  <span aria-hidden="true">{count.n}</span>
                  <span className={styles.spoken}>{t(count.word, { n: count.n })}</span>
                </span>
              )}
            </Link>
          );
        })}
    </nav>
  );
}

/** Chart, paper, round and ward addresses belong to the board; a patient's identity page to registration. */
function isHere(path: string, location: string): boolean {
  if (path === to.board) return location === '/' || /^\/(ward|chart|round|write|paper)\//.test(location);
  if (path === to.register) return location === path || location.startsWith('/patient/');
  return location === path || location.startsWith(`${path}/`);
}
