import { afterEach, expect, it, vi } from "vitest";
import { builtInParts } from "recsys-unlearning/reproduction";
import { showOptions } from "../../lib/commands/part-options";

const said = vi.spyOn(console, "log").mockImplementation(() => undefined);
afterEach(() => said.mockClear());

const { tasks, datasets, backbones, methods } = builtInParts;
const requests = Object.values(tasks).flatMap((task) => Object.keys(task.requests));

it.each([...Object.keys(datasets), ...Object.keys(backbones), ...Object.keys(methods), ...requests])(
  "options of %s: each with what is allowed, its default and its meaning",
  async (name) => {
    await showOptions(name, { json: true });
    const options = JSON.parse(String(said.mock.calls[0][0])) as Record<string, unknown>[];
    for (const { option, allowed, meaning, default: initial } of options) {
      expect(option).toMatch(/^[a-zA-Z]+$/);
      for (const text of [allowed, meaning]) expect(text).toMatch(/\S/);
      expect(initial).not.toBeUndefined();
    }
    await showOptions(name, { json: false });
    const text = String(said.mock.calls[1][0]);
    for (const { option } of options) expect(text).toContain(`  ${String(option)}: `);
    for (const line of text.split("\n").slice(1)) expect(line.length).toBeLessThanOrEqual(160);
  },
);

it("what a run gives by itself is not among them, and an unknown name is refused with the nearest", () => {
  void showOptions("cau", { json: false });
  expect(String(said.mock.calls[0][0])).not.toMatch(/^ {2}(seed|validation):/m);
  expect(() => showOptions("cauu", { json: false })).toThrow(/did you mean "cau"/);
});
