export { escapeLatex } from "./latex";
export {
  type Measured,
  type NumberFormat,
  Table,
  table,
  type TableColumn,
  type TableOptions,
  type TableRow,
  type TableValue,
} from "./table";
