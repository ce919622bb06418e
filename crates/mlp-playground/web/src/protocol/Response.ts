// Generated from the types of the program by ts-rs. Do not edit.
import type { Configured } from "./Configured";
import type { Diagnosis } from "./Diagnosis";
import type { Failure } from "./Failure";
import type { OptionLists } from "./OptionLists";
import type { Progress } from "./Progress";
import type { Trace } from "./Trace";

/**
 * What the program says to a page.
 */
export type Response = { "type": "welcome", 
/**
 * The data sets, models, activations and so on.
 */
options: OptionLists, } | { "type": "configured" } & Configured | { "type": "progress" } & Progress | { "type": "trace" } & Trace | { "type": "diagnosis" } & Diagnosis | { "type": "failed" } & Failure;
