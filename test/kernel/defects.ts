import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { inRepository } from "recsys-unlearning/core";
import { describe, errorOf, expectThat, plainText, printed, resultText, type Scenario } from "./scenario";

const timeoutMs = 4000;

/** Every form of an await outside functions, with the value of the cell. */
const awaitForms: readonly [code: string, value: string][] = [
  ["await (async () => 1)()", "1"],
  ["await [2]", "[ 2 ]"],
  ["await `3`", "3"],
  ["let total = 0; for await (const x of [1, Promise.resolve(3)]) total += x; total", "4"],
  ["const five = await (Promise.resolve(5)); five", "5"],
  ["let six = 0; if (six === 0) { six = await (Promise.resolve(6)); } six", "6"],
  ["class Base7 extends (await (Promise.resolve(Object))) {}; new Base7() instanceof Object", "true"],
  ["const o8 = { [await (Promise.resolve('k'))]: 8 }; o8.k", "8"],
  ["`${await (Promise.resolve(9))}`", "9"],
  ["await Promise.resolve(10)", "10"],
];

/** The four serious defects of plain tslab 1.0.22. Ours has none. */
export const seriousDefects: readonly Scenario[] = [
  {
    name: "an exception is an error message, and the reply carries it",
    plain: "lacks",
    run: async (bench) => {
      const kernel = await bench.shared();
      const execution = await kernel.execute('throw new RangeError("too far")', { stop_on_error: false, timeoutMs });
      const error = errorOf(execution);
      expectThat(error?.ename === "RangeError" && error.evalue === "too far", describe(execution));
      expectThat(execution.reply["ename"] === "RangeError", JSON.stringify(execution.reply));
      expectThat(error.traceback.length > 0, "no traceback");
    },
  },
  {
    name: "a type error is an error message that points at its line",
    plain: "lacks",
    run: async (bench) => {
      const kernel = await bench.shared();
      const code = 'const fine = 1;\nconst wrong: number = "text";';
      const execution = await kernel.execute(code, { stop_on_error: false, timeoutMs });
      const traceback = plainText(errorOf(execution)?.traceback.join("\n") ?? "");
      expectThat(/TS2322/.test(traceback) && /> 2 \| const wrong/.test(traceback), describe(execution));
    },
  },
  {
    name: "a client that sends one cell after another loses none after an error",
    plain: "lacks",
    run: async (bench) => {
      const kernel = await bench.shared();
      await kernel.execute('throw new Error("first")', { timeoutMs });
      const next = await kernel.execute('console.log("ran")', { timeoutMs });
      expectThat(next.status === "ok" && printed(next.outputs) === "ran\n", describe(next));
    },
  },
  {
    name: "cells that were queued behind an error are aborted and have no number",
    plain: "lacks",
    run: async (bench) => {
      const kernel = await bench.shared();
      const [, ...queued] = await Promise.all(
        ['throw new Error("first")', "globalThis.ran = true", "globalThis.ran = true"].map((code) =>
          kernel.execute(code, { timeoutMs }),
        ),
      );
      for (const execution of queued) {
        expectThat(execution.reply["status"] === "aborted", JSON.stringify(execution.reply));
        expectThat(execution.executionCount === null, "a number");
      }
      const after = await kernel.execute("'ran' in globalThis", { timeoutMs });
      expectThat(resultText(after) === "false", "a queued cell ran");
    },
  },
  {
    name: "20,000 printed lines arrive complete and in order, and so does the idle status",
    plain: "lacks",
    run: async (bench) => {
      const kernel = await bench.shared();
      let idle = false;
      const code = "for (let i = 0; i < 20000; i++) console.log(i);";
      const execution = await kernel.execute(code, {
        timeoutMs: 20_000,
        onMessage: ({ content }) => (idle ||= content["execution_state"] === "idle"),
      });
      const lines = printed(execution.outputs).trimEnd().split("\n");
      expectThat(lines.length === 20_000, `${lines.length} lines`);
      expectThat(
        lines.every((line, index) => line === String(index)),
        "lines out of order",
      );
      expectThat(idle, "no idle status");
    },
  },
  ...awaitForms.map(([code, value]): Scenario => ({
    name: `top-level await: ${code}`,
    plain: /await [([`]|for await/.test(code) ? "lacks" : "has",
    run: async (bench) => {
      const execution = await (await bench.shared()).execute(code, { stop_on_error: false, timeoutMs });
      // Plain tslab prints the value instead.
      const shown = resultText(execution) ?? printed(execution.outputs).trim();
      expectThat(execution.status === "ok" && shown === value, describe(execution));
    },
  })),
];

/** The smaller ones. */
export const smallDefects: readonly Scenario[] = [
  {
    name: "execute_input is sent with the cell's number",
    plain: "lacks",
    run: async (bench) => {
      const kernel = await bench.shared();
      let count: unknown;
      const execution = await kernel.execute("1", {
        timeoutMs,
        onMessage: ({ header, content }) => {
          if (header.msg_type === "execute_input") count = content["execution_count"];
        },
      });
      expectThat(typeof count === "number" && count === execution.executionCount, `execution_count ${String(count)}`);
    },
  },
  {
    name: "the last expression is an execute_result",
    plain: "lacks",
    run: async (bench) => {
      const execution = await (await bench.shared()).execute("40 + 2", { timeoutMs });
      expectThat(resultText(execution) === "42", describe(execution));
    },
  },
  {
    name: "open handles do not keep the kernel alive after shutdown",
    plain: "lacks",
    run: async (bench) => {
      const kernel = await bench.start();
      await kernel.execute("setInterval(() => {}, 1000);", { timeoutMs });
      await kernel.shutdown();
      const exit = await kernel.exited;
      expectThat(exit.code === 0, JSON.stringify(exit));
    },
  },
  {
    name: "process.stdout.write calls back",
    plain: "lacks",
    run: async (bench) => {
      const code = "await new Promise<void>((resolve) => process.stdout.write('x', () => resolve())); 'called'";
      const execution = await (await bench.shared()).execute(code, { timeoutMs: 1500 });
      if (execution.status === "timeout") await bench.discard();
      expectThat(execution.status === "ok", describe(execution));
    },
  },
  {
    name: "comm_info_request is answered by comm_info_reply",
    plain: "lacks",
    run: async (bench) => {
      const { header } = await (await bench.shared()).request("shell", "comm_info_request");
      expectThat(header.msg_type === "comm_info_reply", header.msg_type);
    },
  },
  {
    name: "a rejection that nobody handles fails its cell",
    plain: "lacks",
    run: async (bench) => {
      const kernel = await bench.shared();
      const execution = await kernel.execute('void Promise.reject(new Error("lost")); "done"', { timeoutMs });
      expectThat(execution.status === "error" && errorOf(execution)?.evalue === "lost", describe(execution));
    },
  },
  {
    name: "cells are checked with strict types",
    plain: "lacks",
    run: async (bench) => {
      const code = "const maybe: string | undefined = [].at(0);\nmaybe.length";
      const execution = await (await bench.shared()).execute(code, { stop_on_error: false, timeoutMs });
      expectThat(/TS(18048|2532)/.test(plainText(errorOf(execution)?.traceback.join() ?? "")), describe(execution));
    },
  },
  {
    name: "the current folder is the notebook's",
    plain: "has",
    run: async (bench) => {
      const code = 'import { existsSync } from "node:fs"; existsSync("kernel/defects.ts") ? "notebook" : process.cwd()';
      const execution = await (await bench.shared()).execute(code, { timeoutMs });
      expectThat((resultText(execution) ?? printed(execution.outputs).trim()) === "notebook", describe(execution));
    },
  },
  {
    name: "a shorthand property takes the variable of an earlier cell",
    plain: "lacks",
    run: async (bench) => {
      const kernel = await bench.shared();
      await kernel.execute("let shorthand = 1;", { timeoutMs });
      const execution = await kernel.execute("({ shorthand = 5 } = { shorthand: 7 }); ({ shorthand }).shorthand", {
        stop_on_error: false,
        timeoutMs,
      });
      expectThat(resultText(execution) === "7", describe(execution));
    },
  },
  {
    name: "a package that a cell missed can be installed, and the cells after it run",
    plain: "lacks",
    run: async (bench) => {
      const kernel = await bench.start(inRepository());
      const installed = inRepository("node_modules", `probe-${process.pid}-${bench.name}`);
      const code = `import { seven } from "${basename(installed)}"; seven`;
      try {
        await kernel.execute(code, { stop_on_error: false, timeoutMs });
        await pause();
        mkdirSync(installed);
        writeFileSync(join(installed, "package.json"), '{ "main": "index.js", "types": "index.d.ts" }');
        writeFileSync(join(installed, "index.js"), "exports.seven = 7;");
        writeFileSync(join(installed, "index.d.ts"), "export declare const seven: number;");
        let execution;
        for (let attempt = 0; attempt < 6 && execution?.status !== "ok"; attempt++) {
          await pause();
          execution = await kernel.execute(code, { stop_on_error: false, timeoutMs });
        }
        expectThat(execution?.status === "ok", execution === undefined ? "" : describe(execution));
      } finally {
        rmSync(installed, { recursive: true, force: true });
        await kernel.shutdown();
      }
    },
  },
];

/** Long enough for the compiler to hear of a change in the file system. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 700));
}
