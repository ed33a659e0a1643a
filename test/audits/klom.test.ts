// Margins drawn from distributions whose divergence is known.
import { describe, expect, it } from "vitest";
import { InvalidArgumentError, InvalidOptionError, Random } from "../../lib/core";
import { itemMargin, klom, measureQuality, qualityOf, ratingMargins } from "../../lib/audits";

const rows = 200;

/** Models whose margins are normal, row by row. */
function drawn(models: number, seed: number, mean = (_row: number) => 0, deviation = 1): Float32Array[] {
  const random = Random.fromSeed(seed);
  return Array.from({ length: models }, () =>
    Float32Array.from({ length: rows }, (_, row) => mean(row) + deviation * random.normal()),
  );
}

describe("KLoM", () => {
  const [retrained, floor] = [drawn(100, 1), drawn(100, 2)];

  it.each(["histogram", "gaussian"] as const)("is at the floor for the same distribution: %s", (form) => {
    const found = klom(drawn(100, 3), retrained, floor, { form });
    expect(found.overFloor).toBeGreaterThan(0.85);
    expect(found.overFloor).toBeLessThan(1.15);
    expect(found.shareAboveFloor).toBeLessThan(0.12);
  });

  it.each(["histogram", "gaussian"] as const)("finds margins that are shifted, or spread less: %s", (form) => {
    const shifted = klom(
      drawn(100, 3, () => 1.5),
      retrained,
      floor,
      { form },
    );
    expect(shifted.overFloor).toBeGreaterThan(2);
    expect(shifted.shareAboveFloor).toBeGreaterThan(0.9);
    expect(
      klom(
        drawn(100, 3, () => 0, 0.3),
        retrained,
        floor,
        { form },
      ).overFloor,
    ).toBeGreaterThan(2);
  });

  it("is the closed form of normal distributions: KL(N(0, 1) || N(m, s²)) = log s + (1 + m²) / 2 s² - 1/2", () => {
    const found = klom(
      drawn(4000, 3, () => 1, 2),
      drawn(4000, 1),
      drawn(4000, 2),
      { form: "gaussian" },
    );
    expect(found.mean).toBeCloseTo(Math.log(2) + 2 / 8 - 0.5, 1);
    expect(found.mean).not.toBeCloseTo(Math.log(0.5) + (4 + 1) / 2 - 0.5, 1); // the other way round
  });

  it("is the sum over bins by hand", () => {
    const [p, q] = [
      [0, 0, 0, 1],
      [0, 1, 1, 1],
    ].map((values) => values.map((value) => Float32Array.of(value)));
    const found = klom(q, p, p, { bins: 2, leastShare: 1e-9 });
    expect(found.mean).toBeCloseTo(0.75 * Math.log(3) + 0.25 * Math.log(1 / 3), 6);
    expect(found.floor.mean).toBe(0);
    expect(found.overFloor).toBeNull();
  });

  it("shows the one row that a mean hides", () => {
    const found = klom(
      drawn(100, 3, (row) => (row === 17 ? 6 : 0)),
      retrained,
      floor,
    );
    expect(found.worstRow).toBe(17);
    expect(found.worst).toBeGreaterThan(found.floor.worst);
    expect(found.overFloor).toBeLessThan(1.2);
  });

  it("splits the retrained for a floor, and looks at as many others", () => {
    const halves = klom(drawn(50, 3), retrained.slice(50), retrained.slice(0, 50));
    expect(klom([...drawn(50, 3), ...drawn(50, 9, () => 5)], retrained)).toEqual(halves);
  });

  it("clips, so that a margin out of all bounds is one that is very sure", () => {
    const far = (by: number) =>
      klom(
        drawn(100, 3, () => by),
        retrained,
        floor,
        { form: "gaussian", clip: 5 },
      );
    expect(far(1e6).perRow).toEqual(far(1e9).perRow);
    expect(far(1e6).worst).toBe(5);
  });

  it("refuses what cannot be compared", () => {
    expect(() => klom(drawn(1, 1), retrained, floor)).toThrow(InvalidArgumentError);
    expect(() => klom([Float32Array.of(1), Float32Array.of(2)], retrained, floor)).toThrow(/model 0 of retrained/);
    expect(() => klom([Float32Array.of(NaN), Float32Array.of(2)], [], floor)).toThrow(InvalidArgumentError);
    expect(() => klom(floor, drawn(3, 1))).toThrow(InvalidArgumentError);
    const none = [new Float32Array(0), new Float32Array(0)];
    expect(() => klom(none, none, none)).toThrow(/no rows/);
    expect(() => klom(floor, retrained, floor, { bins: 1 })).toThrow(InvalidOptionError);
  });
});

describe("margins", () => {
  it("are logits of the true label, and of the item that came next", () => {
    expect([...ratingMargins(Float32Array.of(2, 2), [1, 0])]).toEqual([2, -2]);
    expect(() => ratingMargins(Float32Array.of(2), [1, 0])).toThrow(InvalidArgumentError);
    expect(itemMargin(Float32Array.of(2, 0, 0), 0)).toBeCloseTo(2 - Math.log(2), 12);
    expect(itemMargin(Float32Array.of(1000, 0), 1)).toBe(-1000);
    expect(() => itemMargin(Float32Array.of(1), 0)).toThrow(InvalidArgumentError);
  });
});

describe("the quality of a measure", () => {
  const normal = (count: number, seed: number, mean: number) => {
    const random = Random.fromSeed(seed);
    return Array.from({ length: count }, () => mean + random.normal());
  };

  it("tells what is far from Retrain, to either side", () => {
    const others = { Original: normal(50, 2, -6), "over-forgotten": normal(50, 3, 6), alike: normal(50, 4, 0) };
    const found = measureQuality("loss", { retrained: normal(100, 1, 0), others });
    expect(found.auc["Original"]).toBeGreaterThan(0.98);
    expect(found.auc["over-forgotten"]).toBeGreaterThan(0.98);
    expect(found.blindTo).toEqual(["alike"]);
    expect(found.isInformative).toBe(true);
  });

  it("prints what is below 0.7 on average as uninformative", () => {
    expect(qualityOf("loss", { Original: 0.9, noise: 0.48 }).text).toBe(
      "loss is uninformative (AUC 0.69); it cannot tell noise (0.48)",
    );
    expect(qualityOf("loss", { Original: 0.9, noise: 0.5 }).isInformative).toBe(true);
    expect(qualityOf("loss", { Original: 0.9 }).text).toBe("loss is informative (AUC 0.90)");
  });

  it("refuses too few models", () => {
    expect(() => qualityOf("loss", {})).toThrow(InvalidArgumentError);
    expect(() => measureQuality("loss", { retrained: [1, 2, 3], others: { Original: [1] } })).toThrow(/retrained/);
    expect(() => measureQuality("loss", { retrained: [1, 2, 3, 4], others: { Original: [NaN] } })).toThrow(/Original/);
  });
});
