// Started from a fresh snapshot, before a kernel is: every module of Node has to load in a process that starts so.
import { builtinModules } from "node:module";

process.removeAllListeners("warning"); // some are deprecated
// eslint-disable-next-line @typescript-eslint/no-require-imports
for (const name of builtinModules) require(name);
