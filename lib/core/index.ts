/**
 * What every area rests on: errors that name a remedy, atomic files, hashes, seeded random numbers, options, progress,
 * cancellation, and tensor files. Nothing here knows a recommender.
 *
 * @packageDocumentation
 */
export { announce, redirectAnnouncements } from "./announce";
export { Breather, currentSignal, setCurrentSignal, throwIfCancelled } from "./cancellation";
export { Claim } from "./claim";
export { nowMs, Stopwatch } from "./clock";
export { notebookChannel, setNotebookChannel } from "./current-channel";
export {
  CancelledError,
  CorruptFileError,
  DownloadError,
  EngineError,
  type ErrorDetails,
  InvalidArgumentError,
  InvalidDataError,
  InvalidOptionError,
  NotFoundError,
  NumericalError,
  RecsysError,
} from "./errors";
export { type CommandTable, dispatchCommand } from "./dispatch";
export {
  displayBundle,
  type Displayable,
  jupyterDisplay,
  jupyterMetadata,
  type MimeBundle,
  type MimeData,
} from "./display";
export {
  createFileAtomic,
  moveFileAtomic,
  readRegularFile,
  requireRegularFile,
  temporarySuffix,
  writeFileAtomic,
} from "./files";
export { canonicalJson, sha256, sha256OfFile } from "./hash";
export { folderMarker, markerOf, markFolder } from "./marker";
export type {
  BackgroundWork,
  Comm,
  CommHandlers,
  CommMessage,
  CommOpening,
  CommTarget,
  NotebookChannel,
  OutputPlace,
  OutputTaker,
} from "./notebook-channel";
export { mersenneTwisterOutputs, numpyShuffledIndices } from "./numpy-random";
export {
  asSetting,
  byMode,
  type ByMode,
  flagOption,
  givenOption,
  isByMode,
  type Mode,
  modeOption,
  numberOption,
  numberOrWordOption,
  type Option,
  type OptionFields,
  type OptionList,
  optionList,
  type OptionsOf,
  seedOption,
  textOption,
  settingsOf,
  wholeOption,
  withInitial,
  wordOption,
} from "./option-list";
export { didYouMean, requireNumber, requireOneOf, suggestion } from "./options";
export { parsedBy } from "./parsed-by";
export {
  buildRemedy,
  cacheFolder,
  checkoutFolder,
  commandLine,
  inRepository,
  inWorkFolder,
  libFolder,
  packageFolder,
  repositoryFolder,
} from "./paths";
export { type ProcessIdentity, stateOf, thisProcess } from "./processes";
export { ProgressTask, setProgressSink } from "./progress";
export type { ProgressEvent, ProgressSink } from "./progress-event";
export { provenance, type Provenance, recordEngine } from "./provenance";
export { Random, type RandomState } from "./random";
export { decodeTensors, encodeTensors, type StoredTensor, type TensorFile } from "./tensor-file";
export { escapeHtml, listed, visibleLines, visibleText } from "./text";
