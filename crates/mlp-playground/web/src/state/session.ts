import { computed, effect, signal } from '@preact/signals';
import { Connection, socketAddress } from '../connection/socket';
import type { Experiment } from '../protocol/Experiment';
import type { Failure } from '../protocol/Failure';
import type { Request } from '../protocol/Request';
import type { Response } from '../protocol/Response';
import { configured, options, wanted } from './experiment';
import { forgetFrame, receiveFrame } from './picture';
import { advance, begin, diagnose, follow, progress } from './training';
import { FIRST_VIEW, requestedView, show, view, type Pace } from './view';

/** What could not be done, until it is dismissed. */
export const failure = signal<Failure | undefined>(undefined);
/** Counts failures, so that controls show again what holds. */
export const refusals = signal(0);
/** The experiment that the program took last. */
export const accepted = signal<Experiment | undefined>(undefined);
/** The experiment that was refused last, once the page shows another one again. */
export const refused = signal<Experiment | undefined>(undefined);
/** When the connection is lost: the seconds to the next attempt. */
export const lost = signal<number | undefined>(undefined);
/** Whether the program is there all the same, but takes no more pages. */
export const isFull = signal(false);
/** Whether the connection was lost and found again, and with it a training begun anew. */
export const isAnew = signal(false);

// One experiment is under way at a time: a slider that is dragged makes more than can be prepared, and only
// its last position counts.
let underWay: Experiment | undefined;
let waiting: Experiment | undefined;
let requested: Experiment | undefined;
// Whether training is to go on, until the program says that it does: an answer takes a while, and another
// setting may come before it.
let resumes = false;
/** Whether a training was under way when the connection was lost: the program has forgotten it. */
let isInterrupted = false;
/** The experiment that was told to train. */
let told: number | undefined;
let lastLook = '';

/** What the program must be given before an experiment, because it was started anew: the files. */
let prepare: () => Promise<void> = () => Promise.resolve();

export function beforeExperiments(action: () => Promise<void>): void {
  prepare = action;
}

const connection = new Connection(socketAddress(location), {
  onOpen: () => {
    lost.value = undefined;
    isFull.value = false;
    underWay = undefined;
    waiting = undefined;
    lastLook = '';
    told = undefined;
  },
  onMessage: receive,
  onFrame: receiveFrame,
  onRefused: (isThere) => {
    isFull.value = isThere;
  },
  onLost: (seconds) => {
    lost.value = seconds;
    const last = progress.peek();
    if (last.step > 0 || last.state === 'playing') isInterrupted = true;
    if (last.state !== 'playing') return;
    resumes = true;
    progress.value = { ...last, state: 'paused', steps_per_second: 0 };
  },
});

function send(request: Request): boolean {
  return connection.send(request);
}

/** Connects, and asks for the experiment of the page. */
export function connect(): void {
  connection.open();
  effect(() => {
    const look = requestedView.value;
    if (configured.value && !underWay) sendLook(look);
  });
  effect(() => sendPace(view.value.pace));
}

function sendPace(pace: Pace): void {
  send({ type: 'pace', ...(pace !== 'full' && { steps_per_second: pace }) });
}

function sendLook(look = requestedView.peek()): void {
  const text = JSON.stringify(look);
  if (text !== lastLook && send({ type: 'look', view: look })) lastLook = text;
}

/** Begins anew with other settings. What trains goes on training after that. */
export function configure(experiment: Experiment, { keepsPlaying = true } = {}): void {
  wanted.value = experiment;
  resumes = keepsPlaying && (resumes || progress.peek().state === 'playing');
  if (underWay) waiting = experiment;
  else request(experiment);
}

/** Changes settings of the experiment. */
export function change(settings: Partial<Experiment>): void {
  configure({ ...wanted.peek(), ...settings });
}

function request(experiment: Experiment): void {
  failure.value = undefined;
  if (send({ type: 'configure', experiment })) underWay = requested = experiment;
}

function receive(response: Response): void {
  switch (response.type) {
    case 'welcome':
      options.value = response.options;
      sendPace(view.peek().pace);
      void prepare().finally(() => request(wanted.peek()));
      return;
    case 'configured': {
      const { type: _, ...experiment } = response;
      accepted.value = requested;
      // Whatever was refused in the meantime was something else.
      if (!underWay && !waiting && requested) wanted.value = requested;
      underWay = undefined;
      forgetFrame();
      begin(experiment.number);
      configured.value = experiment;
      isAnew.value = isInterrupted;
      isInterrupted = false;
      // The program keeps what it is asked to show, but the planes of another table have other names.
      sendLook();
      if (waiting) request(waiting);
      else if (resumes) train();
      waiting = undefined;
      return;
    }
    case 'progress':
      if (response.number !== progress.peek().number) return;
      advance(response);
      // What an experiment says that is about to be replaced is no answer.
      if (!underWay && told === response.number && response.state !== 'paused') resumes = false;
      return;
    case 'trace':
      if (response.number === progress.peek().number) follow(response);
      return;
    case 'diagnosis':
      if (response.number === progress.peek().number) diagnose(response);
      return;
    case 'failed':
      fail(response);
  }
}

/** Shows what could not be done, and goes back to what holds. */
export function fail({ message, hint, choose_target }: Failure): void {
  failure.value = { message, ...(hint !== undefined && { hint }), ...(choose_target && { choose_target }) };
  refusals.value += 1;
  if (!underWay) {
    // Of what is looked at, only the row can be typed, and so be one that does not exist.
    if (view.peek().row !== undefined) show({ row: undefined });
    return;
  }
  const last = underWay;
  underWay = undefined;
  if (waiting) {
    const next = waiting;
    waiting = undefined;
    request(next);
    return;
  }
  resumes = false;
  const before = accepted.peek();
  if (choose_target) {
    // The table stays chosen while its target is asked for, and the one before is not trained in its place.
    wanted.value = last;
    if (before) send({ type: 'pause' });
  } else if (before) {
    wanted.value = before;
  } else {
    const report = failure.peek();
    startAnew();
    failure.value = report;
  }
  refused.value = last;
}

/** Closes the report of a failure, and with it the question for a target. */
export function dismiss(): void {
  const isChoice = failure.peek()?.choose_target !== undefined;
  failure.value = undefined;
  if (!isChoice) return;
  const before = accepted.peek();
  if (before) wanted.value = before;
  else startAnew();
}

/** Shows the first experiment of all: of a link that cannot be followed, there is nothing to go back to. */
function startAnew(): void {
  view.value = FIRST_VIEW;
  wanted.value = { data: {} };
  request(wanted.peek());
}

/** Whether there is something to train: not until the target of a table is known, nor without a connection. */
export const isReady = computed(
  () => configured.value !== undefined && lost.value === undefined && failure.value?.choose_target === undefined,
);

/** Trains on; a training that is over begins anew. */
export function play(): void {
  if (!isReady.peek()) return;
  const { state } = progress.peek();
  if (state === 'complete' || state === 'diverged') reset();
  else train();
  resumes = true;
}

function train(): void {
  told = progress.peek().number;
  send({ type: 'play' });
}

export function pause(): void {
  if (lost.peek() !== undefined) return;
  resumes = false;
  send({ type: 'pause' });
}

export function step(): void {
  if (!isReady.peek()) return;
  send({ type: 'step' });
}

export function epoch(): void {
  if (!isReady.peek()) return;
  send({ type: 'epoch' });
}

export function reset(): void {
  if (lost.peek() !== undefined) return;
  resumes = false;
  told = undefined;
  send({ type: 'reset' });
}

/** Changes one weight; `from` of `null` is the bias. */
export function setWeight(layer: number, from: number | null, to: number, value: number): void {
  send({ type: 'set_weight', layer, from, to, value });
}
