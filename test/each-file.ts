// Runs before each file. Suites share the modules of their worker: what one leaves set there must not reach the next.
import { rmSync } from "node:fs";
import { afterAll } from "vitest";
import { redirectAnnouncements, setCurrentSignal, setProgressSink } from "../lib/core";
import { takeFolders } from "./temporary-folders";

setCurrentSignal(undefined);
setProgressSink(undefined);
redirectAnnouncements((line) => console.log(line));

afterAll(() => takeFolders().forEach((folder) => rmSync(folder, { recursive: true, force: true })));
