// The curve of pulse and temperature with blood pressure below, drawn like the paper "phiếu theo dõi chức năng
// sống" so that staff read it without learning. Own SVG: prints sharp, and a table says the same to a screen reader.
import { vitalText } from '../../../shared/codes/vital-typing.ts';
import type { NumericVital } from '../../../shared/codes/vitals.ts';
import { clock } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { dayMonth } from '../../parts/moments.ts';
import { pressureText } from '../../parts/vital-set.ts';
import {
  curve,
  type DayColumn,
  dayColumns,
  dayTexts,
  frame,
  type Observation,
  onSheet,
  polyline,
  pressureBars,
  pressureScale,
  pulseScale,
  sheetStart,
  temperatureScale,
  yOf,
} from './chart-geometry.ts';
import styles from './VitalsChart.module.css';

interface Props {
  readonly sets: readonly Observation[];
  readonly admittedAt: number;
  readonly page: number;
  readonly title: string;
  /** The patient stands above it already; a row to sign in stands below. */
  readonly onPaper?: boolean;
}

const rows = [
  { key: 'vitals.rowRespiration', of: (o: Observation) => textOf(o, 'respiration') },
  { key: 'vitals.rowSpo2', of: (o: Observation) => textOf(o, 'spo2') },
  { key: 'vitals.rowWeight', of: (o: Observation) => textOf(o, 'weight') },
  { key: 'vitals.rowUrine', of: (o: Observation) => textOf(o, 'urine') },
] as const;
const curveBottom = frame.top + frame.curveHeight;
const pressureBottom = frame.pressureTop + frame.pressureHeight;
const rowsBottom = frame.rowsTop + rows.length * frame.rowHeight;
const signedBottom = rowsBottom + 2 * frame.rowHeight;

export function VitalsChart({ sets, admittedAt, page, title, onPaper = false }: Props) {
  const t = useText();
  const sheet = sheetStart(admittedAt, page);
  const columns = dayColumns(admittedAt, page);
  const pulse = curve(sets, 'pulse', sheet);
  const temperature = curve(sets, 'temperature', sheet);
  const bottom = onPaper ? signedBottom : rowsBottom;
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        {!onPaper && <span>{title}</span>}
        <span className={styles.pulseKey}>● {t('vitals.keyPulse')}</span>
        <span className={styles.temperatureKey}>■ {t('vitals.keyTemperature')}</span>
        <span className={styles.pressureKey}>I {t('vitals.keyPressure')}</span>
      </figcaption>
      <svg
        className={styles.sheet}
        viewBox={`0 0 ${frame.width} ${bottom + 8}`}
        role="img"
        aria-label={title}
      >
        <Rules />
        <Days columns={columns} bottom={bottom} />
        <polyline className={styles.pulseLine} points={polyline(pulse)} />
        <polyline className={styles.temperatureLine} points={polyline(temperature)} />
        {pulse.map((p) => (
          <g key={p.at}>
            <circle className={styles.pulsePoint} cx={p.x} cy={p.y} r={5} />
            {p.clipped ? <Beyond x={p.x} y={p.y} text={String(p.value)} /> : null}
          </g>
        ))}
        {temperature.map((p) => (
          <g key={p.at}>
            <rect className={styles.temperaturePoint} x={p.x - 4.5} y={p.y - 4.5} width={9} height={9} />
            {p.clipped ? <Beyond x={p.x} y={p.y} text={vitalText(p.value, 'temperature')} /> : null}
          </g>
        ))}
        {pressureBars(sets, sheet).map((b) => (
          <path
            key={b.at}
            className={styles.pressureBar}
            d={`M${b.x - 5} ${b.top}h10M${b.x} ${b.top}V${b.bottom}M${b.x - 5} ${b.bottom}h10`}
          />
        ))}
        <Rows columns={columns} sets={sets} sheet={sheet} />
        {onPaper && <SignedRow />}
      </svg>
      <DataTable sets={onSheet(sets, sheet)} title={title} />
    </figure>
  );
}

function Rules() {
  const t = useText();
  const right = frame.width - frame.right;
  const pulses = steps(pulseScale);
  const degrees = steps(temperatureScale);
  return (
    <g>
      <text className={styles.axisPulse} x={34} y={frame.top - 14} textAnchor="middle">
        {t('vitals.axisPulse')}
      </text>
      <text className={styles.axisTemperature} x={80} y={frame.top - 14} textAnchor="middle">
        {t('vitals.axisTemperature')}
      </text>
      {pulses.map((value, i) => {
        const { y } = yOf(value, pulseScale, frame.top, frame.curveHeight);
        return (
          <g key={value}>
            <line
              className={degrees[i] === 37 ? styles.normalRule : styles.rule}
              x1={frame.left}
              x2={right}
              y1={y}
              y2={y}
            />
            <text className={styles.axisPulse} x={34} y={y + 5} textAnchor="middle">
              {value}
            </text>
            <text className={styles.axisTemperature} x={80} y={y + 5} textAnchor="middle">
              {degrees[i]}
            </text>
          </g>
        );
      })}
      {fineSteps().map((y) => (
        <line key={y} className={styles.fineRule} x1={frame.left} x2={right} y1={y} y2={y} />
      ))}
      <text className={styles.axis} x={4} y={frame.pressureTop + 40}>
        {t('vitals.axisPressure')}
      </text>
      <text className={styles.unit} x={4} y={frame.pressureTop + 58}>
        mmHg
      </text>
      {steps(pressureScale).map((value) => {
        const { y } = yOf(value, pressureScale, frame.pressureTop, frame.pressureHeight);
        return (
          <g key={value}>
            <line className={styles.rule} x1={frame.left} x2={right} y1={y} y2={y} />
            <text className={styles.axis} x={frame.left - 8} y={y + 5} textAnchor="end">
              {value}
            </text>
          </g>
        );
      })}
    </g>
  );
}

function Days({ columns, bottom }: { readonly columns: readonly DayColumn[]; readonly bottom: number }) {
  const t = useText();
  const last = columns.at(-1);
  return (
    <g>
      {columns.map((day) => (
        <g key={day.start}>
          <line className={styles.dayRule} x1={day.x} x2={day.x} y1={4} y2={bottom} />
          <line
            className={styles.fineRule}
            x1={day.x + day.width / 2}
            x2={day.x + day.width / 2}
            y1={frame.top}
            y2={pressureBottom}
          />
          <text className={styles.day} x={day.x + day.width / 2} y={20} textAnchor="middle">
            {dayMonth(day.start)}
          </text>
          <text className={styles.unit} x={day.x + day.width / 2} y={37} textAnchor="middle">
            {t('vitals.dayOfStay', { day: day.dayOfStay })}
          </text>
        </g>
      ))}
      {last ? (
        <line
          className={styles.dayRule}
          x1={last.x + last.width}
          x2={last.x + last.width}
          y1={4}
          y2={bottom}
        />
      ) : null}
      <line className={styles.dayRule} x1={frame.left} x2={frame.width - frame.right} y1={4} y2={4} />
      <line
        className={styles.dayRule}
        x1={frame.left}
        x2={frame.width - frame.right}
        y1={curveBottom}
        y2={curveBottom}
      />
    </g>
  );
}

function Rows({
  columns,
  sets,
  sheet,
}: {
  readonly columns: readonly DayColumn[];
  readonly sets: readonly Observation[];
  readonly sheet: number;
}) {
  const t = useText();
  return (
    <g>
      {rows.map((row, i) => {
        const top = frame.rowsTop + i * frame.rowHeight;
        return (
          <g key={row.key}>
            <line className={styles.rule} x1={4} x2={frame.width - frame.right} y1={top} y2={top} />
            <text className={styles.axis} x={4} y={top + 17}>
              {t(row.key)}
            </text>
            {columns.map((day) => (
              <text
                key={day.start}
                className={styles.cell}
                x={day.x + day.width / 2}
                y={top + 17}
                textAnchor="middle"
              >
                {shorten(dayTexts(sets, sheet, day, row.of))}
              </text>
            ))}
          </g>
        );
      })}
      <line className={styles.rule} x1={4} x2={frame.width - frame.right} y1={rowsBottom} y2={rowsBottom} />
    </g>
  );
}

function SignedRow() {
  const t = useText();
  return (
    <g>
      <text className={styles.axis} x={4} y={rowsBottom + frame.rowHeight + 5}>
        {t('vitals.rowSigned')}
      </text>
      <line
        className={styles.rule}
        x1={4}
        x2={frame.width - frame.right}
        y1={signedBottom}
        y2={signedBottom}
      />
    </g>
  );
}

/** A value above or below the ruled area is written beside its mark, with the direction. */
function Beyond({ x, y, text }: { readonly x: number; readonly y: number; readonly text: string }) {
  return (
    <text className={styles.beyond} x={x + 8} y={y + 5}>
      {text}
    </text>
  );
}

function DataTable({ sets, title }: { readonly sets: readonly Observation[]; readonly title: string }) {
  const t = useText();
  return (
    <table className={styles.onlyForReaders}>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{t('vitals.time')}</th>
          <th scope="col">{t('vitals.pulse')}</th>
          <th scope="col">{t('vitals.temperature')}</th>
          <th scope="col">{t('vitals.pressure')}</th>
        </tr>
      </thead>
      <tbody>
        {sets.map((o) => (
          <tr key={o.observationId}>
            <th scope="row">
              {dayMonth(o.at)} {clock(o.at)}
            </th>
            <td>{textOf(o, 'pulse')}</td>
            <td>{textOf(o, 'temperature')}</td>
            <td>{pressureText(o.values)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const textOf = (o: Observation, vital: NumericVital): string | null => {
  const value = o.values[vital];
  return value === null ? null : vitalText(value, vital);
};

/** A day column holds about four values; more are marked, and stand in full in the grid above. */
const shorten = (texts: readonly string[]) =>
  texts.length <= 4 ? texts.join(' · ') : `${texts.slice(0, 3).join(' · ')} …`;

const steps = ({ min, max, step }: { min: number; max: number; step: number }) =>
  Array.from({ length: (max - min) / step + 1 }, (_, i) => min + i * step);

/** Half a degree, ten beats. */
const fineSteps = () => {
  const band = frame.curveHeight / 6;
  return Array.from({ length: 6 }, (_, i) => frame.top + (i + 0.5) * band);
};
