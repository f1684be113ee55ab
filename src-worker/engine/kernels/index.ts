// Everything that a build of the kernels offers.

export { cellBack, cellForward } from './cell';
export { writeConstants } from './constants';
export { dot64, leak64, tanh64, weightedTargets64, writeConstants64 } from './double';
export { gemm64, learnMatVec64, matVec64 } from './double-products';
export { candidate, candidateBack, resetBack, resetUpdate } from './gates';
export { gemm, gemmTN, setPanels, tileRows } from './gemm';
export { expectedCounts, gaussian, poisson, writeLogFactorials } from './likelihood';
export {
  adamW, add, addRow, addScaled, addSpread, average, columnSums, fillRows, normaliseColumns, normaliseColumnsBack, sumOfSquares, zero,
} from './linear';
export { dropout, dropoutBoth, fillNormals, sampleInputs } from './noise';
export { packAT, packB, packBSum, packBT, panelSums } from './packing';
export { prepareTrial } from './prepare';
export { activate, activateBack, leak, leakBack, scale } from './rate';
export { listEntries, sparseGradient, sparseProduct } from './sparse';
export { factorise, solve, squares } from './squares';
export { teach } from './teacher';
export { initialBack, initialDivergence, initialSample, inputsBack, inputsDivergence } from './posterior';
