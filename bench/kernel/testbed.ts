// The tests of github.com/runtimed/kernel-testbed (BSD-3-Clause, at 4927118), under their names: a port, because that
// suite is in no package registry. What each asks for, and what earns half a point, is theirs.
import { isStatus, parentOf, type Patience, type Ran, TestbedSession } from "./testbed-session";
import type { Content, Message } from "./testbed-wire";

/** Code of one language, by the names that kernel-testbed has; `undefined` for what the language has no way to do. */
export interface Snippets {
  readonly printHello: string;
  readonly printStderr: string;
  readonly simpleExpr: string;
  readonly incompleteCode: string;
  readonly completeCode: string;
  readonly syntaxError: string;
  readonly inputPrompt: string;
  readonly completionVar: string;
  readonly completionSetup: string;
  readonly completionPrefix: string;
  readonly displayData: string;
  readonly updateDisplayData: string;
  readonly richExecuteResult: string;
}

/** 1 passes, 0.5 in part, 0 fails or is not supported; and what was missing. */
export interface Verdict {
  readonly name: string;
  readonly points: 0 | 0.5 | 1;
  readonly note: string;
}

type Outcome = true | string | { readonly half: string };
type Test = (kernel: TestbedSession, code: Snippets) => Promise<Outcome>;

function replied({ header, content }: Message, type: string): Outcome {
  if (header.msg_type !== type) return `${header.msg_type} instead of ${type}`;
  return content["status"] === "ok" || `${type} has status ${String(content["status"])}`;
}

const has = ({ heard }: Ran, type: string): boolean => heard.some(({ header }) => header.msg_type === type);

function printed({ heard }: Ran, name: string, text: string): Outcome {
  const found = heard.some(
    ({ header, content }) =>
      header.msg_type === "stream" && content["name"] === name && String(content["text"]).includes(text),
  );
  return found || `no ${name} with "${text}"`;
}

const infoHas = (kernel: TestbedSession, found: (info: Content) => unknown, what: string): Outcome =>
  Boolean(found(kernel.info?.content ?? {})) || `${what} is empty`;

async function completeness(kernel: TestbedSession, code: string, wanted: string): Promise<Outcome> {
  const { content } = await kernel.request("shell", "is_complete_request", { code });
  return content["status"] === wanted || { half: `${String(content["status"])} instead of ${wanted}` };
}

/** In kernel-testbed's order, the shutdown last. */
const tests: Readonly<Record<string, Test>> = {
  heartbeat_responds: async (kernel) => (await kernel.heartbeat(), true),
  iopub_welcome: async (kernel) => kernel.welcomed || { half: "no iopub_welcome" },
  kernel_info_reply_valid: async ({ info }) =>
    info === undefined ? "no kernel_info_reply" : replied(info, "kernel_info_reply"),
  kernel_info_has_language_info: async (kernel) =>
    infoHas(kernel, (info) => (info["language_info"] as Content | undefined)?.["name"], "language_info.name"),
  kernel_info_has_protocol_version: async (kernel) =>
    infoHas(kernel, (info) => info["protocol_version"], "protocol_version"),
  execute_stdout: async (kernel, { printHello }) => printed(await kernel.run(printHello), "stdout", "hello"),
  execute_stderr: async (kernel, { printStderr }) => printed(await kernel.run(printStderr), "stderr", "error"),
  execute_reply_ok: async (kernel, { completeCode }) =>
    replied((await kernel.run(completeCode)).reply, "execute_reply"),
  status_busy_idle_lifecycle: async (kernel, { completeCode }) => {
    const { heard } = await kernel.run(completeCode);
    const [busy, idle] = (["busy", "idle"] as const).map((state) => heard.findIndex((one) => isStatus(one, state)));
    return (busy >= 0 && busy < idle) || `busy at ${busy}, idle at ${idle}`;
  },
  execute_input_broadcast: async (kernel, { completeCode }) =>
    has(await kernel.run(completeCode), "execute_input") || "no execute_input",
  complete_request: async (kernel, { completionSetup, completionPrefix: code }) => {
    await kernel.run(completionSetup);
    const reply = await kernel.request("shell", "complete_request", { code, cursor_pos: code.length });
    return replied(reply, "complete_reply");
  },
  inspect_request: async (kernel, { completionSetup, completionVar: code }) => {
    await kernel.run(completionSetup);
    const content = { code, cursor_pos: code.length, detail_level: 0 };
    return replied(await kernel.request("shell", "inspect_request", content), "inspect_reply");
  },
  is_complete_complete: (kernel, { completeCode }) => completeness(kernel, completeCode, "complete"),
  is_complete_incomplete: (kernel, { incompleteCode }) => completeness(kernel, incompleteCode, "incomplete"),
  history_request: async (kernel, { completeCode }) => {
    await kernel.run(completeCode);
    const content = { hist_access_type: "tail", n: 10, output: false, raw: true };
    return replied(await kernel.request("shell", "history_request", content), "history_reply");
  },
  comm_info_request: async (kernel) =>
    replied(await kernel.request("shell", "comm_info_request", {}), "comm_info_reply"),
  error_handling: async (kernel, { syntaxError }) => {
    const ran = await kernel.run(syntaxError);
    return ran.reply.content["status"] === "error" || has(ran, "error") || "no error in the reply or on iopub";
  },
  display_data: async (kernel, { displayData }) =>
    has(await kernel.run(displayData), "display_data") || "no display_data",
  update_display_data: async (kernel, { updateDisplayData }) => {
    const ran = await kernel.run(updateDisplayData);
    if (!has(ran, "display_data")) return "no display_data";
    return has(ran, "update_display_data") || { half: "no update_display_data" };
  },
  execute_result: async (kernel, { simpleExpr }) =>
    has(await kernel.run(simpleExpr), "execute_result") || "no execute_result",
  rich_execute_result: async (kernel, { richExecuteResult }) =>
    has(await kernel.run(richExecuteResult), "execute_result") || "no execute_result",
  stdin_input_request: async (kernel, { inputPrompt }) => {
    const { asked, reply } = await kernel.run(inputPrompt, '"test_input_42"');
    return asked ? replied(reply, "execute_reply") : "no input_request";
  },
  comms_lifecycle: async (kernel, { completeCode }) =>
    (await kernel.opensUnknownComm("jupyter.kernel_testbed.test")) || (await kernel.run(completeCode), true),
  interrupt_request: async (kernel) =>
    replied(await kernel.request("control", "interrupt_request", {}), "interrupt_reply"),
  execution_count_increments: async (kernel, { completeCode }) => {
    const [first, second] = [await kernel.run(completeCode), await kernel.run(completeCode)].map(({ reply }) =>
      Number(reply.content["execution_count"] ?? 0),
    );
    return second > first || `${first}, then ${second}`;
  },
  parent_header_correlation: async (kernel, { printHello }) => {
    const { heard, reply } = await kernel.run(printHello);
    return [...heard, reply].every((one) => parentOf(one) !== undefined) || "a message without a parent_header";
  },
  shutdown_reply: async (kernel) =>
    replied(await kernel.request("control", "shutdown_request", { restart: false }), "shutdown_reply"),
};

/** The names of all tests. */
export const testbedNames: readonly string[] = Object.keys(tests);

/** Runs all tests against one kernel of its own. */
export async function runTestbed(
  argv: readonly string[],
  code: Snippets,
  cwd: string,
  patience: Patience = { startMs: 60_000, answerMs: 10_000 },
): Promise<Verdict[]> {
  const kernel = await TestbedSession.start(argv, cwd, patience);
  const verdicts: Verdict[] = [];
  try {
    for (const [name, test] of Object.entries(tests)) verdicts.push(verdict(name, await outcomeOf(test, kernel, code)));
  } finally {
    kernel.stop();
  }
  return verdicts;
}

async function outcomeOf(test: Test, kernel: TestbedSession, code: Snippets): Promise<Outcome> {
  try {
    return await test(kernel, code);
  } catch (error) {
    return String(error);
  }
}

function verdict(name: string, outcome: Outcome): Verdict {
  if (outcome === true) return { name, points: 1, note: "" };
  return typeof outcome === "string" ? { name, points: 0, note: outcome } : { name, points: 0.5, note: outcome.half };
}
