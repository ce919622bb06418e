import { useEffect, useState } from 'preact/hooks';
import { wanted } from '../state/experiment';
import { configure, dismiss, failure, isAnew, isFull, lost } from '../state/session';
import { unread } from '../state/page';
import { isReading } from '../state/files';
import { progress } from '../state/training';
import { text } from '../text';
import { Icon } from './icon';

/** What went wrong, where it cannot be missed. */
export function Notices() {
  const { failure: words, transport, data } = text.value;
  const problem = failure.value;
  // The number of the training whose end was taken note of.
  const [closed, setClosed] = useState(0);
  return (
    <div class="notices">
      {lost.value !== undefined && <Lost seconds={lost.value} />}
      {isAnew.value && (
        <div class="notice" role="status">
          <p>{words.anew}</p>
          <Dismiss onClick={() => (isAnew.value = false)} />
        </div>
      )}
      {unread.value.length > 0 && (
        <div class="notice warning" role="status">
          <p>{words.unread(unread.value.join(', '))}</p>
          <Dismiss onClick={() => (unread.value = [])} />
        </div>
      )}
      {isReading.value && (
        <p class="notice" role="status">
          {data.reading}
        </p>
      )}
      {progress.value.state === 'diverged' && closed !== progress.value.number && (
        <div class="notice warning" role="status">
          <p>
            <b>{transport.diverged}.</b> {transport.divergedWhy}
          </p>
          <Dismiss onClick={() => setClosed(progress.peek().number)} />
        </div>
      )}
      {problem && (
        <div class="notice warning" role="alert">
          <p>
            {problem.choose_target ? <b>{data.chooseTarget}</b> : problem.message}
            {problem.hint && !problem.choose_target && <span class="hint"> {problem.hint}</span>}
          </p>
          {problem.choose_target && <Targets columns={problem.choose_target.columns} />}
          <Dismiss onClick={dismiss} />
        </div>
      )}
    </div>
  );
}

function Dismiss({ onClick }: { onClick(): void }) {
  const { dismiss: label } = text.value.failure;
  return (
    <button type="button" class="small" onClick={onClick} aria-label={label} title={label}>
      <Icon name="close" />
    </button>
  );
}

/** The columns of a file, one of which is to be predicted. */
function Targets({ columns }: { columns: string[] }) {
  return (
    <ul class="targets">
      {columns.map((target) => (
        <li key={target}>
          <button
            type="button"
            class="quiet strong cut"
            title={target}
            onClick={() => configure({ ...wanted.peek(), data: { ...wanted.peek().data, target } })}
          >
            {target}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Lost({ seconds }: { seconds: number }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const end = performance.now() + 1000 * seconds;
    const timer = setInterval(() => setLeft(Math.max(0, (end - performance.now()) / 1000)), 250);
    return () => clearInterval(timer);
  }, [seconds]);
  const { failure: words } = text.value;
  // The loss is announced once; the seconds are only seen.
  return (
    <p class="notice warning" data-testid="lost">
      <span role="alert">{isFull.value ? words.full : words.lost}</span>
      <span>{left > 0.3 ? words.attempt(Math.ceil(left)) : words.connecting}</span>
    </p>
  );
}
