// The line to the pretend province, set from the amber banner: good, weak, cut.
import { Menu } from '@mantine/core';
import { useText } from '../i18n/index.ts';
import { StepMenu } from '../parts/StepMenu.tsx';
import { lines, useLine } from '../parts/use-line.ts';
import styles from './Titlebar.module.css';

export function LineMenu() {
  const t = useText();
  const { line, turn } = useLine();
  if (line === null) return null;
  return (
    <StepMenu
      position="bottom"
      target={
        <button type="button" className={styles.line} data-line={line}>
          {t('training.lineIs', { word: t(`training.line.${line}`) })} <span aria-hidden="true">▼</span>
        </button>
      }
    >
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
    </StepMenu>
  );
}
