import { colourOf, signOf } from "./series";

/**
 * Lines over the bars of each series but the first, in a tile of 6 by 6: told apart where colours are lost. Beyond
 * eight series colours come again with other lines.
 */
const hatches: readonly string[] = [
  "",
  "M0,6L6,0",
  "M0,0L6,6",
  "M0,6L6,0M0,0L6,6",
  "M0,3H6",
  "M3,0V6",
  "M0,3H6M3,0V6",
  "M2,3a1,1,0,1,0,2,0a1,1,0,1,0,-2,0",
];

/** Draws lines over the bars in an SVG document of ours. @param count how many series it shows */
export function hatched(count: number): (svg: string) => string {
  const colours = Array.from({ length: count }, (_, i) => colourOf(i));
  return (svg) => {
    const used = new Set<number>();
    const drawn = svg.replace(
      /<g [^>]*class="mark-rect role-mark[^]*?<\/g>|<g class="mark-symbol role-legend-symbol[^]*?<\/g>/g,
      (group) =>
        group.replace(/<path[^>]* fill="(#[\dA-F]{6})"[^>]*?(?:\/>|><\/path>)/g, (path, colour: string) => {
          const i = colours.indexOf(colour);
          if (i <= 0) return path;
          used.add(i);
          return path + path.replace(`fill="${colour}"`, `fill="url(#hatch${i})"`);
        }),
    );
    const patterns = [...used].sort((a, b) => a - b).map(patternOf);
    return patterns.length === 0 ? svg : drawn.replace(/(<svg[^>]*>)/, `$1<defs>${patterns.join("")}</defs>`);
  };
}

function patternOf(i: number): string {
  const path = `<path d="${signOf(hatches, i)}" fill="none" stroke="white" stroke-width="1"></path>`;
  return `<pattern id="hatch${i}" width="6" height="6" patternUnits="userSpaceOnUse">${path}</pattern>`;
}
