import type { Circumstances } from "./circumstances";
import type { Drawing } from "./drawing";

/** Circumstances of one chart, and what they have in common; empty where all are in one. */
export interface ChartGroup {
  readonly label: string;
  readonly circumstances: readonly Circumstances[];
}

/** What is drawn as a part of a view: its figures are called as those of the whole, or after the part. */
interface Narrowed {
  /** What circumstances have that not all of the view have, in words. */
  labelOf(some: readonly Circumstances[]): string;
  /** Circumstances of the whole. */
  readonly wholeCount: number;
}

/** Circumstances that one chart shows side by side. */
const mostSeries = 5;

/**
 * A sweep is drawn for each circumstance alone; methods for all together, or by dataset and backbone where those are
 * too many.
 */
export function chartGroups(
  all: readonly Circumstances[],
  isSweep: boolean,
  { facet }: Drawing,
  narrowed: Narrowed,
): ChartGroup[] {
  const isOne = all.length === 1 || (!isSweep && (all.length <= mostSeries || facet !== undefined));
  if (isOne) {
    const [first, ...rest] = all;
    const isOneModel = facet === undefined && all.every(({ model }) => model === first.model);
    const isOfModels = !isSweep && narrowed.wholeCount > mostSeries && isOneModel;
    const label = isOfModels ? first.model : isSweep ? first.told : narrowed.labelOf(all);
    return [{ label, circumstances: rest.length === 0 ? [{ ...first, label: first.backbone }] : toldApart(all) }];
  }
  const labelOf = (one: Circumstances) => (facet !== undefined ? one[other(facet)] : isSweep ? one.label : one.model);
  const labels = [...new Set(all.map(labelOf))];
  return labels.map((label) => {
    const circumstances = all.filter((one) => labelOf(one) === label);
    if (facet !== undefined) {
      const words = [...narrowed.labelOf(circumstances).split(", "), ...(labels.length > 1 ? [label] : [])];
      return { label: [...new Set(words)].filter((word) => word !== "").join(", "), circumstances };
    }
    return { label, circumstances: toldApart(circumstances) };
  });
}

/** Circumstances with what they all share taken out of their labels. */
function toldApart<T extends Circumstances>(some: readonly T[]): T[] {
  const wordsOf = ({ label }: Circumstances) => label.split(", ");
  const isShared = (word: string) => some.every((one) => wordsOf(one).includes(word));
  return some.map((one) => {
    const rest = wordsOf(one).filter((word) => !isShared(word));
    return { ...one, label: rest.join(", ") || one.label };
  });
}

/** Circumstances with the panel that each is in, where panels are asked for and there are several. */
export function inPanels(all: readonly Circumstances[], { facet }: Drawing, isSweep: boolean): readonly InPanel[] {
  if (facet === undefined) return all;
  const panelOf = (one: Circumstances) => (isSweep ? without(one, one[other(facet)]) : one[facet]);
  const within = all.map((one) => ({ ...one, panel: panelOf(one), label: without(one, panelOf(one)) }));
  return new Set(within.map(({ panel }) => panel)).size < 2 ? all : toldApart(within);
}

/** Circumstances, and where there are panels the one that they are in. */
export type InPanel = Circumstances & { readonly panel?: string };

export const panelsOf = (values: readonly { readonly panel?: string }[]) => {
  const names = [...new Set(values.flatMap(({ panel }) => panel ?? []))];
  return names.length === 0 ? {} : { panels: names };
};

const other = (facet: "dataset" | "backbone") => (facet === "dataset" ? "backbone" : "dataset");

/** What a label says beside some words. */
function without({ label }: Circumstances, said: string): string {
  const words = said.split(", ");
  const rest = label.split(", ").filter((word) => !words.includes(word));
  return rest.join(", ");
}
