export { distributionChart, type DistributionChartOptions, type Sample } from "./distribution-chart";
export { exportFigure, exportTable, type MadeBy, type Sidecar } from "./export";
export { Figure, type FigureOptions, vegaLiteFigure } from "./figure";
export { barChart, dotChart, type GroupedChartOptions, type GroupedValue } from "./grouped-chart";
export { lineChart, type LineChartOptions, type LinePoint } from "./line-chart";
export { scatterChart, type ScatterChartOptions, type ScatterPoint } from "./scatter-chart";
export { type Datum, type VegaLiteSpec } from "./spec";
export { columnInches, dashes, type Medium, palette, shapes } from "./theme";
