// F1: the keys on one page, made to be printed and taped beside the screen, and the few habits that matter.
import { useAnswer } from '../../app/api.ts';
import { type TextKey, useText } from '../../i18n/index.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { PlaceSign } from '../../parts/PlaceMark.tsx';
import { Screen } from '../../parts/Screen.tsx';
import styles from './Help.module.css';

const keys: readonly (readonly [string, TextKey])[] = [
  ['F1', 'frame.key.help'],
  ['F2 · Ctrl+K', 'frame.key.find'],
  ['Ctrl+N', 'frame.key.register'],
  ['Ctrl+S', 'frame.key.save'],
  ['Ctrl+F', 'frame.key.inScreen'],
  ['Ctrl+P', 'frame.key.print'],
  ['F6', 'frame.key.fingerprint'],
  ['F7', 'frame.key.sync'],
  ['F8', 'frame.key.orders'],
  ['F9', 'frame.key.vitals'],
  ['F4', 'frame.key.menu'],
  ['Alt+N', 'frame.key.paper'],
  ['Ctrl+Enter', 'frame.key.sign'],
  ['F12', 'frame.key.switch'],
  ['Alt+Home', 'frame.key.board'],
  ['Enter', 'frame.key.enter'],
  ['← ↑ ↓ →', 'frame.key.arrows'],
  ['Ctrl+Z', 'frame.key.undo'],
  ['Esc', 'frame.key.escape'],
];
const habits: readonly TextKey[] = [
  'frame.help.admit',
  'frame.help.vitals',
  'frame.help.papers',
  'frame.help.wrong',
  'frame.help.cut',
  'frame.help.off',
  'frame.help.leave',
  'frame.help.trouble',
];

const places = ['province', 'hub', 'here', 'refused'] as const;

export default function Help() {
  const t = useText();
  const settings = useAnswer('station.settings', {});
  return (
    <Screen
      title={t('frame.helpTitle')}
      width="page"
      actions={
        <KeyButton keyName="Ctrl+P" variant="default" onPress={() => window.print()}>
          {t('frame.helpPrint')}
        </KeyButton>
      }
    >
      <div className={styles.columns}>
        <section>
          <h2>{t('frame.helpKeys')}</h2>
          <table className={styles.keys}>
            <tbody>
              {keys.map(([key, word]) => (
                <tr key={key}>
                  <th scope="row">
                    <kbd>{key}</kbd>
                  </th>
                  <td>{t(word)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <section>
          <h2>{t('frame.helpWork')}</h2>
          <ul className={styles.habits}>
            {habits.map((key) => (
              <li key={key}>{t(key, { n: settings.data?.autoLockMinutes ?? 10 })}</li>
            ))}
          </ul>
          <h2 className={styles.later}>{t('place.legend')}</h2>
          <table className={styles.keys}>
            <tbody>
              {places.map((place) => (
                <tr key={place}>
                  <th scope="row">
                    <PlaceSign place={place} />
                  </th>
                  <td>{t(place === 'refused' ? 'place.refusedHint' : `place.${place}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p>{t('place.legendHint')}</p>
        </section>
      </div>
    </Screen>
  );
}
