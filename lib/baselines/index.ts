export { retrain, type RetrainDiagnostics, type RetrainOptions } from "./retrain";
