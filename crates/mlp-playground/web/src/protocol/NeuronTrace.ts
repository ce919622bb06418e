// Generated from the types of the program by ts-rs. Do not edit.
/**
 * A neuron on the way there and back.
 */
export type NeuronTrace = { 
/**
 * What the weights make of the inputs: `Σ w·x`.
 */
weighted_sum: number, 
/**
 * The threshold θ, which is minus the bias.
 */
threshold: number, 
/**
 * The output `f(Σ w·x − θ)`.
 */
activation: number, 
/**
 * The derivative `f′` there.
 */
slope: number, 
/**
 * How the loss changes with the net input: `δ`.
 */
delta: number, 
/**
 * How it changes with each weight: `δ·x`.
 */
gradients: Array<number>, 
/**
 * How it changes with the bias: `δ`.
 */
bias_gradient: number, };
