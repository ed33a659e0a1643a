export * as core from "./core";
export * as data from "./data";
export * as engine from "./engine";
export * as figures from "./figures";
export * as metrics from "./metrics";
export * as notebook from "./notebook";
export * as tables from "./tables";
