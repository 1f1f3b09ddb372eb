/** Parts that rows are dealt into: each is scored by weights and maps that were fitted on the others. */
export const FOLDS = 5;
