// How much of a value, a text or an output is shown, and what is said of the rest.
import { expect, test } from "vitest";
import { cutText, firstUnits, inspectValue } from "../../kernel/server/inspection";
import { StreamBuffer } from "../../kernel/server/streams";

test("a text is cut at a length and at a number of lines, and the rest is counted", () => {
  expect(cutText("abcdef", { characters: 6 })).toBe("abcdef");
  expect(cutText("abcdef", { characters: 4 })).toBe("abcd… 2 more characters");
  expect(cutText("a\nb\nc\nd", { lines: 4 })).toBe("a\nb\nc\nd");
  expect(cutText("a\nb\nc\nd", { lines: 1 })).toBe("a\n… 3 more lines");
  expect(cutText("x".repeat(11_234))).toBe(`${"x".repeat(10_000)}… 1,234 more characters`);
  expect(cutText("\n".repeat(1999))).toBe(`${"\n".repeat(400)}… 1,600 more lines`);
});

test("half a character is no end of a text", () => {
  expect(firstUnits("a😀b", 2)).toBe("a");
  expect(firstUnits("a😀b", 3)).toBe("a😀");
  expect(firstUnits("a😀", 3)).toBe("a😀");
  expect(cutText("a😀b", { characters: 2 })).toBe("a… 3 more characters");
});

test("a value is cut in its items, its strings, its lines and as a whole", () => {
  expect(inspectValue(Array.from({ length: 61 }, () => 7))).toMatch(/7,\s+\.\.\. 1 more item\s*\]$/);
  expect(inspectValue("x".repeat(10_005))).toMatch(/^'x{10000}'\.\.\. 5 more characters$/);
  const long = { [Symbol.for("nodejs.util.inspect.custom")]: () => "y".repeat(100_007) };
  expect(inspectValue(long)).toBe(`${"y".repeat(100_000)}… 7 more characters`);
});

test("what a cell prints past its limit is counted over all its writes", () => {
  const sent: [string, string][] = [];
  const buffer = new StreamBuffer((name, text) => sent.push([name, text]), 5);
  for (const text of ["abc", "def", "gh"]) buffer.write("stdout", text);
  buffer.finish();
  buffer.finish();
  const of = (stream: string) => sent.map(([name, text]) => (name === stream ? text : "")).join("");
  expect(of("stdout")).toBe("abcde");
  expect(of("stderr")).toBe("\n… 3 more characters were printed and are not shown (limit 5 for a cell)\n");
});
