export {
  type BlockVector,
  conjugateGradient,
  type ConjugateGradientOptions,
  type ConjugateGradientResult,
  type LinearSystem,
} from "./conjugate-gradient";
export type { Calibration, Retrain } from "./damping";
export { influenceOf, type Influence, type InfluenceOptions } from "./differentiable";
export type { DifferentiableProblem, MovableParameter, RowLoss } from "./differentiable-system";
export { ifru, type IfruDiagnostics, type IfruPrepared, type IfruPrepareOptions } from "./ifru";
export { ifruNeuralMf, type IfruNeuralMfOptions } from "./neural-mf";
export { ifruDefaults, type IfruOptions } from "./options";
export { type Selection, type SelectionOptions, selectNodes } from "./selection";
