// A kernel as lib and a person use it: imports with types and doc comments, displays, progress, interrupts.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kernelArgv, KernelClient, type Output } from "recsys-unlearning-kernel";
import { ProgressDisplay } from "../../kernel/server/progress-display";
import { temporaryFolder } from "../temporary-folders";
import { errorOf, plainText, printed, resultText } from "./scenario";

let kernel: KernelClient;
beforeAll(async () => {
  const [node, ...rest] = kernelArgv().filter((word, at, all) => ![word, all[at - 1]].includes("--snapshot-blob"));
  kernel = await KernelClient.start({ argv: [node, "--expose-gc", ...rest] });
});
afterAll(() => kernel.shutdown());

const run = (code: string, options = {}) =>
  kernel.execute(code, { timeoutMs: 20_000, stop_on_error: false, ...options });

/** Starts a cell and waits until a message shows that it is at work. */
async function started(code: string, shows: string): Promise<{ running: ReturnType<typeof run> }> {
  let works: () => void = () => undefined;
  const working = new Promise<void>((resolve) => (works = resolve));
  const onMessage = ({ header }: { header: { msg_type: string } }) => header.msg_type === shows && works();
  const running = run(code, { onMessage });
  await working;
  return { running };
}

describe("lib in a cell", () => {
  test("is imported by its name and by its areas', typed", async () => {
    const code =
      'import { core } from "recsys-unlearning";\nimport { Random } from "recsys-unlearning/core";\n' +
      "const draw: number = Random.fromSeed(1).uniform(); [draw < 1, core.Random === Random]";
    expect(resultText(await run(code))).toBe("[ true, true ]");
    const wrong = await run('const text: string = core.Random.fromSeed("one");');
    expect(plainText(errorOf(wrong)?.traceback.join("\n") ?? "")).toMatch(/TS2345.*not assignable to parameter/);
  });

  test("shows its doc comments on hover, on the name and among the arguments", async () => {
    const code = 'import { requireOneOf } from "recsys-unlearning/core"; requireOneOf("a", "b", ["b"])';
    for (const cursor_pos of [code.indexOf("requireOneOf(") + 3, code.length - 2]) {
      const { content } = await kernel.request("shell", "inspect_request", { code, cursor_pos, detail_level: 0 });
      const data = content["data"] as Record<string, string>;
      expect(data["text/plain"]).toContain("Checks one word against those allowed");
      expect(data["text/markdown"]).toContain("```typescript");
    }
  });

  test("completes names, counting in code points", async () => {
    const code = 'const smile = "😀"; "".toUpp';
    const { content } = await kernel.request("shell", "complete_request", { code, cursor_pos: [...code].length });
    expect(content["matches"]).toEqual(["toUpperCase"]);
    expect(content["cursor_start"]).toBe([...code].length - "toUpp".length);
  });

  test("completes the areas of lib in a module's name", async () => {
    const complete = async (code: string) => {
      const cursor_pos = [...code].length;
      return (await kernel.request("shell", "complete_request", { code, cursor_pos })).content;
    };
    const all = await complete('const smile = "😀"; import { x } from "recsys-unlearning/');
    expect(all["matches"]).toEqual(expect.arrayContaining(["core", "data", "ifru", "notebook"]));
    const some = await complete("await import('recsys-unlearning/no");
    expect(some).toMatchObject({ matches: ["notebook"], cursor_start: 32, cursor_end: 34 });
    expect((await complete('const text = "recsys-unlearning/'))["matches"]).toEqual([]);
  });

  test("throws errors whose frames lie in its sources and in the cell", async () => {
    const execution = await run(
      'import { core as c } from "recsys-unlearning";\n\nc.requireNumber("epochs", -1, { min: 1 });',
    );
    const error = errorOf(execution);
    expect(error?.ename).toBe("InvalidOptionError");
    const traceback = plainText(error?.traceback.join("\n") ?? "");
    expect(traceback).toMatch(/at .*requireNumber \(lib\/core\/options\.ts:\d+:\d+\)/);
    expect(traceback).toMatch(/cell\[\d+\]:3:3/);
    expect(traceback).toMatch(/> 3 \| c\.requireNumber/);
    expect(traceback).not.toContain(process.cwd());
  });
});

test("an error in a function of an earlier cell points there and at the call", async () => {
  const first = await run(
    "function divide(a: number, b: number): number {\n  if (b === 0) throw new Error('by zero');\n  return a / b;\n}",
  );
  const second = await run("// one\nawait null;\ndivide(1, 0);");
  const traceback = plainText(errorOf(second)?.traceback.join("\n") ?? "");
  expect(traceback).toContain(`cell[${first.executionCount}]:2:`);
  expect(traceback).toContain(`cell[${second.executionCount}]:3:1`);
  expect(traceback).toMatch(/> 2 \| {3}if \(b === 0\) throw/);
});

describe("displays", () => {
  const [htmlType, textType] = ["text/html", "text/plain"];

  test("a value shows itself through Symbol.for('Jupyter.display'), a promise of a bundle too", async () => {
    const code = `({ [Symbol.for("Jupyter.display")]: async () => ({ "${htmlType}": "<b>x</b>", "${textType}": "x" }) })`;
    const [output] = (await run(code)).outputs;
    expect(output).toMatchObject({ output_type: "execute_result", data: { [htmlType]: "<b>x</b>", [textType]: "x" } });
  });

  test("tslab's displays keep their place among printed lines, and update", async () => {
    const code =
      'import * as tslab from "tslab"; console.log(1); const shown = tslab.newDisplay(); shown.text("a"); console.log(2); shown.text("b");';
    const kinds = (await run(code)).outputs.map((output: Output) =>
      output.output_type === "stream" ? output.text : "data" in output ? output.data[textType] : "",
    );
    expect(kinds).toEqual(["1\n", "b", "2\n"]);
  });

  test("progress is one display that updates, and ends empty", async () => {
    const states: object[] = [];
    const code =
      'import { ProgressTask } from "recsys-unlearning/core";\nconst task = new ProgressTask("training", 10, "epochs");\n' +
      "for (let i = 1; i <= 10; i++) { await new Promise((r) => setTimeout(r, 100)); task.update(i); }\ntask.finish();";
    const { outputs } = await run(code, {
      onMessage: ({ header, content }: { header: { msg_type: string }; content: Record<string, unknown> }) => {
        if (header.msg_type.endsWith("display_data")) states.push(content["data"] as object);
      },
    });
    expect(states.length).toBeGreaterThan(2);
    expect(JSON.stringify(states[1])).toMatch(/training: \d+ of 10 epochs/);
    expect(outputs).toEqual([{ output_type: "display_data", data: {}, metadata: {} }]);
  });
});

test("progress of unknown size is counted, and what it says is no markup", () => {
  const sent: Record<string, unknown>[] = [];
  const display = new ProgressDisplay("progress", ({ data }) => sent.push(data));
  const work = {
    id: 1,
    label: "reading <b>",
    done: 3,
    unit: "rows",
    detail: "a & b",
    remainingMs: null,
    finished: false,
  };
  display.take({ ...work, total: null, elapsedMs: 299 });
  expect(sent).toEqual([]); // short work shows nothing
  display.take({ ...work, total: null, elapsedMs: 300 });
  expect(sent[0]["text/plain"]).toMatch(/^reading <b>: 3 rows/);
  expect(sent[0]["text/html"]).toMatch(/reading &#60;b/);
  expect(sent[0]["text/html"]).not.toMatch(/<b>|& b/);
});

describe("interrupts", () => {
  test.each([
    ["in a synchronous loop", "console.log(1); for (;;);"],
    ["in a synchronous loop after an await", "await new Promise((r) => setTimeout(r, 10)); console.log(1); for (;;);"],
    ["in an endless wait", "console.log(1); await new Promise(() => undefined);"],
    ["in a loop of promises", "console.log(1); for (;;) await null;"],
    ["in a callback", "await new Promise(() => setTimeout(() => { console.log(1); for (;;); }, 10));"],
  ])("%s: the cell fails by name, the next one runs with the variables as they were", async (_, code) => {
    await run("let kept = 1;");
    const { running } = await started(code, "stream");
    await kernel.interrupt();
    const execution = await running;
    expect(execution.status).toBe("error"); // not "timeout", which interrupts as well
    expect(errorOf(execution)?.ename).toBe("Interrupted");
    expect(resultText(await run("kept + 1"))).toBe("2");
  });

  test("long work of lib ends by its signal, about as soon as a wait, and runs its cleaning up", async () => {
    const interruptedAfter = async (cell: string) => {
      const { running } = await started(cell, "stream");
      const start = performance.now();
      await kernel.interrupt();
      return { execution: await running, ms: performance.now() - start };
    };
    const code =
      'import { Breather } from "recsys-unlearning/core";\nconst breather = new Breather("training");\n' +
      "console.log('works'); try { for (;;) await breather.breathe(); } finally { console.log('cleaned up'); }";
    const [work, wait]: number[][] = [[], []];
    for (let round = 0; round < 6; round++) {
      wait.push((await interruptedAfter("console.log('waits'); await new Promise(() => undefined);")).ms);
      const { execution, ms } = await interruptedAfter(code);
      work.push(ms);
      expect(printed(execution.outputs)).toBe("works\ncleaned up\n");
      expect(errorOf(execution)).toMatchObject({ ename: "Interrupted", evalue: "training was interrupted" });
    }
    // The best of three, for machines with other things to do. Work looks at its signal every 50 ms.
    expect(Math.min(...work) / (Math.min(...wait) + 50)).toBeLessThan(3);
  });
});

describe("an interrupt ends the cell the first time", () => {
  test("while it is being compiled: nothing of it runs, and the compiler is whole afterwards", async () => {
    const types = "type Long<N extends number, T extends 0[] = []> = T['length'] extends N ? T : Long<N, [...T, 0]>;\n";
    const slow = Array.from({ length: 40 }, (_, i) => `let list${i}: Long<${300 + i}>;`).join("\n");
    const running = run(`${types}${slow}\nconsole.log('ran'); await new Promise((r) => setTimeout(r, 5000));`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await kernel.interrupt();
    const execution = await running;
    expect(errorOf(execution)?.ename).toBe("Interrupted");
    expect(printed(execution.outputs)).toBe("");
    expect(plainText(errorOf(await run("const no: string = 5;"))?.traceback.join("\n") ?? "")).toMatch(/TS2322/);
  });

  test("when it goes into a loop in the time it has to end in good order", async () => {
    const code = "console.log('waits'); await new Promise((r) => setTimeout(r, 150)); for (;;);";
    const { running } = await started(code, "stream");
    await kernel.interrupt();
    expect(errorOf(await running)?.ename).toBe("Interrupted");
    expect(resultText(await run("'next'"))).toBe("next");
  });

  test("soon, where it cannot read messages: the variables are there, and the next cell runs", async () => {
    await run("let held = 41;");
    const taken: number[] = [];
    for (let round = 0; round < 3; round++) {
      const { running } = await started("console.log('loops'); held = 42; for (;;);", "stream");
      const start = performance.now();
      await kernel.interrupt();
      expect(errorOf(await running)?.ename).toBe("Interrupted");
      taken.push(performance.now() - start);
    }
    expect(Math.min(...taken)).toBeLessThan(390); // less than what asynchronous work has to notice
    expect(Math.max(...taken)).toBeLessThan(10_000); // none is lost that comes at once after another
    expect(resultText(await run("held"))).toBe("42");
  });

  test("not in the middle of a module that a cell loads", async () => {
    const folder = temporaryFolder("slow-module-");
    const slow = "const to = Date.now() + 250; while (Date.now() < to); globalThis.isWhole = true;";
    await writeFile(join(folder, "slow.js"), slow);
    const code = `console.log("loads"); eval("require")(${JSON.stringify(join(folder, "slow.js"))}); for (;;);`;
    const { running } = await started(code, "stream");
    await kernel.interrupt();
    expect(errorOf(await running)?.ename).toBe("Interrupted");
    expect(resultText(await run("(globalThis as any).isWhole"))).toBe("true");
  });
});

describe("interrupts of lib", () => {
  test("an interrupt is over with its cell: the next cell is not hit by what was left of it", async () => {
    const code =
      'import { Breather as B } from "recsys-unlearning/core"; const b = new B("work");\n' +
      "console.log('works'); for (;;) await b.breathe();";
    const { running } = await started(code, "stream");
    await kernel.interrupt();
    await running;
    expect(resultText(await run("await new Promise((r) => setTimeout(r, 600)); 'whole'"))).toBe("whole");
  });

  test("training ends by name, what it held is given back, and the same training runs again", async () => {
    await run(
      'import { generateInteractions, ifruSplit } from "recsys-unlearning/data";\n' +
        'import { fitMf } from "recsys-unlearning/training";\n' +
        "const { train, valid } = ifruSplit(generateInteractions({ seed: 1 }), { seed: 1 });\n" +
        "const fitFor = (patience: number, epochs: number) => fitMf(train, valid, { seed: 1, patience, epochs });",
    );
    const heldBytes = async () => Number(resultText(await run("gc?.(); process.memoryUsage().arrayBuffers")));
    await run("await fitFor(1, 2);");
    const before = await heldBytes();
    for (let round = 0; round < 3; round++) {
      const { running } = await started("await fitFor(1e6, 1e6);", "display_data"); // of its progress
      await kernel.interrupt();
      const execution = await running;
      expect(errorOf(execution)).toMatchObject({
        ename: "Interrupted",
        evalue: expect.stringContaining("training") as string,
      });
    }
    expect((await heldBytes()) - before).toBeLessThan(20e6);
    expect(resultText(await run("(await fitFor(1, 2)).epochs"))).toBe("2");
  });
});

test("process.exit fails the cell and spares the kernel", async () => {
  const execution = await run("process.exit(3)");
  expect(errorOf(execution)?.ename).toBe("ProcessExitError");
  expect(resultText(await run("'alive'"))).toBe("alive");
});
