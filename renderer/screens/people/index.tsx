// Accounts of the center and what each role means. One account per person, on every PC.
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Output } from '../../../shared/api/index.ts';
import { compareByGivenName } from '../../../shared/text/names.ts';
import { useAnswer } from '../../app/api.ts';
import { moment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { AccountDrawer } from './AccountDrawer.tsx';
import styles from './People.module.css';

type User = Output<'access.users'>[number];

export default function People() {
  const t = useText();
  const users = useAnswer('access.users', {});
  const roles = useAnswer('access.roles', {});
  const wards = useAnswer('beds.wards', {});
  const [view, setView] = useState('people');
  const [editing, setEditing] = useState<User | 'new' | null>(null);
  const failure = users.error ?? roles.error;
  const roleName = (id: string) => roles.data?.find((role) => role.id === id)?.name ?? id;
  const wardName = (id: string) => wards.data?.find((ward) => ward.wardId === id)?.name ?? id;
  const sorted = users.data?.toSorted((a, b) => compareByGivenName(a.fullName, b.fullName));
  return (
    <Screen
      reading={view === 'roles'}
      title={t('people.title')}
      note={users.data && t('people.count', { n: users.data.filter(({ active }) => active).length })}
      actions={
        <>
          <SegmentedControl
            aria-label={t('people.view')}
            value={view}
            onChange={setView}
            data={[
              { value: 'people', label: t('people.tabPeople') },
              { value: 'roles', label: t('people.tabRoles') },
            ]}
          />
          <KeyButton onPress={() => setEditing('new')}>{t('people.add')}</KeyButton>
        </>
      }
    >
      {failure && <ErrorNotice failure={failure} onRetry={() => void users.refetch()} />}
      {users.isLoading && <Loading />}
      {view === 'people' && sorted && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('people.name')}</th>
              <th scope="col">{t('people.username')}</th>
              <th scope="col">{t('people.roles')}</th>
              <th scope="col">{t('people.wards')}</th>
              <th scope="col">{t('people.lastLogin')}</th>
              <th scope="col">{t('people.state')}</th>
              <th scope="col">
                <span className={styles.hidden}>{t('people.edit')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((user) => (
              <tr key={user.id} data-active={user.active}>
                <th scope="row">
                  {user.fullName}
                  {user.title !== null && <small>{user.title}</small>}
                </th>
                <td>{user.username}</td>
                <td>{user.roles.map(roleName).join(', ')}</td>
                <td>
                  {user.wards.length === 0 ? t('people.allWards') : user.wards.map(wardName).join(', ')}
                </td>
                <td>{user.lastLoginAt === null ? t('people.never') : moment(user.lastLoginAt)}</td>
                <td>
                  <Tag tone={user.active ? 'good' : 'quiet'}>
                    {t(user.active ? 'people.active' : 'people.inactive')}
                  </Tag>{' '}
                  {user.hasPin && <Tag>{t('people.hasPin')}</Tag>}
                </td>
                <td>
                  <KeyButton
                    variant="default"
                    size="compact-md"
                    aria-label={t('people.editOf', { name: user.fullName })}
                    onPress={() => setEditing(user)}
                  >
                    {t('people.edit')}
                  </KeyButton>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {view === 'roles' && roles.data && (
        <>
          <p>{t('people.rolesLead')}</p>
          <div className={styles.roles}>
            {roles.data.map((role) => (
              <article key={role.id} className={styles.role}>
                <h2>{role.name}</h2>
                <p>{role.description}</p>
                <p className={styles.may}>
                  <b>{t('people.may')}:</b>{' '}
                  {role.may.map((permission) => t(`people.may.${permission}`)).join(' · ')}
                </p>
              </article>
            ))}
          </div>
        </>
      )}
      <AccountDrawer
        editing={editing}
        roles={roles.data ?? []}
        wards={wards.data ?? []}
        onClose={() => setEditing(null)}
      />
    </Screen>
  );
}
