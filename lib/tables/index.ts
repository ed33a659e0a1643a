export type { Measured, NumberFormat, TableColumn, TableContent, TableOptions, TableRow, TableValue } from "./content";
export { escapeLatex } from "./latex";
export { Table, table } from "./table";
