export { afterAudits } from "./audit";
export { fineTuningMethods } from "./fine-tuning";
export { afterMetrics } from "./metrics";
