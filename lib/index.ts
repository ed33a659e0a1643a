export * as core from "./core";
export * as data from "./data";
export * as metrics from "./metrics";
export * as tables from "./tables";
