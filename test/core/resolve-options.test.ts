import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import {
  didYouMean,
  InvalidOptionError,
  requireNumber,
  requireOneOf,
  resolveOptions,
  suggestion,
} from "recsys-unlearning/core";

const defaults = { learningRate: 0.1, epochs: 10, name: "mf", shuffles: true, limit: null as number | null };

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

describe("resolveOptions", () => {
  it("gives the defaults where nothing is set, as an object of its own", () => {
    for (const given of [undefined, {}, { epochs: undefined }]) {
      const resolved = resolveOptions(defaults, given, "mf");
      expect(resolved).toEqual(defaults);
      expect(resolved).not.toBe(defaults);
    }
  });

  property.prop([
    fc.record(
      { learningRate: fc.double({ noNaN: true }), epochs: fc.integer(), name: fc.string(), shuffles: fc.boolean() },
      { requiredKeys: [] },
    ),
  ])("gives what is set, and the default of all else, whatever it is", (given) => {
    expect(resolveOptions(defaults, given, "mf")).toEqual({ ...defaults, ...given });
    expect(defaults).toEqual({ learningRate: 0.1, epochs: 10, name: "mf", shuffles: true, limit: null });
  });

  it("refuses an unknown option with where, and the nearest known one", () => {
    const error = thrown(() => resolveOptions(defaults, { learningrate: 1 } as object, "mf"));
    expect(error.message).toContain('"learningrate"');
    expect(error.where).toBe("mf");
    expect(error.remedy).toContain('"learningRate"');
  });

  it("names the known options where none is near", () => {
    const { remedy } = thrown(() => resolveOptions(defaults, { temperature: 1 } as object, "mf"));
    for (const name of Object.keys(defaults)) expect(remedy).toContain(name);
  });

  it.each(["constructor", "toString", "hasOwnProperty"])(
    "takes %s, which every object inherits, for unknown",
    (key) => {
      expect(thrown(() => resolveOptions(defaults, { [key]: 1 } as object, "mf")).message).toContain(key);
    },
  );

  it.each([
    ["epochs", "10"],
    ["name", 3],
    ["shuffles", "true"],
    ["learningRate", null],
  ])("refuses %s = %j, which is of another type", (key, value) => {
    const error = thrown(() => resolveOptions(defaults, { [key]: value } as object, "mf"));
    expect(error.message).toContain(`"${key}"`);
    expect(error.where).toBe("mf");
  });

  it("refuses NaN", () => {
    const error = thrown(() => resolveOptions(defaults, { epochs: NaN }, "mf"));
    expect(error.message).toContain("NaN");
    expect(error.message).toContain('"epochs"');
  });

  it("takes a number for an option whose default is null", () => {
    expect(resolveOptions(defaults, { limit: 3 }, "mf").limit).toBe(3);
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
      else expect(thrown(call).remedy).toBe(`give a number >= ${min} <= ${max}`);
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
