// Generated from the types of the program by ts-rs. Do not edit.
import type { DataChoice } from "./DataChoice";

/**
 * A network, the data that it learns from, and how: the whole state of a page but for its view.
 *
 * What is `None` has the default of the model for the table. Names are those of the command line.
 */
export type Experiment = { 
/**
 * What it learns from.
 */
data: DataChoice, 
/**
 * `mlp`, `perceptron`, `adaline`, `logistic`, `som`, `dec` or `idec`; `mlp` if `None`.
 */
model?: string, 
/**
 * The number of units of each hidden layer, of an `mlp`.
 */
hidden?: Array<number>, 
/**
 * The activation of each hidden layer, or one for all.
 */
activation?: Array<string>, 
/**
 * The probability, in `[0, 1)`, that a hidden unit is dropped in a step.
 */
dropout?: number, 
/**
 * `none`, `batch` or `layer`.
 */
normalization?: string, 
/**
 * What is minimised.
 */
loss?: string, 
/**
 * How gradients become steps.
 */
optimizer?: string, 
/**
 * The highest learning rate, above 0.
 */
learning_rate?: number, 
/**
 * How the learning rate changes over the training.
 */
schedule?: string, 
/**
 * How strongly weights are pulled towards zero.
 */
weight_decay?: number, 
/**
 * How many rows each step takes.
 */
batch_size?: number, 
/**
 * How many passes over the training rows there are.
 */
epochs?: number, 
/**
 * The units of a map: rows and columns, such as `8x8`.
 */
grid?: string, 
/**
 * How the units of a map are arranged: `rectangular` or `hexagonal`.
 */
topology?: string, 
/**
 * The radius, above 0, within which the units of a map learn together in the last steps.
 */
last_radius?: number, 
/**
 * How many clusters there are, of a model that finds them; as many as suit the data if `None`.
 */
clusters?: number, 
/**
 * How many passes over the rows there are before the codes of an autoencoder are grouped.
 */
pretraining_epochs?: number, 
/**
 * The seed of data, split, weights, order of rows and dropout; 0 if `None`.
 */
seed?: number, };
