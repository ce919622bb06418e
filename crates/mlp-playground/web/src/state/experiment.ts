import { computed, signal } from '@preact/signals';
import type { LayerSizes } from '../connection/frame';
import type { Configured } from '../protocol/Configured';
import type { Experiment } from '../protocol/Experiment';
import type { OptionLists } from '../protocol/OptionLists';

/** What may be chosen; `undefined` until the program has said so. */
export const options = signal<OptionLists | undefined>(undefined);

/** What the user chose. What was not chosen has the program's default, and is in `configured` alone. */
export const wanted = signal<Experiment>({ data: {} });

/** The experiment that the program runs. */
export const configured = signal<Configured | undefined>(undefined);

/** The experiment with every setting, or what was chosen as long as the program has not answered. */
export const effective = computed<Experiment>(() => configured.value?.experiment ?? wanted.value);

/** The numbers of units from the inputs to the outputs. */
export const layerSizes = computed<LayerSizes>(() => {
  const network = configured.value?.network;
  return network ? [network.inputs.length, ...network.layers.map((layer) => layer.units)] : [];
});

/** Whether classes are predicted rather than a number. */
export const isClassification = computed(() => (configured.value?.classes.length ?? 0) > 0);

/** Whether hidden layers are normalised, so that the steps of a single row cannot be followed. */
export const isNormalized = computed(() => {
  const { normalization, hidden } = configured.value?.experiment ?? {};
  return normalization !== undefined && normalization !== 'none' && hidden?.length !== 0;
});

/** The settings that mean something for every table and model. */
function lasting({ seed, epochs }: Experiment): Partial<Experiment> {
  return { ...(seed !== undefined && { seed }), ...(epochs !== undefined && { epochs }) };
}

/** Another table: its target, columns and loss are its own, so those of the last one go. */
export function withData(experiment: Experiment, name: string): Experiment {
  const { loss: _, ...others } = experiment;
  const { test_size, valid_size } = experiment.data;
  return {
    ...others,
    data: { name, ...(test_size !== undefined && { test_size }), ...(valid_size !== undefined && { valid_size }) },
  };
}

/** The columns and derived features that the network sees. */
export function usedFeatures({
  input_columns,
  experiment: { data },
}: Pick<Configured, 'input_columns' | 'experiment'>): string[] {
  return [...input_columns.filter((name) => !data.drop?.includes(name)), ...(data.derive ?? [])];
}

/** Names without one of them, or with it if it is not among them. */
export function withoutOrWith(names: readonly string[], name: string): string[] {
  return names.includes(name) ? names.filter((other) => other !== name) : [...names, name];
}

/** Another model: it has settings and defaults of its own. */
export function withModel(experiment: Experiment, model: string): Experiment {
  return { data: experiment.data, ...lasting(experiment), model };
}

/** Hidden layers of other sizes. Each keeps its activation; a new one has that of the layer before it. */
export function withHidden(experiment: Experiment, full: Experiment, hidden: number[]): Experiment {
  const activation = activations(full);
  const next = hidden.map((_, layer) => activation[Math.min(layer, activation.length - 1)]);
  const chosen = experiment.activation !== undefined && activation.length > 0 && hidden.length > 0;
  const { activation: _, ...others } = experiment;
  return { ...others, hidden, ...(chosen && { activation: next }) };
}

/** Another activation of one layer. */
export function withActivation(experiment: Experiment, full: Experiment, layer: number, name: string): Experiment {
  return { ...experiment, activation: activations(full).with(layer, name) };
}

/** The activation of each hidden layer; one name stands for all. */
export function activations({ hidden = [], activation = [] }: Experiment): string[] {
  if (activation.length !== 1) return activation;
  return hidden.map(() => activation[0]);
}
