import { requireWritable } from "./fonts";
import { drawScene, type Scene } from "./render";
import { type DrawnPicture, sceneItems } from "./scene-items";
import type { VegaLiteSpec } from "./spec";

/** What stands outside a picture by less is not seen. */
const slack = 0.3;
const mostTries = 4;

/** A specification, and what vega makes of it. */
export interface FittedFigure {
  readonly spec: VegaLiteSpec;
  readonly scene: Scene;
  readonly picture: DrawnPicture;
}

/**
 * A specification with as much padding as it takes that nothing is cut, and its scene. Vega measures labels before it
 * has made room for them, so that those at the ends of an axis may reach beyond the picture.
 *
 * @throws InvalidArgumentError when vega cannot draw it, and for texts that no font can write
 */
export function fitted(spec: VegaLiteSpec, padding: number): FittedFigure {
  const room = { left: padding, right: padding, top: padding, bottom: padding };
  let drawn = drawnOf(spec);
  for (let tries = 0; tries < mostTries; tries++) {
    const { width, height, items } = drawn.picture;
    const boxes = items.map(({ box }) => box);
    const beyond = {
      left: Math.max(0, ...boxes.map(({ x1 }) => -x1)),
      right: Math.max(0, ...boxes.map(({ x2 }) => x2 - width)),
      top: Math.max(0, ...boxes.map(({ y1 }) => -y1)),
      bottom: Math.max(0, ...boxes.map(({ y2 }) => y2 - height)),
    };
    const sides = ["left", "right", "top", "bottom"] as const;
    const most = Math.min(width, height) / 2;
    if (sides.every((side) => beyond[side] <= slack || room[side] > most)) break;
    for (const side of sides) if (beyond[side] > slack) room[side] += Math.ceil(beyond[side]);
    drawn = drawnOf({ ...spec, padding: { ...room } });
  }
  return drawn;
}

function drawnOf(spec: VegaLiteSpec): FittedFigure {
  const scene = drawScene(spec);
  const items = sceneItems(scene);
  for (const { text } of items) if (text !== undefined) requireWritable(text);
  return { spec, scene, picture: { width: scene.width, height: scene.height, items } };
}
