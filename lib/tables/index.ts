/**
 * Tables as text, Markdown, HTML, CSV and LaTeX. A value may have a spread. A column that says which end is better has
 * its best value in bold and its second best underlined.
 *
 * @packageDocumentation
 */
export type { Measured, NumberFormat, TableColumn, TableContent, TableOptions, TableRow, TableValue } from "./content";
export { toLatex } from "./latex";
export type { LatexFamily, LatexOptions, LatexPage, LatexTable } from "./latex-options";
export { escapeLatex } from "./latex-text";
export { Table, table } from "./table";
