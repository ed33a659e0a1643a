import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { escapeHtml, visibleText } from "recsys-unlearning/core";

const anyText = fc.string({ unit: "binary" });

describe("visibleText", () => {
  it.each([
    ["\u001b[31mred", "\\u{1b}[31mred"],
    ["a\tb\r\n", "a\\tb\\r\\n"],
    ["user\u202egpj.exe", "user\\u{202e}gpj.exe"],
    ["zero\u200bwidth", "zero\\u{200b}width"],
    ["\ud83d alone", "\\u{d83d} alone"],
  ])("spells out what %j hides", (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it("leaves text of every script and emoji as they are", () => {
    for (const text of ["Zürich", "日本語", "עברית", "👩 🎬", 'a "b" <c>', ""]) expect(visibleText(text)).toBe(text);
  });

  property.prop([anyText])("shows no control, and nothing more the second time", (text) => {
    const shown = visibleText(text);
    // eslint-disable-next-line no-control-regex
    expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(() => encodeURIComponent(shown)).not.toThrow(); // no lone surrogate
    expect(visibleText(shown)).toBe(shown);
  });
});

describe("escapeHtml", () => {
  property.prop([anyText])("leaves no markup, and says the same text", (text) => {
    const escaped = escapeHtml(text);
    expect(escaped).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
    const names: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
    expect(escaped.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => names[name])).toBe(visibleText(text));
  });
});
