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
  IconTransfer,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { useText } from '../i18n/index.ts';
import { useAnswer } from './api.ts';
import styles from './NavRail.module.css';
import { rail, to } from './routes.tsx';
import { useSession } from './session.tsx';

const icons = {
  board: IconBed,
  register: IconUserPlus,
  tasks: IconChecklist,
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
  const waiting = conflicts.data?.length ?? 0;
  return (
    <nav className={styles.rail} aria-label={t('frame.rail')}>
      {rail
        .filter(
          (entry) => (entry.needs === undefined || can(entry.needs)) && (training || !entry.trainingOnly),
        )
        .map((entry) => {
          const Icon = icons[entry.icon];
          const here = isHere(entry.path, location);
          return (
            <Link
              key={entry.path}
              href={entry.path}
              className={styles.entry ?? ''}
              aria-current={here ? 'page' : undefined}
            >
              <Icon size="1.5rem" stroke={1.75} aria-hidden="true" />
              <span>{t(entry.word)}</span>
              {entry.icon === 'conflicts' && waiting > 0 && (
                <span className={styles.waiting}>
                  <span aria-hidden="true">{waiting}</span>
                  <span className={styles.spoken}>{t('frame.conflictsWaiting', { n: waiting })}</span>
                </span>
              )}
            </Link>
          );
        })}
    </nav>
  );
}

/** Chart, round and ward addresses belong to the board; a patient's identity page to registration. */
function isHere(path: string, location: string): boolean {
  if (path === to.board) return location === '/' || /^\/(ward|chart|round)\//.test(location);
  if (path === to.register) return location === path || location.startsWith('/patient/');
  return location === path || location.startsWith(`${path}/`);
}
