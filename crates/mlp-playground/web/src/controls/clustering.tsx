import { effective, wanted } from '../state/experiment';
import { change, configure } from '../state/session';
import { nameOf, text } from '../text';
import { Amount, Choice } from './fields';

type Setting = 'grid' | 'topology' | 'last_radius' | 'clusters' | 'pretraining_epochs';

/** Forgets a setting, so that it has its default; nothing to forget if it has it. */
function restoring(name: Setting): (() => void) | undefined {
  if (wanted.value[name] === undefined) return undefined;
  return () => {
    const { [name]: _, ...others } = wanted.peek();
    configure(others);
  };
}

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
      <Amount
        label={words.width}
        value={columns}
        min={1}
        max={30}
        limit={30}
        step={1}
        isWhole
        onChange={(width) => change({ grid: `${sides(effective.peek().grid ?? grid)[0]}x${Math.round(width)}` })}
        onRestore={restoring('grid')}
      />
      <Amount
        label={words.height}
        value={rows}
        min={1}
        max={30}
        limit={30}
        step={1}
        isWhole
        onChange={(height) => change({ grid: `${Math.round(height)}x${sides(effective.peek().grid ?? grid)[1]}` })}
        onRestore={restoring('grid')}
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
          onChange={(value) => change({ last_radius: value })}
          onRestore={restoring('last_radius')}
        />
      )}
    </>
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
        isLogarithmic
        isWhole
        onChange={(value) => change({ pretraining_epochs: Math.max(1, Math.round(value)) })}
        onRestore={restoring('pretraining_epochs')}
      />
    </>
  );
}
