import { afterEach, describe, expect, it, vi } from "vitest";
import { InvalidArgumentError, NotFoundError } from "recsys-unlearning/core";
import { barChart, drawnFaults, fontFamilyOf, fontHash } from "recsys-unlearning/figures";
import { fontFile } from "../../lib/figures/fonts";

const serif = fontFile(false, false).replace("DejaVuSans.ttf", "DejaVuSerif.ttf");
const lacking = "➸"; // an arrow that DejaVu Serif does not have

describe("a font of one's own for all text", () => {
  const figure = barChart(
    [
      { group: "illicit", series: "SASRec", value: 0.4 },
      { group: `a ${lacking} b`, series: "SASRec", value: -0.2 },
    ],
    { caption: "c", valueTitle: "hit-u@10" },
  );
  const set = () => figure.inLook({ fontFamily: fontFamilyOf(serif, undefined) });

  it("is what every text is set in, embedded, other signs in the font of figures", async () => {
    expect(
      new Set(
        set()
          .toSvg()
          .match(/font-family="[^"]*"/g),
      ),
    ).toEqual(new Set(['font-family="DejaVu Serif"']));
    const pdf = (await set().toPdf()).toString("latin1");
    expect(new Set(pdf.match(/\/FontName \/[A-Z]{6}\+\w+/g)?.map((name) => name.slice(18)))).toEqual(
      new Set(["DejaVuSans", "DejaVuSerif"]),
    );
    expect(set().toPng(72).equals(figure.toPng(72))).toBe(false);
  });

  it("is measured: nothing is cut, and the figure is as wide as before", () => {
    expect(drawnFaults(set().drawnPicture())).toEqual([]);
    expect(set().widthInches).toBe(figure.widthInches);
    const widest = (of: typeof figure) =>
      Math.max(...of.drawnPicture().items.filter(({ text }) => text === "illicit").map(({ box }) => box.x2 - box.x1)); // prettier-ignore
    expect(Math.abs(widest(set()) - widest(figure))).toBeGreaterThan(0.5);
  });

  it("leaves other figures as they are", () => {
    const before = figure.toSvg();
    set().toSvg();
    expect(figure.toSvg()).toBe(before);
    expect(before).not.toContain("DejaVu Serif");
  });

  it("is told by its bytes", async () => {
    expect(await fontHash(serif, undefined)).toMatch(/^[\da-f]{64}$/);
    expect(await fontHash(undefined, "ieee")).toBeNull();
  });
});

describe("a font that is asked for", () => {
  afterEach(() => void vi.unstubAllEnvs());

  it("is refused where there is none, with what to do", () => {
    expect(() => fontFamilyOf("no/such.otf", undefined)).toThrow(NotFoundError);
    expect(() => fontFamilyOf("No Such Font", undefined)).toThrow(/give the path of its \.ttf or \.otf file/);
    expect(() => fontFamilyOf("venue", undefined)).toThrow(InvalidArgumentError);
    vi.stubEnv("PATH", "");
    expect(() => fontFamilyOf("venue", "acm-sigconf")).toThrow(/install TeX with one of LinLibertine_R\.otf/);
  });
});
