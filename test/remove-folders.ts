// Runs with each file: its folders go at its end.
import { rmSync } from "node:fs";
import { afterAll } from "vitest";
import { takeFolders } from "./temporary-folders";

afterAll(() => takeFolders().forEach((folder) => rmSync(folder, { recursive: true, force: true })));
