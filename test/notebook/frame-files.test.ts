// What danfo reads and writes, with safe packages in the place of those it asks for (SECURITY.md).
import { createServer, type Server } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { danfo, toFrame } from "recsys-unlearning/notebook";
import { table } from "recsys-unlearning/tables";

const folder = mkdtempSync(join(tmpdir(), "frame-files-"));
const { readCSV, readExcel, readJSON, toCSV, toExcel, toJSON } = danfo();
// Texts without commas or quotes: danfo's writer does not quote them.
const rows = [
  { film: "Amélie", stars: 4.5 },
  { film: "羅生門", stars: 3 },
];
const values = rows.map(({ film, stars }) => [film, stars]);
const frame = toFrame(table({ rows }));

let server: Server;
const address = (name: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;
beforeAll(async () => {
  server = createServer((request, response) => response.end(readFileSync(join(folder, request.url ?? ""))));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

describe("danfo gives back from a file and from a server what it wrote as", () => {
  it("CSV", async () => {
    toCSV(frame, { filePath: join(folder, "films.csv") });
    for (const place of [join(folder, "films.csv"), address("films.csv")])
      expect((await readCSV(place)).values).toEqual(values);
  });

  it("JSON", async () => {
    toJSON(frame, { filePath: join(folder, "films.json") });
    for (const place of [join(folder, "films.json"), address("films.json")])
      expect(((await readJSON(place)) as typeof frame).values).toEqual(values);
  });

  it("Excel", async () => {
    toExcel(frame, { filePath: join(folder, "films.xlsx") });
    for (const place of [join(folder, "films.xlsx"), address("films.xlsx")])
      expect(((await readExcel(place)) as typeof frame).values).toEqual(values);
  });
});

it("none of the versions with known faults is installed", () => {
  const { packages } = JSON.parse(readFileSync(inRepository("package-lock.json"), "utf8")) as {
    packages: Record<string, { name?: string; version?: string }>;
  };
  const least: Record<string, number> = { "tough-cookie": 5, "form-data": 4, uuid: 11 };
  const unsafe = Object.entries(packages).filter(([path, { name, version }]) => {
    const asked = path.split("node_modules/").at(-1) ?? "";
    const installed = name ?? asked;
    return installed === "request" || Number(version?.split(".")[0]) < (least[installed] ?? 0);
  });
  expect(unsafe.map(([path]) => path)).toEqual([]);
});
