import { useEffect, useRef } from 'preact/hooks';
import { weightIndex } from '../connection/frame';
import { layerSizes } from '../state/experiment';
import { currentFrame } from '../state/picture';
import { setWeight } from '../state/session';
import { text } from '../text';
import type { Editing } from './edgelayer';
import { weightName } from './names';

/** A field in which a weight is changed, at its place on the picture. */
export function WeightEditor({ editing, width, onClose }: { editing: Editing; width: number; onClose(): void }) {
  const input = useRef<HTMLInputElement>(null);
  const { layer, from, to, x, y } = editing;
  const first = currentFrame()?.weights[weightIndex(layerSizes.peek(), layer, from, to)] ?? 0;
  useEffect(() => input.current?.select(), []);
  const apply = (event: Event): void => {
    event.preventDefault();
    const value = input.current?.valueAsNumber ?? Number.NaN;
    if (Number.isFinite(value)) setWeight(layer, from, to, value);
    onClose();
  };
  return (
    <form
      class="weight-editor"
      style={{ left: `${Math.max(90, Math.min(width - 90, x))}px`, top: `${y}px` }}
      onSubmit={apply}
      // Weights between the steps of the arrow keys are as good.
      noValidate
      onClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        // A step and starting over are for the page.
        if (!'sr'.includes(event.key.toLowerCase())) event.stopPropagation();
        if (event.key === 'Escape') onClose();
      }}
    >
      <label>
        <span>{weightName(editing)}</span>
        <input
          ref={input}
          type="number"
          step="0.1"
          defaultValue={String(Number(first.toPrecision(4)))}
          // A change is seen at once, with the arrows too.
          onInput={(event) => {
            const value = event.currentTarget.valueAsNumber;
            if (Number.isFinite(value)) setWeight(layer, from, to, value);
          }}
        />
      </label>
      <button type="submit" class="quiet">
        {text.value.network.apply}
      </button>
    </form>
  );
}
