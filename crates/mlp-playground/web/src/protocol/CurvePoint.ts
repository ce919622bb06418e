// Generated from the types of the program by ts-rs. Do not edit.
/**
 * The measurements of an epoch.
 */
export type CurvePoint = { 
/**
 * The epoch, from 1.
 */
epoch: number, 
/**
 * The mean loss of the training rows while they were learned.
 */
train_loss?: number, 
/**
 * The mean loss of the validation rows.
 */
valid_loss?: number, 
/**
 * The share of training rows that were classified correctly.
 */
train_accuracy?: number, 
/**
 * The share of validation rows that are.
 */
valid_accuracy?: number, 
/**
 * The mean learning rate.
 */
learning_rate?: number, };
