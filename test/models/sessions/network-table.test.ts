import { expect, it } from "vitest";
import { sessionModelKinds, sessionNetworks } from "recsys-unlearning/models";
import { builtInParts } from "recsys-unlearning/reproduction";

it("lists every network under its own kind, and experiments have each by its label", () => {
  expect(sessionModelKinds.map((kind) => sessionNetworks[kind].kind)).toEqual(sessionModelKinds);
  for (const kind of sessionModelKinds) expect(builtInParts.backbones[kind].label).toBe(sessionNetworks[kind].label);
  expect(builtInParts.methods["sru"].backbones).toEqual(sessionModelKinds);
});
