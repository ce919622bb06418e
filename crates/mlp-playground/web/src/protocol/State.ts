// Generated from the types of the program by ts-rs. Do not edit.
/**
 * What a training does.
 */
export type State = "paused" | "playing" | "complete" | "diverged";
