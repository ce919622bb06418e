// Generated from the types of the program by ts-rs. Do not edit.
import type { ClusteringInfo } from "./ClusteringInfo";
import type { ColumnInfo } from "./ColumnInfo";
import type { Experiment } from "./Experiment";
import type { NetworkInfo } from "./NetworkInfo";
import type { Points } from "./Points";
import type { RowCounts } from "./RowCounts";

/**
 * An experiment that is ready, and paused.
 */
export type Configured = { 
/**
 * Counts the experiments of a connection, from 1.
 */
number: number, 
/**
 * The experiment with every setting that applies to the model; the others are `None`.
 */
experiment: Experiment, 
/**
 * The columns of the table that the network uses.
 */
columns: Array<ColumnInfo>, 
/**
 * The columns of the file, from which the target is chosen; empty for a built-in data set.
 */
file_columns: Array<string>, 
/**
 * The columns that can be inputs, in the table's order, those that are not used too.
 */
input_columns: Array<string>, 
/**
 * The features that can be derived from columns, those that are not used too.
 */
derivable: Array<string>, 
/**
 * The column that is predicted.
 */
target: string, 
/**
 * The classes; empty if a number is predicted.
 */
classes: Array<string>, 
/**
 * How many rows there are of each kind.
 */
rows: RowCounts, 
/**
 * Some of the rows, to be drawn.
 */
points: Points, 
/**
 * The network.
 */
network: NetworkInfo, 
/**
 * What there is to draw in place of the network, if it finds clusters.
 */
clustering?: ClusteringInfo, 
/**
 * The command that trains the same network.
 */
command: string, 
/**
 * A program that trains the same network.
 */
rust: string, 
/**
 * How many steps an epoch has.
 */
steps_per_epoch: number, };
