import { configured } from '../state/experiment';
import { epoch, isReady as canTrain, lost, pause, play, reset, step } from '../state/session';
import { progress } from '../state/training';
import { show, view, type Pace } from '../state/view';
import { text } from '../text';
import { short, whole } from '../theme/number';
import { Icon } from './icon';

/** Starts a training or stops it. */
export function toggle(): void {
  if (progress.peek().state === 'playing') pause();
  else play();
}

const PACES: Pace[] = [1, 10, 100, 300, 1000, 'full'];

/** Runs the training: play, pause, step, epoch, reset, and how far it is. */
export function Transport() {
  const { transport } = text.value;
  const { state } = progress.value;
  const isRunning = state === 'playing';
  const isOver = state === 'complete' || state === 'diverged';
  const isReady = canTrain.value;
  return (
    <div class="transport" role="group" aria-label={text.value.training.heading} title={transport.keys}>
      <button
        type="button"
        class="round"
        onClick={reset}
        disabled={!isReady}
        aria-label={transport.reset}
        title={`${transport.reset} (R)`}
      >
        <Icon name="reset" />
      </button>
      <button
        type="button"
        class="play"
        data-state={state}
        onClick={toggle}
        disabled={!isReady}
        aria-pressed={isRunning}
        title={transport.keys}
      >
        <Icon name={isRunning ? 'pause' : 'play'} />
        <span>{isRunning ? transport.pause : isOver ? transport.again : transport.play}</span>
      </button>
      <button
        type="button"
        class="round"
        onClick={step}
        disabled={!isReady || isOver}
        aria-label={transport.step}
        title={`${transport.step} (S)`}
      >
        <Icon name="step" />
      </button>
      <button
        type="button"
        class="round"
        onClick={epoch}
        disabled={!isReady || isOver}
        aria-label={transport.epoch}
        title={`${transport.epoch} (E)`}
      >
        <Icon name="epoch" />
      </button>
      <select
        class="pace"
        aria-label={transport.pace}
        title={transport.pace}
        value={view.value.pace}
        onChange={(event) =>
          show({ pace: event.currentTarget.value === 'full' ? 'full' : Number(event.currentTarget.value) })
        }
      >
        {(PACES.includes(view.value.pace) ? PACES : [view.value.pace, ...PACES]).map((pace) => (
          <option key={pace} value={pace}>
            {pace === 'full' ? transport.full : transport.perSecond(whole(pace))}
          </option>
        ))}
      </select>
    </div>
  );
}

/** How far the training is, in numbers. */
export function Readout() {
  const { transport } = text.value;
  const { state, epoch: epochs, step: steps, steps_per_second, best_epoch } = progress.value;
  const isLost = lost.value !== undefined;
  const experiment = configured.value;
  const { epochs: most, pretraining_epochs: before = 0 } = experiment?.experiment ?? {};
  const total = most === undefined ? undefined : before + most;
  return (
    <dl class="readout">
      <div class="state" data-state={isLost ? 'lost' : state}>
        <dt class="visually-hidden">{text.value.training.heading}</dt>
        <dd>
          <span role="status">{isLost ? transport.disconnected : transport[state]}</span>
        </dd>
      </div>
      <div>
        <dt>{transport.epochs}</dt>
        <dd data-testid="epoch">
          {whole(epochs)}
          {total !== undefined && <small> / {whole(total)}</small>}
        </dd>
      </div>
      <div>
        <dt>{transport.steps}</dt>
        <dd data-testid="step">{whole(steps)}</dd>
      </div>
      <div class="lesser">
        <dt>{transport.speed}</dt>
        <dd>{state === 'playing' ? whole(steps_per_second) : '–'}</dd>
      </div>
      <div>
        <dt>{transport.best}</dt>
        <dd>{best_epoch > 0 ? whole(best_epoch) : '–'}</dd>
      </div>
      <div class="lesser">
        <dt>{transport.parameters}</dt>
        <dd>{experiment ? whole(experiment.network.num_parameters) : short(undefined)}</dd>
      </div>
    </dl>
  );
}
