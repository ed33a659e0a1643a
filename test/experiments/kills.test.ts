import { expect, it } from "vitest";
import { killRounds } from "./kills";
import { newStore } from "./tiny";

it("an experiment killed at any moment loses nothing and ends with the same bytes", async () => {
  expect(await killRounds(newStore, 2, 1, 1)).toMatchObject({ losses: 0, different: 0, runs: 12 });
});
