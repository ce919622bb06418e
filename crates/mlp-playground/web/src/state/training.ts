import { signal } from '@preact/signals';
import type { CurvePoint } from '../protocol/CurvePoint';
import type { Diagnosis } from '../protocol/Diagnosis';
import type { Progress } from '../protocol/Progress';
import type { Trace } from '../protocol/Trace';
import { throttle } from './throttle';

const BEGINNING: Progress = {
  number: 0,
  state: 'paused',
  epoch: 0,
  step: 0,
  steps_per_second: 0,
  curve: [],
  best_epoch: 0,
};

/** How often curves and numbers change, in milliseconds: nobody can read them faster. */
const INTERVAL = 100;

// What has come last, of which the signals are told now and then.
let points: CurvePoint[] = [];
let latestTrace: Trace | undefined;
let latestDiagnosis: Diagnosis | undefined;

/** How far the training is. */
export const progress = signal<Progress>(BEGINNING);

/** The epochs that are over. The array is changed in place; the signal is a new object for each change. */
export const curve = signal<{ points: CurvePoint[] }>({ points });

/** The way of the watched row through the network. */
export const trace = signal<Trace | undefined>(undefined);

/** The state of the layers. */
export const diagnosis = signal<Diagnosis | undefined>(undefined);

const showCurve = throttle(INTERVAL, () => {
  curve.value = { points };
});
const showTrace = throttle(INTERVAL, () => {
  trace.value = latestTrace;
});
const showDiagnosis = throttle(INTERVAL, () => {
  diagnosis.value = latestDiagnosis;
});

/** Forgets what was measured, because another training begins. */
export function begin(number: number): void {
  progress.value = { ...BEGINNING, number };
  points = [];
  latestTrace = undefined;
  latestDiagnosis = undefined;
  curve.value = { points };
  trace.value = undefined;
  diagnosis.value = undefined;
}

/** Takes note of how far the training is. */
export function advance(message: Progress): void {
  progress.value = message;
  if (message.curve.length === 0) return;
  points.push(...message.curve);
  showCurve();
}

/** Takes note of a row's way through the network. */
export function follow(message: Trace): void {
  latestTrace = message;
  showTrace();
}

/** Takes note of the state of the layers. */
export function diagnose(message: Diagnosis): void {
  latestDiagnosis = message;
  showDiagnosis();
}
