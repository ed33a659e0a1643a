import { test as property } from "@fast-check/vitest";
import * as data from "recsys-unlearning/data";
import * as metrics from "recsys-unlearning/metrics";
import { describe, expect, test } from "vitest";
import { someInteractions } from "../data/interactions.fixture";

describe("exposureMasks", () => {
  property.prop([someInteractions])("say for each row whether its user, its item or both are forgotten", (set) => {
    const forgetRows = data.randomRows(set, 0.1, 7);
    const { or, and } = metrics.exposureMasks(set, set, forgetRows);
    for (let row = 0; row < set.user.length; row++) {
      const user = forgetRows.some((forgotten) => set.user[forgotten] === set.user[row]);
      const item = forgetRows.some((forgotten) => set.item[forgotten] === set.item[row]);
      expect([or[row], and[row]]).toEqual([Number(user || item), Number(user && item)]);
    }
  });

  test("nothing forgotten leaves only the AUC over all", () => {
    const set = data.generateInteractions({ userCount: 5, itemCount: 20, interactionsPerUser: 8 });
    const masks = metrics.exposureMasks(set, set, new Int32Array(0));
    const labels = set.label.map((stars) => Number(stars > 3));
    expect(metrics.aucByExposure(set.label, labels, masks)).toEqual({ all: 1, or: null, and: null });
  });
});
