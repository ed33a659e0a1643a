import type { DrawnItem, DrawnPicture } from "./scene-items";

/**
 * What is wrong with how a figure is drawn: texts that are cut or smaller than they may be, parts outside the picture,
 * labels of an axis that touch. Empty where nothing is.
 *
 * @param smallest how large a text must be, in the picture's units. Default: 8 points of the paper
 * @example
 * const value = { group: "ml-100k", series: "IFRU", value: 0.72 };
 * drawnFaults(barChart([value], { valueTitle: "AUC", caption: "One bar." }).drawnPicture()); // []
 */
export function drawnFaults({ width, height, items }: DrawnPicture, smallest = 8): string[] {
  const slack = 0.5;
  const name = ({ text, mark, role }: DrawnItem) =>
    text === undefined ? `a ${mark} (${role})` : `"${text}" (${role})`;
  const faults = items.flatMap((item): string[] => {
    const { x1, y1, x2, y2 } = item.box;
    const isOut = x1 < -slack || y1 < -slack || x2 > width + slack || y2 > height + slack;
    const isSmall = item.fontSize !== undefined && item.fontSize < smallest - 0.01;
    return [
      ...(isOut ? [`${name(item)} is outside the picture`] : []),
      ...(item.isCut ? [`${name(item)} is cut`] : []),
      ...(isSmall ? [`${name(item)} is smaller than ${smallest}`] : []),
    ];
  });
  return [...faults, ...touching(items).map(([one, other]) => `${name(one)} touches ${name(other)}`)];
}

/** Level labels of one axis, or of legends, that lie over each other. */
function touching(items: readonly DrawnItem[]): [DrawnItem, DrawnItem][] {
  const labels = items.filter(({ role, angle }) => /-label$/.test(role) && angle % 360 === 0);
  const pairs: [DrawnItem, DrawnItem][] = [];
  labels.forEach((one, i) => {
    for (const other of labels.slice(i + 1)) {
      const [a, b] = [one.box, other.box];
      const isOver =
        Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1) > 0.1 && Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1) > 2.5;
      if (isOver) pairs.push([one, other]);
    }
  });
  return pairs;
}
