/** Where a neuron is, in pixels. */
export interface Place {
  x: number;
  y: number;
}

/** A column of neurons: the inputs, a hidden layer, or the outputs. */
export interface Column {
  x: number;
  /** The places of the neurons that are drawn: the first ones of the layer. */
  places: Place[];
  /** How many neurons are left out. */
  omitted: number;
}

export interface Layout {
  width: number;
  height: number;
  /** The side of a neuron. */
  size: number;
  columns: Column[];
}

/** Room at the left for the names of the inputs, at the right for those of the outputs. */
export interface Margins {
  left: number;
  right: number;
  top: number;
}

const LARGEST_NODE = 44;
const SMALLEST_NODE = 16;
/** As wide as the smallest header of a layer, and what is free between two. */
const NARROWEST_PITCH = 70;
const LOWEST = 292;
const HIGHEST = 520;

/** Places the neurons of layers with so many units in a picture of at least this width. */
export function layOut(sizes: readonly number[], available: number, margins: Margins): Layout {
  const gaps = Math.max(1, sizes.length - 1);
  const span = Math.max(available - margins.left - margins.right - LARGEST_NODE, gaps * NARROWEST_PITCH);
  const width = span + margins.left + margins.right + LARGEST_NODE;
  const most = Math.max(1, ...sizes);

  // A crowded column gets more height first, then smaller neurons, and then leaves some out.
  const height = Math.min(HIGHEST, Math.max(LOWEST, most * (LARGEST_NODE + 12)));
  const pitch = height / most;
  const size = Math.max(SMALLEST_NODE, Math.min(LARGEST_NODE, Math.floor(pitch - Math.min(12, pitch / 4))));
  const capacity = Math.floor(height / (size + 3));

  const columns = sizes.map((units, index) => {
    const x = margins.left + LARGEST_NODE / 2 + (span * index) / gaps;
    const drawn = units > capacity ? capacity - 1 : units;
    // What is left out is said where the next neuron would be.
    const places = drawn + (units > drawn ? 1 : 0);
    const distance = Math.min(height / places, size + 26);
    const first = margins.top + height / 2 - (distance * (places - 1)) / 2;
    return {
      x,
      places: Array.from({ length: drawn }, (_, unit) => ({ x, y: first + unit * distance })),
      omitted: units - drawn,
    };
  });
  return { width, height: height + margins.top, size, columns };
}

/** The parameter at which a curve has come so far across; see {@link heightShare}. */
function parameterAt(share: number): number {
  // The horizontal part rises from 0 to 1, so that bisection finds it.
  let [low, high] = [0, 1];
  for (let step = 0; step < 20; step += 1) {
    const t = (low + high) / 2;
    const x = 1.5 * t * (1 - t) + t ** 3;
    if (x < share) low = t;
    else high = t;
  }
  return (low + high) / 2;
}

/**
 * How far a weight's curve has come from the height of its start to that of its end. The curve is a cubic
 * whose control points lie in the middle between both columns, at the heights of start and end.
 */
export function heightShare(share: number): number {
  const t = parameterAt(share);
  return 3 * t * t - 2 * t * t * t;
}

/** A weight: the layer it belongs to, from 0, and the units that it connects. */
export interface Edge {
  layer: number;
  from: number;
  to: number;
}

/** The weight whose curve passes closest to a place, if one is closer than `reach`. */
export function edgeAt(layout: Layout, { x, y }: Place, reach: number): Edge | undefined {
  const { columns, size } = layout;
  for (let layer = 0; layer + 1 < columns.length; layer += 1) {
    const start = columns[layer].x + size / 2;
    const end = columns[layer + 1].x - size / 2;
    if (x < start || x > end) continue;
    const rise = heightShare((x - start) / (end - start));
    let nearest: Edge | undefined;
    let distance = reach;
    columns[layer].places.forEach((a, from) => {
      columns[layer + 1].places.forEach((b, to) => {
        const away = Math.abs(a.y + rise * (b.y - a.y) - y);
        if (away < distance) [nearest, distance] = [{ layer, from, to }, away];
      });
    });
    return nearest;
  }
  return undefined;
}
