// Where one is in a wizard: its title and its steps, the done ones ticked.
import styles from './FirstRun.module.css';

interface Props {
  readonly title: string;
  readonly names: readonly string[];
  /** Index of the step shown. */
  readonly at: number;
}

export function WizardSteps({ title, names, at }: Props) {
  return (
    <header className={styles.head}>
      <h1>{title}</h1>
      <ol className={styles.steps}>
        {names.map((name, index) => (
          <li key={name} aria-current={index === at ? 'step' : undefined} data-done={index < at}>
            <span aria-hidden="true">{index < at ? '✓' : index + 1}</span> {name}
          </li>
        ))}
      </ol>
    </header>
  );
}
