import { activations, effective, isClassification, options, wanted, withModel } from '../state/experiment';
import { change, configure } from '../state/session';
import { paceOf, show, view } from '../state/view';
import { nameOf, text } from '../text';
import { CodeControls, MapControls } from './clustering';
import { accepts, Amount, Choice, Panel } from './fields';
import { Icon } from './icon';
import { restoring } from './restoring';

/** The values that may be chosen, and the chosen one even if it is not among them. */
function Options({ values, value }: { values: string[]; value: string }) {
  return (
    <>
      {(values.includes(value) ? values : [value, ...values]).map((name) => (
        <option key={name} value={name}>
          {nameOf(name)}
        </option>
      ))}
    </>
  );
}

/** A setting that is one of several names; nothing if the model does not have it. */
function NameSetting({
  label,
  name,
  values,
}: {
  label: string;
  name: 'normalization' | 'loss' | 'optimizer' | 'schedule';
  values: string[];
}) {
  const value = effective.value[name];
  if (value === undefined) return null;
  return (
    <Choice label={label} value={value} onChoose={(choice) => change({ [name]: choice })} onRestore={restoring(name)}>
      <Options values={values} value={value} />
    </Choice>
  );
}

/** Takes another model. */
function chooseModel(model: string): void {
  show({ pace: paceOf(model, effective.peek().model ?? 'mlp', view.peek().pace) });
  configure(withModel(wanted.peek(), model));
}

/** What the network is, besides its layers. */
export function NetworkControls() {
  const { network: words } = text.value;
  const { model = 'mlp', dropout } = effective.value;
  return (
    <Panel title={words.heading} name="model">
      <Choice label={words.model} value={model} onChoose={chooseModel}>
        <Options values={options.value?.models ?? []} value={model} />
      </Choice>
      <MapControls />
      <CodeControls />
      <CommonActivation />
      {dropout !== undefined && (
        <Amount
          label={words.dropout}
          value={dropout}
          min={0}
          max={0.9}
          step={0.05}
          onChange={(value) => change({ dropout: value })}
          onRestore={restoring('dropout')}
        />
      )}
      <NameSetting label={words.normalization} name="normalization" values={options.value?.normalizations ?? []} />
    </Panel>
  );
}

/** The activation of all hidden layers at once. */
function CommonActivation() {
  const { network: words } = text.value;
  const { hidden = [] } = effective.value;
  const chosen = activations(effective.value);
  if (hidden.length === 0 || chosen.length === 0) return null;
  const common = chosen.every((name) => name === chosen[0]) ? chosen[0] : '';
  return (
    <Choice
      label={words.activation}
      value={common}
      onChoose={(name) => change({ activation: hidden.map(() => name) })}
      onRestore={restoring('activation')}
    >
      {common === '' && (
        <option value="" disabled>
          {words.different}
        </option>
      )}
      {(options.value?.activations ?? []).map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Choice>
  );
}

/** How the network learns. */
export function TrainingControls() {
  const { training: words } = text.value;
  const { learning_rate, weight_decay, batch_size, epochs, seed } = effective.value;
  const lists = options.value;
  const losses = (isClassification.value ? lists?.class_losses : lists?.number_losses) ?? [];
  return (
    <Panel title={words.heading} name="training">
      <NameSetting label={words.loss} name="loss" values={losses} />
      <NameSetting label={words.optimizer} name="optimizer" values={lists?.optimizers ?? []} />
      {learning_rate !== undefined && (
        <Amount
          label={words.rate}
          value={learning_rate}
          min={1e-5}
          max={10}
          step={0}
          stepping="factor"
          isLogarithmic
          onChange={(value) => change({ learning_rate: value })}
          onRestore={restoring('learning_rate')}
        />
      )}
      <NameSetting label={words.schedule} name="schedule" values={lists?.schedules ?? []} />
      {weight_decay !== undefined && (
        <Amount
          label={words.decay}
          value={weight_decay}
          min={0}
          max={0.5}
          step={0.005}
          stepping="factor"
          onChange={(value) => change({ weight_decay: value })}
          onRestore={restoring('weight_decay')}
        />
      )}
      {batch_size !== undefined && (
        <Amount
          label={words.batch}
          value={batch_size}
          min={1}
          max={1024}
          step={0}
          stepping="double"
          isLogarithmic
          isWhole
          onChange={(value) => change({ batch_size: Math.max(1, Math.round(value)) })}
          onRestore={restoring('batch_size')}
        />
      )}
      {epochs !== undefined && (
        <Amount
          label={words.epochs}
          value={epochs}
          min={1}
          max={10000}
          step={0}
          stepping={10}
          isLogarithmic
          isWhole
          onChange={(value) => change({ epochs: Math.max(1, Math.round(value)) })}
          onRestore={restoring('epochs')}
        />
      )}
      <Seed seed={seed ?? 0} />
    </Panel>
  );
}

function Seed({ seed }: { seed: number }) {
  const { training: words } = text.value;
  return (
    <div class="field amount seed">
      <span class="field-label">
        <label for="seed">{words.seed}</label>
      </span>
      <button type="button" class="quiet" onClick={() => change({ seed: seed + 1 })} title={words.newSeed}>
        <Icon name="reset" />
        <span>{words.newSeed}</span>
      </button>
      <input
        id="seed"
        class="number"
        type="number"
        min={0}
        step={1}
        value={seed}
        onInput={(event) => event.currentTarget.setCustomValidity('')}
        onChange={(event) => {
          if (accepts(event.currentTarget, 0)) change({ seed: event.currentTarget.valueAsNumber });
        }}
      />
    </div>
  );
}
