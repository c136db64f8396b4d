// Who to log in as in training mode: account, password and what that person can try.
import type { Output } from '../../../shared/api/index.ts';
import { useText } from '../../i18n/index.ts';
import styles from './Training.module.css';

type Account = NonNullable<Output<'station.status'>['trainingAccounts']>[number];

export function Accounts({ accounts }: { readonly accounts: readonly Account[] }) {
  const t = useText();
  return (
    <table className={styles.accounts}>
      <thead>
        <tr>
          <th scope="col">{t('login.username')}</th>
          <th scope="col">{t('login.password')}</th>
          <th scope="col">{t('training.role')}</th>
          <th scope="col">{t('training.canDo')}</th>
        </tr>
      </thead>
      <tbody>
        {accounts.map((account) => (
          <tr key={account.username}>
            <td>
              <code>{account.username}</code>
            </td>
            <td>
              <code>{account.password}</code>
            </td>
            <td>
              <b>{account.roleName}</b>
              <br />
              {account.fullName}
            </td>
            <td>{account.canDo}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
