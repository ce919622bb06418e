import type { ComponentChildren } from 'preact';
import { configured, isNormalized, layerSizes } from '../state/experiment';
import { noticed } from '../state/picture';
import { trace } from '../state/training';
import type { Neuron } from '../state/view';
import { shortName } from '../network/names';
import { text } from '../text';
import { short } from '../theme/number';
import { explain, largest, type Explanation, type Term } from './explain';

const MOST_TERMS = 6;

/** The five steps of backpropagation for a neuron and a row. */
export function Steps({ neuron, row }: { neuron: Neuron; row: number }) {
  const { watch: words } = text.value;
  const experiment = configured.value;
  const frame = noticed.value;
  const way = trace.value;
  if (isNormalized.value) return <p class="empty">{words.normalized}</p>;
  if (!experiment || !frame || !way || way.row !== row) return null;
  const explanation = explain(way, frame.weights, layerSizes.value, neuron);
  if (!explanation) return null;
  const { network, classes } = experiment;
  const isOutput = neuron.layer === network.layers.length - 1;
  const target = classes.length > 0 ? (classes[way.target] ?? short(way.target)) : short(way.target);
  const { activation } = network.layers[neuron.layer];
  return (
    <ol class="steps">
      <Step number={1} title={words.forward}>
        <Terms terms={explanation.forward} symbols={['w', 'x']} />
        <Line name={words.sum} symbol="Σ w·x" value={explanation.weightedSum} />
        <Line name={words.threshold} symbol="θ" value={explanation.threshold} />
        <Line name={words.net} symbol="Σ w·x − θ" value={explanation.netInput} />
        <Line
          name={words.activation}
          symbol={`${activation}(${short(explanation.netInput)})`}
          value={explanation.output}
          isResult
        />
      </Step>
      <Step number={2} title={words.loss}>
        {way.outputs.map((value, index) => (
          <Line
            key={index}
            name={words.predicted}
            symbol={way.outputs.length === classes.length ? classes[index] : (network.outputs[index] ?? '')}
            value={value}
          />
        ))}
        <p class="line">
          <span>{words.target}</span>
          <b class="cut" title={target}>
            {target}
          </b>
        </p>
        <Line name={words.lossOf} symbol="E" value={way.loss} isResult />
      </Step>
      <Step number={3} title={words.deltas} why={words.deltasWhy}>
        {explanation.outputDeltas.map((delta, index) => (
          <Line key={index} name={network.outputs[index] ?? ''} symbol="δ = ∂E/∂net" value={delta} isResult />
        ))}
      </Step>
      <Step number={4} title={words.delta} why={isOutput ? words.isOutput : words.deltaWhy}>
        {!isOutput && <Chain explanation={explanation} />}
        <Line name="" symbol="δ" value={explanation.delta} isResult />
      </Step>
      <Step number={5} title={words.update} why={words.updateWhy(short(way.learning_rate))}>
        <Updates explanation={explanation} />
      </Step>
    </ol>
  );
}

function Step({
  number,
  title,
  why,
  children,
}: {
  number: number;
  title: string;
  why?: string;
  children: ComponentChildren;
}) {
  return (
    <li class="step">
      <h4>
        <span class="step-number" aria-hidden="true">
          {number}
        </span>
        {title}
      </h4>
      {why && <p class="hint">{why}</p>}
      {children}
    </li>
  );
}

function Line({
  name,
  symbol,
  value,
  isResult = false,
}: {
  name: string;
  symbol: string;
  value: number;
  isResult?: boolean;
}) {
  return (
    <p class={isResult ? 'line result' : 'line'}>
      <span class="cut" title={`${name} ${symbol}`.trim()}>
        {name} <var>{symbol}</var>
      </span>
      <b>{short(value, 4)}</b>
    </p>
  );
}

/** The terms of a sum of products; of many, the largest. */
function Terms({ terms, symbols }: { terms: Term[]; symbols: [string, string] }) {
  const network = configured.value?.network;
  if (!network) return null;
  const { shown, omitted } = largest(terms, MOST_TERMS, (term) => Math.abs(term.product));
  return (
    <table class="terms">
      <thead>
        <tr>
          <th />
          <th>{symbols[0]}</th>
          <th />
          <th>{symbols[1]}</th>
          <th />
          <th>{symbols.join('·')}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ column, unit, weight, factor, product }) => (
          <tr key={unit}>
            <th scope="row" title={shortName(network, column, unit)}>
              {shortName(network, column, unit)}
            </th>
            <td>{short(weight)}</td>
            <td>×</td>
            <td>{short(factor)}</td>
            <td>=</td>
            <td>{short(product)}</td>
          </tr>
        ))}
        {omitted > 0 && (
          <tr>
            <td colSpan={6}>{text.value.watch.terms(omitted)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** The delta of a hidden neuron: what comes back, times its slope. */
function Chain({ explanation: { backward, slope } }: { explanation: Explanation }) {
  const sum = backward.reduce((total, term) => total + term.product, 0);
  return (
    <>
      <Terms terms={backward} symbols={['w', 'δ']} />
      <Line name="" symbol="Σ w·δ" value={sum} />
      <Line name={text.value.watch.slope} symbol="f′(net)" value={slope} />
      <p class="formula">
        <var>δ = f′(net) · Σ w·δ</var>
      </p>
    </>
  );
}

function Updates({ explanation: { updates } }: { explanation: Explanation }) {
  const { watch: words, network: names } = text.value;
  const network = configured.value?.network;
  if (!network) return null;
  const { shown, omitted } = largest(updates, MOST_TERMS, (update) =>
    update.unit === null ? Number.POSITIVE_INFINITY : Math.abs(update.gradient),
  );
  return (
    <>
      <p class="formula">
        <var>w ← w − η·δ·x</var>
      </p>
      <table class="terms">
        <thead>
          <tr>
            <th />
            <th>{words.gradient}</th>
            <th>{words.before}</th>
            <th />
            <th>{words.after}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ column, unit, gradient, before, after }) => (
            <tr key={unit ?? 'bias'}>
              <th scope="row" title={unit === null ? names.bias : shortName(network, column, unit)}>
                {unit === null ? names.bias : shortName(network, column, unit)}
              </th>
              <td>{short(gradient)}</td>
              <td>{short(before)}</td>
              <td>→</td>
              <td>{short(after)}</td>
            </tr>
          ))}
          {omitted > 0 && (
            <tr>
              <td colSpan={5}>{words.terms(omitted)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </>
  );
}
