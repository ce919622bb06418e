import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { refusals } from '../state/session';
import { text } from '../text';
import { short } from '../theme/number';
import { stepped, type Stepping } from './stepping';

interface FieldProps {
  label: string;
  /** Goes back to the default; there is one if the user chose another value. */
  onRestore?: (() => void) | undefined;
}

function Label({ id, label, onRestore }: FieldProps & { id: string }) {
  return (
    <span class="field-label">
      <label for={id}>{label}</label>
      {onRestore && (
        <button
          type="button"
          class="restore"
          onClick={onRestore}
          title={text.value.training.restore(label)}
          aria-label={text.value.training.restore(label)}
        >
          ↺
        </button>
      )}
    </span>
  );
}

interface ChoiceProps extends FieldProps {
  value: string;
  onChoose(value: string): void;
  children: ComponentChildren;
}

/** One of several. */
export function Choice({ label, value, onChoose, onRestore, children }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <Label id={id} label={label} onRestore={onRestore} />
      <select
        id={id}
        // A refused choice must not stay: another key makes the element anew, with the value that holds.
        key={refusals.value}
        value={value}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {children}
      </select>
    </div>
  );
}

interface AmountProps extends FieldProps {
  value: number | undefined;
  min: number;
  max: number;
  step: number;
  /** What the arrow keys do in the field, if not the step of the slider. */
  stepping?: Stepping;
  /** Whether the slider goes by powers of ten. */
  isLogarithmic?: boolean;
  /** The largest number that can be typed, if it is not that of the slider. */
  limit?: number;
  /** Whether only whole numbers from 1 on mean anything. */
  isWhole?: boolean;
  onChange(value: number): void;
}

/** A number, by a slider or typed. */
export function Amount({
  label,
  value,
  min,
  max,
  step,
  stepping = step,
  isLogarithmic = false,
  limit,
  isWhole = false,
  onChange,
  onRestore,
}: AmountProps) {
  const id = useId();
  // While the slider is dragged or an arrow key held, answers to earlier positions come in, and must not move
  // it back.
  const [dragged, setDragged] = useState<number | undefined>(undefined);
  useEffect(() => setDragged(undefined), [refusals.value]);
  useEffect(() => setDragged((last) => (last === value ? undefined : last)), [value]);
  const shown = dragged ?? value;
  const place = (number: number): number => (isLogarithmic ? Math.log10(Math.max(number, min)) : number);
  const slide = (event: Event): void => {
    const position = Number((event.currentTarget as HTMLInputElement).value);
    const next = isLogarithmic ? Number((10 ** position).toPrecision(2)) : position;
    setDragged(next);
    onChange(next);
  };
  const type = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const number = input.valueAsNumber;
    if (isWhole && !accepts(input, 1)) return;
    setDragged(undefined);
    if (Number.isFinite(number)) onChange(number);
    else input.value = String(value ?? '');
  };
  const press = (event: KeyboardEvent): void => {
    if ((event.key !== 'ArrowUp' && event.key !== 'ArrowDown') || event.ctrlKey || event.metaKey || event.altKey) return;
    // The field's own step is the same everywhere, from wherever it begins.
    event.preventDefault();
    const input = event.currentTarget as HTMLInputElement;
    const from = Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : (shown ?? min);
    const next = stepped(from, event.key === 'ArrowUp', stepping, { min, max: Math.max(from, limit ?? max) });
    input.setCustomValidity('');
    // At once, because another press may come before the page is drawn again.
    input.value = String(next);
    setDragged(next);
    if (next !== from) onChange(next);
  };
  return (
    <div class="field amount" key={refusals.value}>
      <Label id={id} label={label} onRestore={onRestore} />
      <input
        type="range"
        min={place(min)}
        max={place(max)}
        step={isLogarithmic ? 'any' : step}
        value={shown === undefined ? min : place(shown)}
        onInput={slide}
        onChange={() => setDragged(undefined)}
        aria-label={label}
        aria-valuetext={short(shown)}
        tabIndex={-1}
      />
      <input
        id={id}
        type="number"
        class="number"
        min={min}
        max={limit ?? undefined}
        step="any"
        value={shown === undefined ? '' : Number(shown.toPrecision(6))}
        onInput={(event) => event.currentTarget.setCustomValidity('')}
        onChange={type}
        onKeyDown={press}
        onBlur={() => setDragged(undefined)}
      />
    </div>
  );
}

/** Whether a whole number is typed that is not too small. If it is not, the field says so. */
export function accepts(input: HTMLInputElement, least: number): boolean {
  const number = input.valueAsNumber;
  const isGood = Number.isSafeInteger(number) && number >= least;
  input.setCustomValidity(isGood ? '' : text.peek().training.whole(least));
  if (!isGood) input.reportValidity();
  return isGood;
}

/** Something that is or is not. */
export function Switch({ label, value, onChange }: { label: string; value: boolean; onChange(value: boolean): void }) {
  return (
    <label class="switch">
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

/** A part of the page with a heading. */
export function Panel({
  title,
  name,
  aside,
  children,
}: {
  title: string;
  name: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class={`panel ${name}`} aria-labelledby={`heading-${name}`}>
      <header class="panel-header">
        <h2 id={`heading-${name}`}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
