// Generated from the types of the program by ts-rs. Do not edit.
import type { Selection } from "./Selection";

/**
 * Why a request could not be carried out.
 */
export type Failure = { 
/**
 * What is wrong, and with which value.
 */
message: string, 
/**
 * What to do about it.
 */
hint?: string, 
/**
 * The columns to choose a target from, if that is what is missing.
 */
choose_target?: Selection, };
