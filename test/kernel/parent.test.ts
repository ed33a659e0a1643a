import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { isOrphan } from "../../kernel/server/parent";

/** A process that has ended. */
const dead = spawnSync(process.execPath, ["-e", ""]).pid;
const wrapper = 4000;

test.each([
  ["its parent lives", wrapper, wrapper, wrapper, false],
  ["a wrapper started it", wrapper, wrapper, process.pid, false],
  ["a wrapper started it for somebody who is gone, and lives on", wrapper, wrapper, dead, false],
  ["its parent has changed", wrapper, 1, wrapper, true],
  ["its parent died before the kernel looked", 1, 1, dead, true],
  ["its wrapper ended, and who wanted it lives", 1, 1, process.pid, false],
  ["init itself started it", 1, 1, 1, false],
  ["nobody is named", 1, 1, NaN, false],
])("%s: at the start %i, now %i, named %i", (_, parent, now, named, orphan) => {
  expect(isOrphan(parent, now, named)).toBe(orphan);
});
