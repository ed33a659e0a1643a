/**
 * What a notebook shows: tables, pictures, data frames, and the results of experiments. No other area knows of
 * notebooks.
 *
 * - {@link display} shows a value below a cell.
 * - {@link overview} says what a value is: a dataset, a split, a model, an answer.
 * - {@link interact} computes anew with each value of {@link slider}, {@link dropdown} and other controls.
 * - {@link time} measures a part of a cell; {@link profile} shows where its time went.
 * - {@link experiment} reads the results of an experiment by name. It computes nothing unless asked.
 * - {@link claims} says whether what a paper claims of it is reproduced.
 *
 * @packageDocumentation
 */
export {
  beliefChart,
  type ComparedModels,
  type Forgotten,
  forgottenRanks,
  movementTable,
  rankChangeChart,
  recommendationTable,
  type RecommendationOptions,
} from "./before-and-after";
export { claims, type ClaimsOptions } from "./claims";
export { AnyControl, anyControl, type AnyOptions } from "./controls/any";
export { accordion, Box, type BoxOptions, hbox, tabs, vbox } from "./controls/boxes";
export {
  type ChoiceOptions,
  type Choices,
  dropdown,
  select,
  type SelectOptions,
  toggleButtons,
} from "./controls/choices";
export { Control, type ControlOptions } from "./controls/control";
export {
  button,
  Button,
  type ButtonOptions,
  checkbox,
  type CheckboxOptions,
  combobox,
  type ComboboxOptions,
  text,
  type TextOptions,
} from "./controls/inputs";
export { type Controls, interact, Interaction, type ValuesOf } from "./controls/interact";
export { Output, output } from "./controls/output";
export { closeControls, openControls } from "./controls/registry";
export {
  type BarOptions,
  intProgressBar,
  markup,
  Picture,
  picture,
  type PictureOptions,
  progressBar,
} from "./controls/shown";
export {
  intRangeSlider,
  intSlider,
  logSlider,
  type LogSliderOptions,
  rangeSlider,
  slider,
  type SliderOptions,
} from "./controls/sliders";
export type { LayoutOptions } from "./controls/style";
export { type Still, Widget } from "./controls/widget";
export { Content, image, json, latex, markdown, svg } from "./content";
export { bundleOf, display } from "./display";
export { type Danfo, danfo, type FrameColumns, toFrame, toInteractions, toTable } from "./frames";
export { Html, html, type HtmlPart } from "./html";
export { type ExplainedRow, type ExplainedScore, explanationChart, type ExplanationNames } from "./explanation-chart";
export { overview, Overview } from "./overview";
export { clearOutput, page } from "./pager";
export { reload, type Reloaded } from "./reload";
export { requestStageTable, requestStudyTable } from "./request-study-table";
export {
  type RequestStudy,
  type RequestStudyRow,
  type StudiedMethods,
  type StudiedOutcome,
  studyRequests,
} from "./request-study";
export { experiment, Experiment, type ExperimentOptions, type Told } from "./experiment";
export { Finding } from "./finding";
export { profile } from "./profile";
export { time, type Timed } from "./time";
export { verdictChart } from "./verdict-chart";
