export * as core from "./core";
export * as tables from "./tables";
