import { fc } from "@fast-check/vitest";
import { canonicalJson, numberOption, optionList, settingsOf } from "recsys-unlearning/core";
import {
  expandView,
  identifyRun,
  identityOf,
  type MethodPart,
  type Options,
  type Parts,
  presets,
  resolveConfig,
  type RunConfig,
} from "recsys-unlearning/experiments";
import { builtInParts, views } from "recsys-unlearning/reproduction";
import { describe, expect, it } from "vitest";
import { tinyConfigs } from "./tiny";

const idOf = (config: RunConfig, parts: Parts = builtInParts, data = "d", engine = "wasm") =>
  identifyRun(config, parts, data, engine).id;

const config = tinyConfigs(["method=ifru", "mode=paper", "seed=1"])[0];

/** The built-in parts with one method changed. */
function withMethod(name: string, change: (part: MethodPart) => Partial<MethodPart>): Parts {
  const part = builtInParts.methods[name];
  return { ...builtInParts, methods: { ...builtInParts.methods, [name]: { ...part, ...change(part) } } };
}

/** A method whose options have one more, or another default. */
const withDefault = (name: string, option: string, value: number, revision?: number) =>
  withMethod(name, ({ options }) => ({
    ...(revision === undefined ? {} : { revision }),
    options: (backbone) => {
      const { where, fields } = options(backbone);
      return optionList(where, { ...fields, [option]: numberOption("An option.", value) });
    },
  }));

describe("a run's identity", () => {
  it("does not depend on the order of keys", () => {
    const reversed = (value: object) => Object.fromEntries(Object.entries(value).reverse()) as unknown;
    const shuffled = reversed({ ...config, options: reversed(config.options) }) as RunConfig;
    expect(idOf(shuffled)).toBe(idOf(config));
  });

  it("changes with every part of it", () => {
    const { options } = config;
    const ids = [
      idOf(config),
      idOf({ ...config, seed: 2 }),
      idOf({ ...config, method: "original", options: { ...options, method: {} } }),
      idOf({ ...config, options: { ...options, training: { ...options.training, epochs: 7 } } }),
      idOf({ ...config, audit: "ranking" }),
      idOf(config, builtInParts, "e"),
      idOf(config, builtInParts, "d", "cpu"),
      idOf(
        config,
        withMethod("ifru", () => ({ revision: 2 })),
      ),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{20}$/);
  });

  it("states only what differs from the defaults, and the mode that they depend on", () => {
    expect(identityOf(config, builtInParts, "d", "wasm").options["method"]).toEqual({ mode: "paper" });
    const principled = tinyConfigs(["method=ifru", "mode=principled", "seed=1"])[0];
    expect(identityOf(principled, builtInParts, "d", "wasm").options["method"]).toBeUndefined();
  });

  it("is the same for a default that is spelt out and for a new option at its default", () => {
    const newer = withDefault("ifru", "brandNew", 3);
    expect(idOf(resolveConfig(config, newer), newer)).toBe(idOf(config));
    const { options } = config;
    expect(idOf({ ...config, options: { ...options, training: {} } })).toBe(
      idOf({
        ...config,
        options: {
          ...options,
          training: settingsOf(builtInParts.backbones["mf"].options(config.dataset)).defaults() as Options,
        },
      }),
    );
    const set = { ...config, options: { ...options, method: { ...options.method, brandNew: 4 } } };
    expect(idOf(set, newer)).not.toBe(idOf(config));
  });

  it("is a function of its values alone", () => {
    const option = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
    fc.assert(
      fc.property(fc.dictionary(fc.string(), option), (training) => {
        const reversed = Object.fromEntries(Object.entries(training).reverse());
        const id = (options: object) =>
          idOf({ ...config, options: { ...config.options, training: options } } as RunConfig);
        return id(training) === id(reversed);
      }),
    );
  });

  it.each(Object.values(views))("is another one for every run of $name", (view) => {
    for (const preset of presets) {
      const configs = expandView(view, { preset }, builtInParts);
      const ids = new Set(configs.map((one) => idOf(one)));
      expect(ids.size).toBe(new Set(configs.map(canonicalJson)).size);
    }
  });
});
