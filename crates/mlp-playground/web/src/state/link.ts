import { lessonOf } from '../lessons/states';
import type { Experiment } from '../protocol/Experiment';
import type { Language } from './settings';
import { FIRST_VIEW, type PageView } from './view';

/** Everything that a link holds. */
export interface PageState {
  experiment: Experiment;
  view: PageView;
  lesson?: string;
  language?: Language;
  /** Whether the controls are hidden, for a page within another one. */
  embed: boolean;
  /** The names of what a link says that cannot be read. */
  unread?: string[];
}

const TEXTS = ['model', 'normalization', 'loss', 'optimizer', 'schedule', 'grid', 'topology'] as const;
const NUMBERS = [
  'dropout',
  'learning_rate',
  'weight_decay',
  'batch_size',
  'epochs',
  'last_radius',
  'clusters',
  'pretraining_epochs',
  'seed',
] as const;
/** Numbers that are whole, and not below 0. */
const WHOLE: readonly string[] = [
  'samples',
  'batch_size',
  'epochs',
  'clusters',
  'pretraining_epochs',
  'seed',
  'row',
  'trace',
];
const DATA_NUMBERS = ['samples', 'noise', 'test_size', 'valid_size'] as const;
/** What an address may have besides a lesson if it means the lesson's own state. */
const BESIDES_LESSON: readonly string[] = ['lesson', 'lang', 'embed'];
const SPLIT_LETTERS = ['t', 'v', 'e'] as const;

/** Names may hold commas, so each is escaped before they are joined. */
function joinNames(names: string[]): string {
  return names.map((name) => name.replace(/[%,]/g, encodeURIComponent)).join(',');
}

function splitNames(text: string): string[] {
  return text.split(',').filter(Boolean).map(unescaped);
}

/** A name as it was before it was escaped; as it is if it was written by hand and cannot be. */
function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function readNumber(parameters: URLSearchParams, name: string, unread: string[]): number | undefined {
  const text = parameters.get(name);
  if (text === null || text.trim() === '') return undefined;
  const value = Number(text);
  const isGood = WHOLE.includes(name) ? Number.isSafeInteger(value) && value >= 0 : Number.isFinite(value);
  if (!isGood) unread.push(name);
  return isGood ? value : undefined;
}

/** The units of each hidden layer. */
function readHidden(text: string): number[] | undefined {
  if (text === 'none') return [];
  const hidden = text.split(',').map(Number);
  return hidden.every((units) => Number.isSafeInteger(units) && units >= 1) ? hidden : undefined;
}

function readNeuron(text: string | null): PageView['neuron'] {
  const match = /^(\d+)\.(\d+)$/.exec(text ?? '');
  return match ? { layer: Number(match[1]), unit: Number(match[2]) } : undefined;
}

/** The part of an address after `#`. What has its default is left out. */
export function writeLink({ experiment, view, lesson, language, embed }: PageState): string {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) parameters.set(name, String(value));
  };
  set('lesson', lesson);
  const { data } = experiment;
  set('data', data.name);
  for (const name of DATA_NUMBERS) set(name, data[name]);
  set('target', data.target);
  if (data.drop?.length) set('drop', joinNames(data.drop));
  if (data.derive?.length) set('derive', joinNames(data.derive));
  for (const name of TEXTS) set(name, experiment[name]);
  if (experiment.hidden) set('hidden', experiment.hidden.join(',') || 'none');
  if (experiment.activation) set('activation', experiment.activation.join(','));
  for (const name of NUMBERS) set(name, experiment[name]);

  set('x', view.x);
  set('y', view.y);
  set('row', view.row);
  const splits = SPLIT_LETTERS.filter((_, index) => view.splits[index]).join('') || 'none';
  if (view.splits.some((isShown, index) => isShown !== FIRST_VIEW.splits[index])) set('rows', splits);
  if (view.neuron) set('neuron', `${view.neuron.layer}.${view.neuron.unit}`);
  set('trace', view.traceRow);
  if (view.diagnosis) set('diagnosis', 1);
  if (view.pace !== FIRST_VIEW.pace) set('pace', view.pace);
  if (view.color !== FIRST_VIEW.color) set('color', view.color);
  set('lang', language);
  if (embed) set('embed', 1);
  // Commas need no escape after `#`, and a list with commas is easier to read and to edit.
  return parameters.toString().replaceAll('%2C', ',');
}

/** Reads a link. What is missing or cannot be read has its default; the latter is named. */
export function readLink(hash: string): PageState {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const text = (name: string): string | undefined => parameters.get(name) ?? undefined;
  const experiment: Experiment = { data: {} };
  const unread: string[] = [];
  const name = text('data');
  if (name !== undefined) experiment.data.name = name;
  for (const key of DATA_NUMBERS) {
    const value = readNumber(parameters, key, unread);
    if (value !== undefined) experiment.data[key] = value;
  }
  const target = text('target');
  if (target !== undefined) experiment.data.target = target;
  const drop = text('drop');
  if (drop !== undefined) experiment.data.drop = splitNames(drop);
  const derive = text('derive');
  if (derive !== undefined) experiment.data.derive = splitNames(derive);
  for (const key of TEXTS) {
    const value = text(key);
    if (value !== undefined) experiment[key] = value;
  }
  const hidden = text('hidden');
  if (hidden) {
    const units = readHidden(hidden);
    if (units) experiment.hidden = units;
    else unread.push('hidden');
  }
  const activation = text('activation');
  if (activation !== undefined) experiment.activation = activation.split(',').filter(Boolean);
  for (const key of NUMBERS) {
    const value = readNumber(parameters, key, unread);
    if (value !== undefined) experiment[key] = value;
  }

  const view: PageView = { ...FIRST_VIEW, diagnosis: parameters.get('diagnosis') === '1' };
  const x = text('x');
  if (x !== undefined) view.x = x;
  const y = text('y');
  if (y !== undefined) view.y = y;
  const row = readNumber(parameters, 'row', unread);
  if (row !== undefined) view.row = row;
  const rows = text('rows');
  if (rows !== undefined) {
    const letters = rows === 'none' ? '' : rows;
    view.splits = SPLIT_LETTERS.map((letter) => letters.includes(letter)) as PageView['splits'];
  }
  const neuron = readNeuron(parameters.get('neuron'));
  if (neuron) view.neuron = neuron;
  const traceRow = readNumber(parameters, 'trace', unread);
  if (traceRow !== undefined) view.traceRow = traceRow;

  if (text('pace') === 'full') {
    view.pace = 'full';
  } else {
    const pace = readNumber(parameters, 'pace', unread);
    if (pace !== undefined && pace > 0) view.pace = pace;
  }

  if (text('color') === 'class') view.color = 'class';

  const lesson = lessonOf(text('lesson'));
  const isLesson = lesson && [...parameters.keys()].every((key) => BESIDES_LESSON.includes(key));
  const language = text('lang');
  return {
    ...(isLesson
      ? { experiment: lesson.experiment, view: { ...FIRST_VIEW, ...lesson.view } }
      : { experiment, view }),
    ...(lesson && { lesson: lesson.name }),
    ...((language === 'en' || language === 'zh') && { language }),
    embed: parameters.get('embed') === '1',
    ...(unread.length > 0 && { unread }),
  };
}
