import type { Experiment } from '../protocol/Experiment';
import { wanted } from '../state/experiment';
import { configure } from '../state/session';

type Setting = Exclude<keyof Experiment, 'data'>;

/** Forgets a setting, so that it has its default; nothing to forget if it has it. */
export function restoring(name: Setting): (() => void) | undefined {
  if (wanted.value[name] === undefined) return undefined;
  return () => {
    const { [name]: _, ...others } = wanted.peek();
    configure(others);
  };
}
