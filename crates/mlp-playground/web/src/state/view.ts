import { computed, signal } from '@preact/signals';
import type { Configured } from '../protocol/Configured';
import type { Plane } from '../protocol/Plane';
import type { View } from '../protocol/View';
import { configured } from './experiment';

/** A neuron: a layer of weights, from 0, and a unit of it. */
export interface Neuron {
  layer: number;
  unit: number;
}

/** How many steps a network takes in a second at most: small ones are over at once otherwise. */
export type Pace = number | 'full';

/** What the page shows of an experiment. */
export interface PageView {
  /** The column along the horizontal axis; the first one of numbers if there is none of this name. */
  x?: string;
  /** The column along the vertical axis; the second one of numbers if there is none of this name. */
  y?: string;
  /** The row whose values all other columns keep; the median row if `undefined`. */
  row?: number;
  /** Which rows are drawn: training, validation, test. */
  splits: [boolean, boolean, boolean];
  /** The neuron that is watched. */
  neuron?: Neuron;
  /** The row, by its number in the table, that is followed through the network. */
  traceRow?: number;
  /** Whether gradients and the state of units are measured. */
  diagnosis: boolean;
  pace: Pace;
  /** What the colours of codes mean. */
  color: 'cluster' | 'class';
}

export const FIRST_VIEW: PageView = { splits: [true, true, false], diagnosis: false, pace: 1000, color: 'cluster' };

/** Models that find clusters. */
const CLUSTERERS = ['som', 'dec', 'idec'];
/** A map learns in so few steps that it is over at once at a pace that suits other networks. */
const SLOWER = 100;

/** The pace of another model: that of the one before, if it is not what only suits models of its kind. */
export function paceOf(model: string, before: string, pace: Pace): Pace {
  const isClusterer = CLUSTERERS.includes(model);
  if (isClusterer === CLUSTERERS.includes(before)) return pace;
  const [own, other] = isClusterer ? [SLOWER, FIRST_VIEW.pace] : [FIRST_VIEW.pace, SLOWER];
  return pace === other ? own : pace;
}

/** What is no longer meant once there is another table. */
export const OTHER_TABLE: Partial<PageView> = { x: undefined, y: undefined, row: undefined, traceRow: undefined };

export const view = signal<PageView>(FIRST_VIEW);

/** Changes a part of what is shown. */
export function show(change: Partial<PageView>): void {
  view.value = { ...view.value, ...change };
}

/** The columns that can be axes. */
export function axisColumns({ columns }: Pick<Configured, 'columns'>): string[] {
  return columns.filter((column) => column.axis).map((column) => column.name);
}

/** The plane that is drawn; `undefined` if the table has no column of numbers. */
export const plane = computed<Plane | undefined>(() => {
  const experiment = configured.value;
  return experiment && choosePlane(experiment, view.value);
});

/** The plane of the wanted columns, as far as the table has them. */
export function choosePlane(experiment: Pick<Configured, 'columns'>, { x, y, row }: PageView): Plane | undefined {
  const columns = axisColumns(experiment);
  if (columns.length === 0) return undefined;
  const horizontal = x !== undefined && columns.includes(x) ? x : (columns.find((name) => name !== y) ?? columns[0]);
  const vertical =
    y !== undefined && y !== horizontal && columns.includes(y) ? y : columns.find((name) => name !== horizontal);
  return { x: horizontal, ...(vertical !== undefined && { y: vertical }), ...(row !== undefined && { row }) };
}

/** A neuron, if the network has it. */
function existing(neuron: Neuron | undefined): Neuron | undefined {
  const layers = configured.value?.network.layers;
  return neuron && layers && neuron.unit < (layers[neuron.layer]?.units ?? 0) ? neuron : undefined;
}

/** The neuron that is watched, if the network has it. */
export const watchedNeuron = computed(() => existing(view.value.neuron));

/** The neuron under the pointer or with the focus, whose map is shown in large. */
export const pointed = signal<Neuron | undefined>(undefined);

/** The same, if the network has it. */
export const inspected = computed(() => existing(pointed.value));

/** The row that is followed, if the table has it. */
export const tracedRow = computed<number | undefined>(() => {
  const row = view.value.traceRow;
  return row !== undefined && configured.value?.points.rows.includes(row) ? row : undefined;
});

const OUTPUT_RESOLUTION = 80;
/** A curve over one column costs next to nothing, so it is drawn finely. */
const CURVE_RESOLUTION = 200;

/** What the program is asked to show. */
export const requestedView = computed<View>(() => {
  const isCurve = plane.value !== undefined && plane.value.y === undefined;
  return {
    ...(plane.value && { plane: plane.value }),
    resolution: isCurve ? 48 : 24,
    output_resolution: isCurve ? CURVE_RESOLUTION : OUTPUT_RESOLUTION,
    maps: plane.value !== undefined,
    ...(tracedRow.value !== undefined && { trace_row: tracedRow.value }),
    diagnosis: view.value.diagnosis,
  };
});
