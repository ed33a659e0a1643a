import { textWidth } from "./fonts";
import type { Scene } from "./render";

/** A rectangle in a picture's units, from its upper left corner. */
export interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Something that a picture shows: one mark, one line, one text. */
export interface DrawnItem {
  /** Vega's kind of mark, such as `"symbol"`, `"rect"`, `"line"`, `"rule"` and `"text"`. */
  readonly mark: string;
  /** What it is part of, such as `"mark"`, `"axis-label"`, `"axis-title"` or `"legend-label"`. */
  readonly role: string;
  /** Along which axis a part of an axis stands. */
  readonly orient: string | undefined;
  readonly box: Box;
  /** Where it stands: a symbol's middle, a text's anchor, the corners of a line. */
  readonly places: readonly { readonly x: number; readonly y: number }[];
  readonly text: string | undefined;
  readonly fontSize: number | undefined;
  readonly angle: number;
  /** Whether a text is shown in part. */
  readonly isCut: boolean;
  readonly datum: unknown;
}

/** A picture as what it shows. */
export interface DrawnPicture {
  readonly width: number;
  readonly height: number;
  readonly items: readonly DrawnItem[];
}

interface SceneItem {
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly opacity?: number;
  readonly size?: number;
  readonly text?: string | readonly string[];
  readonly limit?: number;
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
  readonly angle?: number;
  readonly defined?: boolean;
  readonly orient?: string;
  readonly bounds: Box;
  readonly datum?: unknown;
  readonly items?: readonly SceneMark[];
}

interface SceneMark {
  readonly marktype: string;
  readonly role?: string;
  readonly clip?: unknown;
  readonly bounds: Box;
  readonly items: readonly SceneItem[];
}

/** Everything that a scene shows and where. */
export function sceneItems({ origin, root }: Scene): DrawnItem[] {
  const items: DrawnItem[] = [];
  walk(root as SceneMark, { x: origin[0], y: origin[1] }, undefined, undefined, items);
  return items;
}

function walk(
  mark: SceneMark,
  at: { readonly x: number; readonly y: number },
  frame: Box | undefined,
  orient: string | undefined,
  items: DrawnItem[],
): void {
  const seen = mark.items.filter((item) => item.opacity !== 0);
  if (mark.marktype === "group") {
    for (const group of seen) {
      const here = { x: at.x + (group.x ?? 0), y: at.y + (group.y ?? 0) };
      const inner = { x1: here.x, y1: here.y, x2: here.x + (group.width ?? 0), y2: here.y + (group.height ?? 0) };
      for (const part of group.items ?? []) walk(part, here, inner, group.orient ?? orient, items);
    }
    return;
  }
  const clip = mark.clip ? frame : undefined;
  if (mark.marktype === "line" || mark.marktype === "area") {
    const places = seen.filter(({ defined }) => defined !== false).map(({ x = 0, y = 0 }) => moved({ x, y }, at));
    if (places.length > 0)
      items.push({ ...itemOf(mark, mark.items[0], at, clip, orient), box: boxOf(mark.bounds, at, clip), places });
    return;
  }
  for (const item of seen) {
    if (mark.marktype === "symbol" && item.size === 0) continue;
    if (mark.marktype === "text" && (item.text ?? "").length === 0) continue;
    items.push(itemOf(mark, item, at, clip, orient));
  }
}

const moved = (place: { x: number; y: number }, at: { x: number; y: number }) => ({
  x: place.x + at.x,
  y: place.y + at.y,
});

function boxOf({ x1, y1, x2, y2 }: Box, at: { readonly x: number; readonly y: number }, clip: Box | undefined): Box {
  const box = { x1: x1 + at.x, y1: y1 + at.y, x2: x2 + at.x, y2: y2 + at.y };
  if (clip === undefined) return box;
  return {
    ...{ x1: Math.max(box.x1, clip.x1), y1: Math.max(box.y1, clip.y1) },
    ...{ x2: Math.min(box.x2, clip.x2), y2: Math.min(box.y2, clip.y2) },
  };
}

function itemOf(
  { marktype, role = "mark" }: SceneMark,
  item: SceneItem,
  at: { readonly x: number; readonly y: number },
  clip: Box | undefined,
  orient: string | undefined,
): DrawnItem {
  const lines = item.text === undefined ? [] : [item.text].flat().map(String);
  const isBold = item.fontWeight === "bold" || Number(item.fontWeight) >= 600;
  const limit = item.limit ?? 0;
  return {
    ...{ mark: marktype, role, orient, box: boxOf(item.bounds, at, clip), datum: item.datum },
    places: [moved({ x: item.x ?? 0, y: item.y ?? 0 }, at)],
    text: item.text === undefined ? undefined : lines.join("\n"),
    fontSize: item.fontSize,
    angle: item.angle ?? 0,
    isCut: limit > 0 && lines.some((line) => textWidth(line, item.fontSize ?? 11, isBold) > limit + 0.01),
  };
}
