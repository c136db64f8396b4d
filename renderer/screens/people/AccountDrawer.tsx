// Creating or changing one account, and giving it a new password.
import { Checkbox, Drawer, MultiSelect, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Output } from '../../../shared/api/index.ts';
import { useOrder } from '../../app/api.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { showDone } from '../../parts/notices.ts';
import { SecretField } from '../../parts/SecretField.tsx';
import styles from './People.module.css';

type User = Output<'access.users'>[number];

interface Props {
  readonly editing: User | 'new' | null;
  readonly roles: Output<'access.roles'>;
  readonly wards: Output<'beds.wards'>;
  readonly onClose: () => void;
}

export function AccountDrawer({ editing, onClose, ...lists }: Props) {
  const t = useText();
  return (
    <Drawer
      opened={editing !== null}
      onClose={onClose}
      title={t(editing === 'new' ? 'people.addTitle' : 'people.editTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>
        {editing !== null && (
          <Account
            key={editing === 'new' ? 'new' : editing.id}
            user={editing === 'new' ? null : editing}
            {...lists}
            onClose={onClose}
          />
        )}
      </KeyLayer>
    </Drawer>
  );
}

function Account({ user, roles, wards, onClose }: Omit<Props, 'editing'> & { readonly user: User | null }) {
  const t = useText();
  const create = useOrder('access.createUser');
  const update = useOrder('access.updateUser');
  const [fullName, setFullName] = useState(user?.fullName ?? '');
  const [username, setUsername] = useState(user?.username ?? '');
  const [title, setTitle] = useState(user?.title ?? '');
  const [held, setHeld] = useState<readonly string[]>(user?.roles ?? []);
  const [places, setPlaces] = useState<string[]>(user?.wards ?? []);
  const [active, setActive] = useState(user?.active ?? true);
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const fieldError = (name: string) => {
    const key = failure?.fields?.[name];
    return key === undefined ? undefined : t.of(key);
  };
  const save = async () => {
    const about = { fullName, title: title.trim() === '' ? null : title, roles: [...held], wards: places };
    const result = user
      ? await update.run({ userId: user.id, ...about, active })
      : await create.run({ username, password, ...about });
    if (!result.ok) return setFailure(result.error);
    showDone(t('people.saved', { name: fullName }));
    onClose();
  };
  return (
    <Stack onKeyDown={(event) => enterMovesOn(event, () => void save())}>
      <TextInput
        label={t('people.name')}
        required
        data-autofocus
        maxLength={80}
        value={fullName}
        error={fieldError('fullName')}
        onChange={(event) => setFullName(event.currentTarget.value)}
      />
      {user === null && (
        <TextInput
          label={t('people.username')}
          description={t('field.bad_username')}
          required
          autoComplete="off"
          spellCheck={false}
          maxLength={60}
          value={username}
          error={fieldError('username')}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
      )}
      <TextInput
        label={t('people.titleField')}
        maxLength={60}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <Checkbox.Group
        label={t('people.roles')}
        description={t('people.rolesHint')}
        required
        value={[...held]}
        error={fieldError('roles')}
        onChange={setHeld}
      >
        <div className={styles.choices}>
          {roles.map((role) => (
            <Checkbox key={role.id} value={role.id} label={role.name} description={role.description} />
          ))}
        </div>
      </Checkbox.Group>
      <MultiSelect
        label={t('people.wards')}
        description={t('people.wardsHint')}
        data={wards.map((ward) => ({ value: ward.wardId, label: ward.name }))}
        value={places}
        onChange={setPlaces}
        searchable
      />
      {user === null ? (
        <SecretField
          label={t('people.firstPassword')}
          description={t('people.firstPasswordHint') + t('login.passwordRule')}
          required
          autoComplete="new-password"
          value={password}
          error={fieldError('password')}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      ) : (
        <Checkbox
          label={t('people.active')}
          checked={active}
          onChange={(event) => setActive(event.currentTarget.checked)}
        />
      )}
      {failure && <ErrorNotice failure={failure} />}
      <KeyButton keyName="Ctrl+S" loading={create.running || update.running} onPress={() => void save()}>
        {t('common.save')}
      </KeyButton>
      {user && <ResetPassword user={user} />}
    </Stack>
  );
}

function ResetPassword({ user }: { readonly user: User }) {
  const t = useText();
  const reset = useOrder('access.resetPassword');
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const save = async () => {
    const result = await reset.run({ userId: user.id, password });
    if (!result.ok) return setFailure(result.error);
    setPassword('');
    setFailure(null);
    showDone(t('people.resetDone', { name: user.fullName }));
  };
  return (
    <Stack className={styles.reset}>
      <SecretField
        label={t('people.reset')}
        description={t('people.firstPasswordHint') + t('login.passwordRule')}
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {failure && <ErrorNotice failure={failure} />}
      <KeyButton
        variant="default"
        disabled={password === ''}
        loading={reset.running}
        onPress={() => void save()}
      >
        {t('people.reset')}
      </KeyButton>
    </Stack>
  );
}
