import { options } from '../state/experiment';
import { nameOf, text } from '../text';
import { classColor, css } from '../theme/color';
import { palette } from '../theme/palette';

/** A point of a thumbnail: its place, from 0 to 1, and its class. */
type Point = readonly [number, number, number];

/** Numbers that look random and are the same each time, from −1 to 1. */
function scatter(index: number): number {
  const value = Math.sin(127.1 * (index + 1)) * 43758.5453;
  return 2 * (value - Math.floor(value)) - 1;
}

function points(
  count: number,
  place: (share: number, label: number, index: number) => readonly [number, number],
  classes = 2,
): Point[] {
  return Array.from({ length: count }, (_, index) => {
    const label = index % classes;
    const [x, y] = place(Math.floor(index / classes) / (count / classes - 1), label, index);
    return [x + 0.025 * scatter(2 * index), y + 0.025 * scatter(2 * index + 1), label];
  });
}

const TURN = 2 * Math.PI;
const CENTRES = [
  [0.27, 0.3],
  [0.72, 0.28],
  [0.5, 0.74],
];

/** What the generated tables look like. */
const SHAPES: Record<string, Point[]> = {
  moons: points(44, (share, label) => {
    const angle = Math.PI * share;
    return label === 0
      ? [0.4 + 0.28 * Math.cos(angle), 0.56 - 0.34 * Math.sin(angle)]
      : [0.6 - 0.28 * Math.cos(angle), 0.44 + 0.34 * Math.sin(angle)];
  }),
  circles: points(52, (share, label) => {
    const radius = label === 0 ? 0.38 : 0.17;
    return [0.5 + radius * Math.cos(TURN * share), 0.5 + radius * Math.sin(TURN * share)];
  }),
  xor: [
    [0.25, 0.75, 0],
    [0.75, 0.25, 0],
    [0.25, 0.25, 1],
    [0.75, 0.75, 1],
  ],
  spirals: points(64, (share, label) => {
    const angle = 2.6 * Math.PI * share + Math.PI * label;
    const radius = 0.05 + 0.36 * share;
    return [0.5 + radius * Math.cos(angle), 0.5 + radius * Math.sin(angle)];
  }),
  blobs: points(
    45,
    (_, label, index) => [
      CENTRES[label][0] + 0.1 * scatter(3 * index),
      CENTRES[label][1] + 0.1 * scatter(3 * index + 7),
    ],
    3,
  ),
  sine: points(40, (share) => [0.1 + 0.8 * share, 0.5 - 0.32 * Math.sin(TURN * share)], 1),
};

/** The generated tables as pictures. */
export function Thumbnails({ chosen, onChoose }: { chosen: string; onChoose(name: string): void }) {
  const known = options.value?.datasets ?? [];
  const shown = Object.keys(SHAPES).filter((name) => known.some((table) => table.name === name));
  const colors = palette.value;
  return (
    <div class="thumbnails" role="group" aria-label={text.value.data.generated}>
      {shown.map((name) => (
        <button
          key={name}
          type="button"
          class="thumbnail"
          aria-pressed={name === chosen}
          onClick={() => onChoose(name)}
          title={text.value.descriptions[name] ?? name}
        >
          <svg viewBox="0 0 60 44" aria-hidden="true">
            {SHAPES[name].map(([x, y, label], index) => (
              <circle
                key={index}
                cx={60 * x}
                cy={44 * y}
                r={name === 'xor' ? 4 : 1.9}
                fill={css(classColor(colors, label))}
              />
            ))}
          </svg>
          <span>{nameOf(name)}</span>
        </button>
      ))}
    </div>
  );
}
