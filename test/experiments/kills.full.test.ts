import { expect, it } from "vitest";
import { killRounds } from "./kills";
import { newStore } from "./tiny";

it.each([1, 2])("200 kills of an experiment with %d workers lose nothing", async (workers) => {
  const outcome = await killRounds(newStore, { rounds: workers === 1 ? 150 : 50, workers, seeds: 2, seed: 7 });
  console.log(`${workers} workers: ${JSON.stringify(outcome)}`);
  expect(outcome).toMatchObject({ losses: 0, different: 0 });
});
