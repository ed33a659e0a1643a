import {
  type ExperimentResult,
  type Parts,
  relabelled,
  reordered,
  selectResult,
  type SelectedResult,
  summaryTable,
} from "../experiments";
import { type LatexOptions, type LatexPage, Table } from "../tables";
import { narrowedLabel } from "./circumstances";
import type { Drawing } from "./drawing";
import type { Figure } from "./figure";
import { type Frame, frameOf } from "./frame";
import type { Look } from "./look";
import type { PaperOptions } from "./paper-options";
import { figureName } from "./summary-figures";
import { fontFamilyOf } from "./venue-font";
import { type Venue, venueOf } from "./venues";
import { viewFigures } from "./view-figures";

/** A view as a paper wants it. */
export interface PaperView {
  readonly result: SelectedResult;
  /** Every figure, by name. */
  readonly figures: ReadonlyMap<string, Figure>;
  /** @param provenance lines of formats that have comments */
  table(provenance: readonly string[]): Table;
  readonly latex: LatexOptions;
  /** What the table's files are called behind the view's name: `"table"`, or `"table_amazon-beauty"` of a part. */
  readonly tableName: string;
}

/**
 * A view's figures and table for a paper: selected, ordered, relabelled, in a venue's size and in a look.
 *
 * @throws InvalidArgumentError for a venue, name, label or width that cannot be
 * @example
 * const { result } = await experiment("cau-main");
 * const paper = paperView(result, builtInParts, { venue: "acm-sigconf", dataset: "beauty", backbone: "sasrec" });
 * paper.figures.get("drop-at-10_amazon-beauty-sasrec")?.toSvg(); // as wide as the text of the venue
 * paper.table(["made by my script"]).toLatex();
 */
export function paperView(whole: ExperimentResult, parts: Parts, options: PaperOptions): PaperView {
  const { venue: choice, width, facet, label = {}, order = [], decimals } = options;
  const venue = choice === undefined ? undefined : venueOf(choice);
  const chosen = selectResult(whole, parts, options);
  const { view: ordered, rows } = reordered(chosen.view, chosen.summary.rows, parts, order);
  const { view, parts: named } = relabelled(ordered, chosen.summary.rows, parts, label);
  const compared = reordered(chosen.view, chosen.compared.rows, parts, order).rows;
  const summary = { ...chosen.summary, rows };
  const drawing: Drawing = {
    ...(facet === undefined ? {} : { facet }),
    hidden: new Set(compared.filter((row) => !rows.includes(row))),
    whole: whole.summary.rows,
  };
  const drawn = { ...chosen, view, summary: { ...chosen.compared, rows: compared } };
  const draw = (frame: Frame) => viewFigures(drawn, named, { ...drawing, frame });
  const latex = latexOptions(venue, width, decimals);
  const family = options.fontFamily === undefined ? {} : { fontFamily: fontFamilyOf(options.fontFamily, venue) };
  const look = { ...options, ...family };
  const looked = [...inFrames(draw, venue, width)].map(([name, figure]) => [name, inLook(figure, look)] as const);
  return {
    result: { ...chosen, view, summary, compared: drawn.summary },
    figures: new Map(looked),
    table: (provenance) => new PaperTable(summaryTable(summary, view, named, { provenance }), latex),
    latex,
    tableName: figureName("table", narrowedLabel(rows, whole.summary.rows, named)),
  };
}

/** A table whose LaTeX is that of a venue. */
class PaperTable extends Table {
  constructor(
    { caption, label, note, ...content }: Table,
    private readonly latex: LatexOptions,
  ) {
    const texts = Object.entries({ caption, label, note }).filter(([, text]) => text !== undefined);
    super({ ...content, ...Object.fromEntries(texts) });
  }

  override toLatex(options: LatexOptions = this.latex): string {
    return super.toLatex(options);
  }
}

/** Figures as wide as asked for; where nothing is said, of a venue's two widths the one that a figure asks for. */
function inFrames(
  draw: (frame: Frame) => ReadonlyMap<string, Figure>,
  venue: Venue | undefined,
  width: PaperOptions["width"],
): ReadonlyMap<string, Figure> {
  if (venue === undefined || width !== undefined) return draw(frameOf(venue, width));
  const [asked, narrow, wide] = [draw({}), draw(frameOf(venue, "column")), draw(frameOf(venue, "text"))];
  const isWide = (figure: Figure) => figure.widthInches > widestColumn;
  return new Map([...asked].map(([name, figure]) => [name, (isWide(figure) ? wide : narrow).get(name) ?? figure]));
}

/** Inches: between the two widths that charts choose of. */
const widestColumn = 5;

function inLook(figure: Figure, options: Look): Figure {
  const { theme, grey, palette, marker, fontFamily, patch } = options;
  const look = Object.entries({ theme, grey, palette, marker, fontFamily, patch }).filter(
    ([, value]) => value !== undefined,
  );
  return look.length === 0 ? figure : figure.inLook(Object.fromEntries(look));
}

/** What a table has to fit on. */
function pageOf({ columnPt, textPt, heightPt, bodyPt, smallestPt, family }: Venue): LatexPage {
  return { columnPt, textPt, heightPt, bodyPt, smallestPt, family };
}

function latexOptions(
  venue: Venue | undefined,
  width: PaperOptions["width"],
  decimals: PaperOptions["decimals"],
): LatexOptions {
  return {
    ...(venue === undefined ? {} : { page: pageOf(venue) }),
    ...(width === "column" || width === "text" ? { span: width } : {}),
    ...(decimals === undefined ? {} : { decimals }),
  };
}
