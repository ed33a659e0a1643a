import { expect, it } from "vitest";
import { NotFoundError } from "recsys-unlearning/core";
import { claims } from "recsys-unlearning/notebook";
import { keptClaims } from "recsys-unlearning/reproduction";

it("shows the claims that are tested on an experiment, as the page has them", async () => {
  const shown = await claims({ view: "cau-time" });
  const { found } = await keptClaims();
  const ofView = found.filter(({ claim }) => claim.tests.some(({ view }) => view === "cau-time"));
  expect(ofView.map(({ claim }) => claim.id)).toEqual(["cau-13-times", "cau-3-times"]);
  expect([...new Set(shown.rows.map(({ claim }) => claim))]).toEqual(ofView.map(({ claim }) => claim.claim));
  expect(shown.rows.map(({ outcome }) => String(outcome).split(" ")[0])).toEqual(
    ofView.flatMap(({ cases }) => cases.map(({ outcome }) => outcome)),
  );
});

it("names the nearest experiment with claims", async () => {
  await expect(claims({ view: "cau-tim" })).rejects.toThrow(NotFoundError);
  await expect(claims({ view: "cau-tim" })).rejects.toThrow('did you mean "cau-time"?');
});
