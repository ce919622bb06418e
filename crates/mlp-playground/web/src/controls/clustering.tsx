import { effective } from '../state/experiment';
import { change } from '../state/session';
import { nameOf, text } from '../text';
import { Amount, Choice } from './fields';
import { restoring } from './restoring';

/** The rows and columns of a map. */
export function sides(grid: string): [number, number] {
  const [rows = 0, columns = 0] = grid.split('x').map(Number);
  return [rows, columns];
}

/** What a map is: its units, and how they are arranged. */
export function MapControls() {
  const { clusters: words } = text.value;
  const { grid, topology, last_radius } = effective.value;
  if (grid === undefined) return null;
  const [rows, columns] = sides(grid);
  return (
    <>
      <Side
        label={words.width}
        units={columns}
        gridOf={(width) => `${sides(effective.peek().grid ?? grid)[0]}x${width}`}
      />
      <Side
        label={words.height}
        units={rows}
        gridOf={(height) => `${height}x${sides(effective.peek().grid ?? grid)[1]}`}
      />
      {topology !== undefined && (
        <Choice
          label={words.topology}
          value={topology}
          onChoose={(choice) => change({ topology: choice })}
          onRestore={restoring('topology')}
        >
          {['rectangular', 'hexagonal'].map((name) => (
            <option key={name} value={name}>
              {nameOf(name)}
            </option>
          ))}
        </Choice>
      )}
      {last_radius !== undefined && (
        <Amount
          label={words.radius}
          value={last_radius}
          min={0.05}
          max={5}
          step={0.05}
          stepping={0.1}
          onChange={(value) => change({ last_radius: value })}
          onRestore={restoring('last_radius')}
        />
      )}
    </>
  );
}

/** How many units a map has along a side. */
function Side({ label, units, gridOf }: { label: string; units: number; gridOf: (units: number) => string }) {
  return (
    <Amount
      label={label}
      value={units}
      min={1}
      max={30}
      limit={30}
      step={1}
      isWhole
      onChange={(value) => change({ grid: gridOf(Math.round(value)) })}
      onRestore={restoring('grid')}
    />
  );
}

/** How an autoencoder learns, and how many clusters its codes form. */
export function CodeControls() {
  const { clusters: words } = text.value;
  const { pretraining_epochs, clusters } = effective.value;
  if (pretraining_epochs === undefined) return null;
  return (
    <>
      <Choice
        label={words.number}
        value={String(clusters ?? '')}
        onChoose={(choice) =>
          choice === '' ? restoring('clusters')?.() : change({ clusters: Number(choice) })
        }
        onRestore={restoring('clusters')}
      >
        <option value="">{words.auto}</option>
        {[...new Set([2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, ...(clusters ? [clusters] : [])])].map((count) => (
          <option key={count} value={count}>
            {count}
          </option>
        ))}
      </Choice>
      <Amount
        label={words.pretraining}
        value={pretraining_epochs}
        min={1}
        max={10000}
        step={0}
        stepping={10}
        isLogarithmic
        isWhole
        onChange={(value) => change({ pretraining_epochs: Math.max(1, Math.round(value)) })}
        onRestore={restoring('pretraining_epochs')}
      />
    </>
  );
}
