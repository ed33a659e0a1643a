// Input from the person who runs a cell: prompt, confirm and stdin, over Jupyter's stdin channel.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KernelClient } from "recsys-unlearning-kernel";
import { errorOf, printed, resultText } from "./scenario";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutdown());

interface Asked {
  readonly prompt: string;
  readonly password: boolean;
}

/** Runs a cell for a person who gives these answers in turn. */
async function runFor(answers: readonly string[], code: string) {
  const asked: Asked[] = [];
  const left = [...answers];
  const onInput = (prompt: string, password: boolean) => {
    asked.push({ prompt, password });
    return left.shift() ?? "";
  };
  const execution = await kernel.execute(code, { onInput, stop_on_error: false, timeoutMs: 20_000 });
  return { execution, asked };
}

/** Runs a cell for a person who never answers, and waits until it asks. */
async function asking(code: string) {
  let asks: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (asks = resolve));
  const onInput = () => (asks(), new Promise<string>(() => undefined));
  const running = kernel.execute(code, { onInput, stop_on_error: false, timeoutMs: 20_000 });
  await asked;
  return { running };
}

const readline = 'import { createInterface } from "node:readline/promises";\n';

describe("where the client takes questions", () => {
  test("prompt waits for the answer, and what was printed before stands before the question", async () => {
    const { execution, asked } = await runFor(["Ada", ""], `console.log("hello"); [prompt("Who? "), prompt("", "x")]`);
    expect(asked.map(({ prompt }) => prompt)).toEqual(["Who? ", ""]);
    expect(printed(execution.outputs)).toBe("hello\n");
    expect(resultText(execution)).toBe("[ 'Ada', 'x' ]");
  });

  test("it works after an await, with answers of any length, and is typed", async () => {
    const long = "ä".repeat(100_000);
    const { execution } = await runFor([long], "await null; const given: string = prompt('text'); given.length");
    expect(resultText(execution)).toBe("100000");
  });

  test("a password is marked as one", async () => {
    const { asked } = await runFor(["secret"], 'prompt("Token: ", { password: true }).length');
    expect(asked).toEqual([{ prompt: "Token: ", password: true }]);
  });

  test.each([
    ["{ pasword: true }", /unknown option "pasword"[^]*did you mean "password"/],
    ['{ password: "yes" }', /option "password" is "yes", not a boolean/],
    ["null", /default, or { default, password }/],
  ])("what prompt does not know is refused before it asks: %s", async (options, message) => {
    const { execution, asked } = await runFor(
      ["secret"],
      `const options: any = ${options}; prompt("Token: ", options)`,
    );
    expect(errorOf(execution)?.evalue).toMatch(message);
    expect(asked).toEqual([]);
  });

  test.each([
    ["y", "true"],
    [" Yes ", "true"],
    ["", "false"],
    ["no", "false"],
  ])("confirm takes %j for %s", async (answer, said) => {
    const { execution, asked } = await runFor([answer], 'confirm("Train again?")');
    expect(asked[0].prompt).toBe("Train again? [y/N] ");
    expect(resultText(execution)).toBe(said);
  });

  test("node:readline on process.stdin reads lines, and asks for no more than it is read", async () => {
    const code =
      "const lines = createInterface({ input: process.stdin, output: process.stdout });\n" +
      "const first = await lines.question('one? '); const second = await lines.question('two? '); lines.close();\n" +
      "[first, second]";
    const { execution, asked } = await runFor(["a", "b", "c"], readline + code);
    expect(resultText(execution)).toBe("[ 'a', 'b' ]");
    expect(printed(execution.outputs)).toBe("one? two? ");
    expect(asked.length).toBe(2);
  });

  test("a reader ends with its cell, and the next cell has a stdin of its own", async () => {
    const { running } = await asking(
      "process.stdin.on('data', () => undefined); await new Promise((r) => setTimeout(r, 300))",
    );
    expect((await running).status).toBe("ok");
    const { execution } = await runFor(
      ["fresh"],
      "for await (const text of process.stdin) { console.log(text); break; }",
    );
    expect(printed(execution.outputs)).toBe("fresh\n\n");
  });

  test.each([
    ["prompt", "prompt('Who?')"],
    ["prompt after an await", "await null; prompt('Who?')"],
    ["a reader", `${readline}await createInterface({ input: process.stdin }).question('Who?')`],
  ])("an interrupt ends %s, with the variables as they were", async (_, code) => {
    await kernel.execute("let kept = 41;");
    const { running } = await asking(code);
    await kernel.interrupt();
    expect(errorOf(await running)?.ename).toBe("Interrupted");
    expect(resultText(await kernel.execute("kept + 1"))).toBe("42");
    const { execution } = await runFor(["again"], "prompt('Who?')");
    expect(resultText(execution)).toBe("again");
  });

  test("two questions at once are refused by name", async () => {
    const code =
      "process.stdin.once('data', () => undefined); await new Promise((r) => setTimeout(r, 200)); prompt('?')";
    const { running } = await asking(code);
    expect(errorOf(await running)).toMatchObject({
      ename: "InputRefusedError",
      evalue: expect.stringContaining("waits") as string,
    });
  });
});

test.each([
  ["prompt", "prompt('Who?')"],
  ["confirm", "confirm('Sure?')"],
  ["stdin", "for await (const line of process.stdin) line;"],
  ["readline", `${readline}await createInterface({ input: process.stdin }).question('Who?')`],
])("where nobody can answer, %s fails by name and says what to do", async (_, code) => {
  const error = errorOf(await kernel.execute(code, { stop_on_error: false, timeoutMs: 20_000 }));
  expect(error?.ename).toBe("InputRefusedError");
  expect(error?.evalue).toMatch(/remedy: set a variable in a cell instead/);
});

test("once a cell has ended nothing can be asked", async () => {
  const late =
    "setTimeout(() => { try { prompt('late') } catch (error) { console.log((error as Error).message); } }, 50);";
  const { execution, asked } = await runFor([], late);
  await expect.poll(() => printed(execution.outputs)).toContain("only while a cell runs");
  expect(asked).toEqual([]);
});
