// Generated from the types of the program by ts-rs. Do not edit.
import type { Experiment } from "./Experiment";
import type { View } from "./View";

/**
 * What a page asks for.
 */
export type Request = { "type": "configure", 
/**
 * The experiment.
 */
experiment: Experiment, } | { "type": "play" } | { "type": "pause" } | { "type": "step" } | { "type": "epoch" } | { "type": "reset" } | { "type": "pace", 
/**
 * The most steps in a second, above 0; as fast as possible if `None`.
 */
steps_per_second?: number, } | { "type": "look", 
/**
 * What to show.
 */
view: View, } | { "type": "set_weight", 
/**
 * The layer of weights, from 0; the last one is that of the outputs.
 */
layer: number, 
/**
 * The unit that the weight comes from, from 0; `None`: the bias.
 */
from: number | null, 
/**
 * The unit that it goes to, from 0.
 */
to: number, 
/**
 * Its new value.
 */
value: number, };
