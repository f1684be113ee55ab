// The dataset room: makes trials × bins × units of a recording by a recipe.

export { type Binned, type Conditions, type Dataset, type DatasetRecipe, type FileArray, TEST, TRAINING, VALIDATION } from './dataset.ts';
export { holdsRates, ofTrials, trialsIn, unitsWhere } from './kind.ts';
export { makeDataset, recipeOf, settingsLike } from './make.ts';
export { DATASET_VERSION, datasetParams } from './params.ts';
export { mergeSegments } from './sources/segments.ts';
