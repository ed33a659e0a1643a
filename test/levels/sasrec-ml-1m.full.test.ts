// SASRec with cross-entropy on MovieLens-1M, beside what gSASRec's repository states. For a long training:
// RECSYS_LEVELS_MINUTES=240 RECSYS_TEST_FULL=1 npx vitest run test/levels/sasrec-ml-1m.full.test.ts
import { join } from "node:path";
import { expect, it } from "vitest";
import { inWorkFolder } from "../../lib/core";
import { temporaryFolder } from "../temporary-folders";
import { split } from "./ml-1m-split";
import { filesOf } from "./published-files";
import { trainLevel } from "./sasrec-level";

const minutes = Number(process.env["RECSYS_LEVELS_MINUTES"] ?? 0);

it(
  "learns",
  async (context) => {
    const files = await filesOf(split);
    if (typeof files === "string") return context.skip(files);
    const folder = minutes > 0 ? inWorkFolder("runs", "levels", "sasrec-ml-1m") : temporaryFolder("sasrec-level-");
    const record = await trainLevel(files, folder, minutes > 0 ? { maxSeconds: 60 * minutes } : { epochs: 1 });
    console.log(record.curve.map((point) => JSON.stringify(point)).join("\n"), record.best);
    expect(record.curve[0].loss).toBeGreaterThan(0);
  },
  (60 + minutes) * 60_000,
);
