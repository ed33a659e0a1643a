/**
 * Figures without a browser: Vega-Lite and Plotly specifications that are rendered to SVG, PNG, PDF and HTML.
 *
 * A figure is exported with a sidecar that says what it was made from. {@link viewFigures} has the figures of an
 * experiment.
 *
 * @packageDocumentation
 */
export { type Circumstances, circumstancesOf, minusRetrain } from "./circumstances";
export { distributionChart, type DistributionChartOptions, type Sample } from "./distribution-chart";
export { divergingChart, type DivergingChartOptions, type DivergingValue } from "./diverging-chart";
export { drawnFaults } from "./drawn";
export {
  type ExportedFile,
  exportFigure,
  exportTable,
  type FigureFormat,
  type MadeBy,
  type Sidecar,
  type TableFormat,
  writeExports,
} from "./export";
export type { Drawing } from "./drawing";
export { Figure, type FigureOptions, vegaLiteFigure } from "./figure";
export { addFont } from "./fonts";
export { forestChart, type ForestChartOptions, type ForestValue } from "./forest-chart";
export { barChart, dotChart, type GroupedChartOptions, type GroupedValue } from "./grouped-chart";
export { exportInteractiveHtml } from "./interactive";
export { type Frame, frameOf, type PaperWidth, textPoints } from "./frame";
export { learningCurves } from "./learning-curves";
export { lineChart, type LineChartOptions, type LinePoint } from "./line-chart";
export { type Look, palettes, type Theme } from "./look";
export {
  type PaperEntry,
  type PaperFormat,
  paperFormats,
  type PaperOptions,
  paperOptions,
  type PaperSet,
  paperSet,
} from "./paper-options";
export { type PaperView, paperView } from "./paper-view";
export { pathChart, type PathChartOptions, type PathPoint } from "./path-chart";
export { type BrowserFormat, drawInBrowser } from "./plotly/browser";
export {
  PlotlyFigure,
  plotlyFigure,
  type PlotlyFigureOptions,
  type PlotlyPictureOptions,
} from "./plotly/plotly-figure";
export { plotlyFiles, savedPlotlyFigure } from "./plotly/saved";
export type { PlotlyDrawing, PlotlySpec, PlotlyTrace } from "./plotly/trace";
export type { Reference } from "./reference";
export { svgToPng } from "./render";
export { type Reproducibility, reproducibilityOf, type Shared } from "./reproducibility";
export { reproducibilityFiles, reproducibilityLatex } from "./reproducibility-latex";
export { rowLabel } from "./row-label";
export { scatterChart, type ScatterChartOptions, type ScatterPoint } from "./scatter-chart";
export { spaceChart, type SpaceChartOptions, type SpacePoint } from "./space-chart";
export { shownPictures } from "./shown-pictures";
export type { Box, DrawnItem, DrawnPicture } from "./scene-items";
export { type Datum, type VegaLiteSpec } from "./spec";
export { summaryFigures } from "./summary-figures";
export { columnInches, dashes, type Medium, palette, shapes } from "./theme";
export { tradeOffFigures } from "./trade-off";
export { trajectories } from "./trajectories";
export { fontFamilyOf, fontHash } from "./venue-font";
export { type Venue, type VenueChoice, venueOf, venues } from "./venues";
export {
  exportNames,
  formatsOf,
  keptFormats,
  type PaperExport,
  paperExports,
  type ViewExport,
  viewExports,
  type ViewFormats,
} from "./view-exports";
export { viewFigures } from "./view-figures";
