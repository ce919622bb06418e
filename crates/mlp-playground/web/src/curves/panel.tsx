import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { Panel } from '../controls/fields';
import type { CurvePoint } from '../protocol/CurvePoint';
import { configured, isClassification } from '../state/experiment';
import { appearance } from '../state/settings';
import { curve, progress } from '../state/training';
import { text } from '../text';
import { css } from '../theme/color';
import { percent, short } from '../theme/number';
import { palette } from '../theme/palette';
import { useWidth } from '../theme/size';
import { hasExploded, powersOfTen } from './scale';

type Measure = 'train_loss' | 'valid_loss' | 'train_accuracy' | 'valid_accuracy';

/** The learning curves of the training and validation rows. */
export function CurvesPanel() {
  const { curves: words } = text.value;
  const last = curve.value.points.at(-1);
  return (
    <Panel title={words.heading} name="curves">
      {!last && <p class="hint">{words.empty}</p>}
      <Chart title={words.loss} train="train_loss" valid="valid_loss" format={short} last={last} />
      {isClassification.value && !configured.value?.clustering && (
        <Chart title={words.accuracy} train="train_accuracy" valid="valid_accuracy" format={percent} last={last} />
      )}
    </Panel>
  );
}

interface ChartProps {
  title: string;
  train: Measure;
  valid: Measure;
  format(value: number | undefined): string;
  last: CurvePoint | undefined;
}

function Chart({ title, train, valid, format, last }: ChartProps) {
  const [root, width] = useWidth<HTMLDivElement>(320);
  const chart = useRef<uPlot | undefined>(undefined);
  const colors = palette.value;
  const { curves: words } = text.value;
  const isAccuracy = train === 'train_accuracy';
  // Whoever finds clusters learns from all rows.
  const hasValid = !configured.value?.clustering;
  const { points } = curve.value;
  const isLogarithmic =
    !isAccuracy && [train, valid].some((measure) => hasExploded(points.map((point) => point[measure])));

  useEffect(() => {
    if (!root.current) return undefined;
    const grid = css(colors.ink, 0.09);
    const faint = css(colors.ink, 0.62);
    const axis = {
      stroke: faint,
      font: '11px system-ui, sans-serif',
      grid: { stroke: grid, width: 1 },
      ticks: { show: false },
    };
    const plot = new uPlot(
      {
        width: Math.max(120, root.current.clientWidth),
        height: 132,
        // Half of a long number under the right end of the axis.
        padding: [8, 18, 0, 0],
        cursor: { points: { size: 6 }, drag: { x: false, y: false }, y: false },
        legend: { show: false },
        scales: {
          x: { time: false },
          y: isAccuracy
            ? { range: (_, low, high) => [Math.min(0.45, low ?? 0) - 0.02, Math.max(1.02, high ?? 1)] }
            : isLogarithmic
              ? { distr: 3, range: (_, low, high) => [(low || 1) / 1.5, (high || 1) * 1.5] }
              : { range: (_, low, high) => [Math.min(0, low ?? 0), (high ?? 1) * 1.06 || 1] },
        },
        axes: [
          // Epochs are whole numbers.
          { ...axis, size: 24, gap: 2, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] },
          {
            ...axis,
            size: 40,
            gap: 2,
            ...(isLogarithmic && {
              splits: (_: uPlot, __: number, low: number, high: number) => powersOfTen(low, high),
              filter: (_: uPlot, marks: number[]) => marks,
            }),
            values: (_, marks) =>
              marks.map((mark) => {
                if (isLogarithmic) return mark.toExponential(0).replace('e+', 'e').replaceAll('-', '−');
                return isAccuracy ? `${Math.round(100 * mark)}\u202f%` : short(mark);
              }),
          },
        ],
        series: [
          {},
          { stroke: css(colors.positive), width: 2, points: { show: false } },
          { stroke: css(colors.negative), width: 2, dash: [6, 4], points: { show: false } },
        ],
        hooks: { draw: [(plot) => markBest(plot, !isAccuracy)] },
      },
      [[], [], []],
      root.current,
    );
    chart.current = plot;
    return () => {
      plot.destroy();
      chart.current = undefined;
    };
  }, [colors, isAccuracy, isLogarithmic, appearance.value]);

  useEffect(() => {
    chart.current?.setSize({ width: Math.max(120, width), height: 132 });
  }, [width]);

  useEffect(() => {
    // There is no logarithm of 0.
    const drawn = (value: number | undefined): number | null =>
      value === undefined || (isLogarithmic && value <= 0) ? null : value;
    chart.current?.setData([
      points.map((point) => point.epoch),
      points.map((point) => drawn(point[train])),
      points.map((point) => drawn(point[valid])),
    ]);
  }, [curve.value, colors, isLogarithmic]);

  return (
    <figure class="chart">
      <figcaption>
        <b>{title}</b>
        {isLogarithmic && <small>{words.logarithmic}</small>}
        <span class="series train">
          {words.train} <output>{format(last?.[train])}</output>
        </span>
        {hasValid && (
          <span class="series valid">
            {words.valid} <output>{format(last?.[valid])}</output>
          </span>
        )}
      </figcaption>
      <div
        ref={root}
        class="chart-plot"
        data-empty={!last}
        role="img"
        aria-label={`${title}: ${words.train} ${format(last?.[train])}${hasValid ? `, ${words.valid} ${format(last?.[valid])}` : ''}`}
      />
    </figure>
  );
}

/** Draws a line at the best epoch. */
function markBest(plot: uPlot, hasLabel: boolean): void {
  const best = progress.peek().best_epoch;
  if (best <= 0) return;
  const { ctx, bbox } = plot;
  const x = plot.valToPos(best, 'x', true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  const ratio = devicePixelRatio || 1;
  const { ink } = palette.peek();
  ctx.save();
  ctx.strokeStyle = css(ink, 0.45);
  ctx.fillStyle = css(ink, 0.7);
  ctx.lineWidth = ratio;
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  if (!hasLabel) {
    ctx.restore();
    return;
  }
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'top';
  const isRight = x > bbox.left + bbox.width / 2;
  ctx.textAlign = isRight ? 'right' : 'left';
  ctx.fillText(text.peek().curves.best, x + (isRight ? -4 : 4) * ratio, bbox.top);
  ctx.restore();
}
