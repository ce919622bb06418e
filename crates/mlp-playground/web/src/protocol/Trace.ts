// Generated from the types of the program by ts-rs. Do not edit.
import type { NeuronTrace } from "./NeuronTrace";

/**
 * A row's way through a network and back: the five steps of backpropagation.
 */
export type Trace = { 
/**
 * Which experiment of the connection this is about.
 */
number: number, 
/**
 * The steps that were taken.
 */
step: number, 
/**
 * The row of the table.
 */
row: number, 
/**
 * The inputs as the network gets them: scaled.
 */
inputs: Array<number>, 
/**
 * The neurons of each layer, the last of which is that of the outputs.
 */
layers: Array<Array<NeuronTrace>>, 
/**
 * The outputs as they are read: probabilities of classes, scores if there are none, or numbers.
 */
outputs: Array<number>, 
/**
 * The true class, from 0, or the true number.
 */
target: number, 
/**
 * The loss of the row.
 */
loss: number, 
/**
 * The learning rate of plain gradient descent, for which updates are given.
 */
learning_rate: number, };
