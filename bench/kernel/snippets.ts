import type { Snippets } from "./testbed";

/** What all three kernels of TypeScript are given alike. */
const typescript = {
  printHello: "console.log('hello')",
  printStderr: "console.error('error')",
  simpleExpr: "1 + 1",
  incompleteCode: "const x = {",
  completeCode: "const x = 1",
  syntaxError: "function function",
  inputPrompt: "prompt('Enter: ')",
  completionVar: "testVariableForCompletion",
  completionSetup: "const testVariableForCompletion = 42",
  completionPrefix: "testVariableFor",
  richExecuteResult: '[{letter: "A", frequency: 0.08167}, {letter: "B", frequency: 0.01492}]',
};

/** tslab's own display functions, which our kernel has as well. */
export const tslabSnippets: Snippets = {
  ...typescript,
  displayData: 'import * as tslab from "tslab"; tslab.display.html("<b>bold</b>")',
  updateDisplayData:
    'import * as tslab from "tslab"; const shown = tslab.newDisplay(); shown.html("<b>initial</b>"); shown.html("<b>updated</b>")',
};

const broadcast = (type: string, html: string, transient: string) =>
  `await Deno.jupyter.broadcast("${type}", { data: { "text/html": "${html}" }, metadata: {}, transient: ${transient} })`;

export const denoSnippets: Snippets = {
  ...typescript,
  displayData: broadcast("display_data", "<b>bold</b>", "{}"),
  updateDisplayData: [
    broadcast("display_data", "<b>initial</b>", '{ display_id: "test_update" }'),
    broadcast("update_display_data", "<b>updated</b>", '{ display_id: "test_update" }'),
  ].join("; "),
};

export const pythonSnippets: Snippets = {
  printHello: "print('hello')",
  printStderr: "import sys; print('error', file=sys.stderr)",
  simpleExpr: "1 + 1",
  incompleteCode: "def foo(",
  completeCode: "x = 1",
  syntaxError: "def class",
  inputPrompt: "input('Enter: ')",
  completionVar: "test_variable_for_completion",
  completionSetup: "test_variable_for_completion = 42",
  completionPrefix: "test_variable_for_",
  displayData: "from IPython.display import display, HTML; display(HTML('<b>bold</b>'))",
  updateDisplayData:
    "from IPython.display import display, HTML, update_display; dh = display(HTML('<b>initial</b>'), display_id=True); " +
    "update_display(HTML('<b>updated</b>'), display_id=dh.display_id)",
  richExecuteResult: "from IPython.display import HTML; HTML('<b>bold</b>')",
};
