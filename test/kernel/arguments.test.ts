import { expect, test } from "vitest";
import { connectionFileIn } from "../../kernel/server/arguments";

test.each([
  [["--config-path", "c.json"]],
  [["-f", "c.json"]],
  [["--f=c.json", "--colors=NoColor"]],
  [["stray", "-x", "--HistoryManager.enabled=False", "--config-path", "c.json", "more"]],
  [["--IPKernelApp.connection_file=c.json"]],
  [["c.json"]],
])("the connection file among %j", (given) => {
  expect(connectionFileIn(given)).toBe("c.json");
});

test("none is named", () => {
  expect(() => connectionFileIn(["--config-path"])).toThrow(/--config-path CONNECTION_FILE/);
});
