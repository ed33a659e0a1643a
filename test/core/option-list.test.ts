import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import {
  byMode,
  didYouMean,
  flagOption,
  givenOption,
  InvalidOptionError,
  modeOption,
  numberOption,
  numberOrWordOption,
  optionList,
  requireNumber,
  requireOneOf,
  seedOption,
  settingsOf,
  suggestion,
  textOption,
  wholeOption,
  wordOption,
} from "recsys-unlearning/core";

const list = optionList("mf", {
  learningRate: numberOption("A step.", 0.1, { above: 0 }),
  epochs: wholeOption("Passes.", 10, 1),
  name: textOption("A name.", "mf"),
  shuffles: flagOption("Whether rows are shuffled.", true),
  damping: numberOrWordOption("Lambda.", ["calibrated", "none"], "calibrated", { above: 0 }),
  rows: givenOption<readonly number[] | null>("Rows.", null),
  seed: seedOption("Draws.", 1),
});
const defaults = {
  ...{ learningRate: 0.1, epochs: 10, name: "mf", shuffles: true, damping: "calibrated", rows: null, seed: 1 },
};
const byModes = optionList("ifru", {
  mode: modeOption("Which form."),
  hops: wholeOption("How far.", byMode(0, 2), 0),
  hessian: wordOption("Which.", { own: "own", plain: "plain Hessian" }, byMode("own", "plain")),
});

/** What a call throws. */
function thrown(call: () => unknown): InvalidOptionError {
  try {
    call();
  } catch (error) {
    if (error instanceof InvalidOptionError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("optionList", () => {
  it("gives the defaults where nothing is set, as an object of its own", () => {
    for (const given of [undefined, {}, { epochs: undefined }]) {
      const resolved = list.resolve(given);
      expect(resolved).toEqual(defaults);
      expect(resolved).not.toBe(list.resolve(given));
    }
  });

  property.prop([
    fc.record(
      {
        learningRate: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        epochs: fc.integer({ min: 1 }),
        name: fc.string(),
        shuffles: fc.boolean(),
        damping: fc.oneof(
          fc.constantFrom("calibrated" as const, "none" as const),
          fc.double({ min: 1e-9, max: 1, noNaN: true }),
        ),
      },
      { requiredKeys: [] },
    ),
  ])("gives what is set, and the default of all else, whatever it is", (given) => {
    expect(list.resolve(given)).toEqual({ ...defaults, ...given });
    expect(list.defaults()).toEqual(defaults);
  });

  it("refuses an unknown option with where, and the nearest known one", () => {
    const error = thrown(() => list.resolve({ learningrate: 1 } as object));
    expect(error.message).toContain('"learningrate"');
    expect(error.where).toBe("mf");
    expect(error.remedy).toContain('"learningRate"');
  });

  it("names the known options where none is near", () => {
    const { remedy } = thrown(() => list.resolve({ temperature: 1 } as object));
    for (const name of Object.keys(defaults)) expect(remedy).toContain(name);
  });

  it.each(["constructor", "toString", "hasOwnProperty", "__proto__"])(
    "takes %s, which every object inherits, for unknown",
    (key) => {
      expect(thrown(() => list.resolve(JSON.parse(`{"${key}": 1}`) as object)).message).toContain(key);
    },
  );

  it.each([
    ["epochs", "10", /not a number/],
    ["epochs", 0, />= 1/],
    ["epochs", 1.5, /a whole number/],
    ["epochs", NaN, /NaN/],
    ["epochs", Infinity, /Infinity/],
    ["name", 3, /not a string/],
    ["shuffles", "true", /not a boolean/],
    ["learningRate", null, /not a number/],
    ["learningRate", 0, /> 0/],
    ["damping", "calibratd", /did you mean "calibrated"/],
    ["damping", -1, /> 0/],
    ["damping", true, /neither a number nor a word/],
    ["damping", null, /give a number or calibrated, none/],
    ["rows", 3, /not an object/],
    ["seed", 0.5, /a whole number/],
  ])("refuses %s = %j, and says why and whose it is", (key, value, message) => {
    const error = thrown(() => list.resolve({ [key]: value } as object));
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`"${key}"`);
    expect(error.where).toBe("mf");
  });

  it("takes data that is given as it is", () => {
    const rows = [1, 2];
    expect(list.resolve({ rows }).rows).toBe(rows);
    expect(list.resolve({ rows: null }).rows).toBeNull();
  });

  it("takes its defaults by the mode", () => {
    expect(byModes.resolve()).toEqual({ mode: "principled", hops: 0, hessian: "own" });
    expect(byModes.resolve({ mode: "paper", hops: 1 })).toEqual({ mode: "paper", hops: 1, hessian: "plain" });
    expect(byModes.defaults("paper")).toEqual({ mode: "paper", hops: 2, hessian: "plain" });
    expect(thrown(() => byModes.resolve({ mode: "papr" as never })).remedy).toContain('"paper"');
    expect(thrown(() => byModes.resolve({ hessian: "own2" as never })).remedy).toContain('"own"');
  });

  it("knows which of its options a config may set", () => {
    expect(Object.keys(settingsOf(list).fields)).toEqual(["learningRate", "epochs", "name", "shuffles", "damping"]);
    expect(thrown(() => settingsOf(list).resolve({ seed: 3 } as object)).message).toContain('unknown option "seed"');
  });

  it("says in words what each takes", () => {
    const allowed = Object.fromEntries(Object.entries(list.fields).map(([name, option]) => [name, option.allowed]));
    expect(allowed).toEqual({
      learningRate: "a number > 0",
      epochs: "a whole number >= 1",
      name: "text",
      shuffles: "true or false",
      damping: "calibrated, none, or a number > 0",
      rows: "data",
      seed: "a whole number",
    });
    expect(byModes.fields.hessian.labels).toEqual({ own: "own", plain: "plain Hessian" });
  });
});

describe("suggestion", () => {
  it("finds a misspelt word, whatever its case, and nothing that is far", () => {
    const known = ["embeddingSize", "epochs", "seed"];
    expect(suggestion("EMBEDINGSIZE", known)).toBe("embeddingSize");
    expect(suggestion("sead", known)).toBe("seed");
    expect(suggestion("temperature", known)).toBeUndefined();
    expect(didYouMean("temperature", known)).toBe("use one of embeddingSize, epochs, seed");
  });

  property.prop([fc.array(fc.stringMatching(/^[a-z]{4,12}$/), { minLength: 1 })])(
    "of a known word is that word",
    (known) => {
      for (const word of known) expect(suggestion(word, known)).toBe(word);
    },
  );
});

describe("requireNumber", () => {
  property.prop([fc.double(), fc.integer({ min: -5, max: 0 }), fc.integer({ min: 1, max: 5 })])(
    "passes exactly the numbers in range",
    (value, min, max) => {
      const isIn = Number.isFinite(value) && value >= min && value <= max;
      const call = () => requireNumber("x", value, { min, max });
      if (isIn) expect(call()).toBe(value);
      else expect(thrown(call).remedy).toBe(`give a number >= ${min} and <= ${max}`);
    },
  );

  it("knows open bounds and whole numbers", () => {
    expect(() => requireNumber("x", 0, { above: 0 })).toThrow(InvalidOptionError);
    expect(requireNumber("x", Number.MIN_VALUE, { above: 0 })).toBe(Number.MIN_VALUE);
    expect(() => requireNumber("x", 1.5, { integer: true })).toThrow(InvalidOptionError);
  });
});

describe("requireOneOf", () => {
  it("passes a word that is allowed, and names the nearest to one that is not", () => {
    expect(requireOneOf("engine", "wasm", ["wasm", "cpu"])).toBe("wasm");
    expect(thrown(() => requireOneOf("engine", "wasn", ["wasm", "cpu"])).remedy).toBe('did you mean "wasm"?');
  });
});
