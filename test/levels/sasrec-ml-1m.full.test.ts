// SASRec on MovieLens-1M, beside what gSASRec's repository states. `npm run test:full` trains an epoch and holds it to
// the kept record. For a training of four hours, which goes on where it was stopped, and its record in runs/levels:
// RECSYS_LEVELS_MINUTES=240 RECSYS_TEST_FULL=1 npx vitest run test/levels/sasrec-ml-1m.full.test.ts -t cross-entropy
import { expect, it } from "vitest";
import { inWorkFolder } from "../../lib/core";
import { engineName } from "../../lib/engine";
import { temporaryFolder } from "../temporary-folders";
import { keptRecord } from "./kept-levels";
import { levelTable } from "./level-table";
import { split } from "./ml-1m-split";
import { filesOf } from "./published-files";
import { trainLevel } from "./sasrec-level";

const minutes = Number(process.env["RECSYS_LEVELS_MINUTES"] ?? 0);
const hour = 3_600_000;

it.for(["cross-entropy", "binary"] as const)(
  "SASRec by %s learns as its record says",
  { timeout: hour + 60_000 * minutes },
  async (loss, context) => {
    const kept = keptRecord(loss);
    const files = await filesOf(split);
    if (typeof files === "string") return context.skip(files);
    if (minutes > 0) {
      const folder = inWorkFolder("runs", "levels", `sasrec-ml-1m-${loss}`);
      const record = await trainLevel(loss, files, folder, { maxSeconds: 60 * minutes });
      return console.log(levelTable([record]).toText());
    }
    if (kept === null || engineName() !== "wasm") return context.skip("a record and the engine wasm are needed");
    const { network, training, data, curve } = await trainLevel(loss, files, temporaryFolder("level-"), { epochs: 1 });
    expect({ network, training, data }).toEqual({ network: kept.network, training: kept.training, data: kept.data });
    const { epoch, loss: value, validation } = kept.curve[0];
    expect(curve[0]).toMatchObject({ epoch, loss: value, validation });
  },
);
