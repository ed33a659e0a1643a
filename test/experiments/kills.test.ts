import { expect, it } from "vitest";
import { killRounds } from "./kills";
import { newStore } from "./tiny";

it("an experiment killed at any moment loses nothing and ends with the same bytes", async () => {
  const outcome = await killRounds(newStore, { rounds: 2, workers: 1, seeds: 1, seed: 1 });
  expect(outcome).toMatchObject({ losses: 0, different: 0, runs: 6 });
});
