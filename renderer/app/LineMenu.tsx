// The line to the pretend province, set from the amber banner: good, weak, cut.
import { Menu } from '@mantine/core';
import { useText } from '../i18n/index.ts';
import { lines, useLine } from '../parts/use-line.ts';
import styles from './Titlebar.module.css';

export function LineMenu() {
  const t = useText();
  const { line, turn } = useLine();
  if (line === null) return null;
  return (
    <Menu position="bottom">
      <Menu.Target>
        <button type="button" className={styles.line} data-line={line}>
          {t('training.lineIs', { word: t(`training.line.${line}`) })} <span aria-hidden="true">▼</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('training.line')}</Menu.Label>
        {lines.map((each) => (
          <Menu.Item
            key={each}
            aria-current={each === line}
            rightSection={each === line ? '✓' : undefined}
            onClick={() => void turn(each)}
          >
            {t(`training.line.${each}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
