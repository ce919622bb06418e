import { Panel } from '../controls/fields';
import { neuronName } from '../network/names';
import { configured, isClassification } from '../state/experiment';
import { axisColumns, inspected, plane, show, view } from '../state/view';
import { text } from '../text';
import { classColor, css, scaleColor } from '../theme/color';
import { short } from '../theme/number';
import { palette } from '../theme/palette';
import { Picture } from './picture';
import { targetAxis } from './project';

/** What the network predicts over a plane of the table, and the rows in it. */
export function OutputPanel() {
  const { output: words } = text.value;
  const experiment = configured.value;
  const chosen = plane.value;
  return (
    <Panel title={words.heading} name="output" aside={<Subject />}>
      {!experiment && <div class="placeholder" />}
      {experiment &&
        (chosen ? <Picture experiment={experiment} plane={chosen} /> : <p class="empty">{words.noPlane}</p>)}
      {experiment && <Legend />}
      {experiment && <SplitChoice />}
      {experiment && chosen && axisColumns(experiment).length > 2 && <PlaneChoice />}
      <p class="hint">{words.point}</p>
    </Panel>
  );
}

/** What the picture shows: the output, or the neuron under the pointer. */
function Subject() {
  const { output: words } = text.value;
  const network = configured.value?.network;
  const neuron = inspected.value;
  if (!network) return null;
  if (neuron) return <b class="subject cut">{neuronName(network, neuron.layer + 1, neuron.unit)}</b>;
  return (
    <span class="hint">
      {!isClassification.value ? words.surface : network.has_probabilities ? words.probability : words.decision}
    </span>
  );
}

/** What the colours mean. */
function Legend() {
  const experiment = configured.value;
  if (!experiment) return null;
  const colors = palette.value;
  if (experiment.classes.length > 0) {
    return (
      <ul class="classes" aria-label={text.value.output.probability}>
        {experiment.classes.map((name, index) => (
          <li key={name}>
            <span class="swatch" style={{ backgroundColor: css(classColor(colors, index)) }} />
            <span class="cut" title={name}>
              {name}
            </span>
          </li>
        ))}
      </ul>
    );
  }
  // Over a single column, the height gives the number.
  if (plane.value && plane.value.y === undefined) return null;
  const { low, high } = targetAxis(experiment);
  const stops = Array.from({ length: 9 }, (_, index) => css(scaleColor(colors, index / 8))).join(', ');
  return (
    <div class="scale">
      <span>{short(low)}</span>
      <span class="scale-bar" style={{ background: `linear-gradient(to right, ${stops})` }} />
      <span>{short(high)}</span>
      <b class="cut" title={experiment.target}>
        {experiment.target}
      </b>
    </div>
  );
}

/** The shapes of rows of one kind and another. */
export const SHAPES = ['●', '■', '▲'];

/** Which rows are drawn, by what they are for. */
function SplitChoice() {
  const { data: words, output } = text.value;
  const { splits } = view.value;
  return (
    <fieldset class="splits">
      <legend class="visually-hidden">{output.rows}</legend>
      {[words.train, words.valid, words.test].map((name, index) => (
        <label class="switch" key={name}>
          <input
            type="checkbox"
            checked={splits[index]}
            onChange={(event) =>
              show({ splits: splits.with(index, event.currentTarget.checked) as [boolean, boolean, boolean] })
            }
          />
          <span>
            <span aria-hidden="true">{SHAPES[index]}</span> {name}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface AxisChoiceProps {
  label: string;
  columns: string[];
  value: string | undefined;
  choose: (column: string) => void;
}

/** The column of an axis. */
function AxisChoice({ label, columns, value, choose }: AxisChoiceProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {columns.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The columns along the two axes; a column that is taken from the other axis changes places with its own. */
export function AxisChoices() {
  const { output: words } = text.value;
  const experiment = configured.value;
  const chosen = plane.value;
  if (!experiment || !chosen) return null;
  const columns = axisColumns(experiment);
  return (
    <>
      <AxisChoice
        label={words.horizontal}
        columns={columns}
        value={chosen.x}
        choose={(x) => show({ x, y: x === chosen.y ? chosen.x : chosen.y })}
      />
      <AxisChoice
        label={words.vertical}
        columns={columns}
        value={chosen.y}
        choose={(y) => show({ y, x: y === chosen.x ? chosen.y : chosen.x })}
      />
    </>
  );
}

/** Which two columns vary, and the row that gives the values of all others. */
function PlaneChoice() {
  const { output: words } = text.value;
  const { row } = view.value;
  return (
    <div class="plane">
      <AxisChoices />
      <label>
        <span>{words.others}</span>
        <input
          type="number"
          class="number"
          min={0}
          step={1}
          placeholder={words.median}
          value={row ?? ''}
          onChange={(event) => {
            const number = event.currentTarget.valueAsNumber;
            show({ row: Number.isInteger(number) && number >= 0 ? number : undefined });
          }}
        />
      </label>
    </div>
  );
}
