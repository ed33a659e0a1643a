/**
 * Where the time of a command or a cell goes.
 *
 * {@include README.md}
 *
 * @packageDocumentation
 */
export { type Profiled, profiled } from "./profile";
export { runProgram } from "./run-program";
export { type CpuProfile, type ProfileNode, startSampling } from "./sampler";
export { type Stage, type StageTimes, stageTimes } from "./stages";
