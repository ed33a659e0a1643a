import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DownloadError, EngineError, redirectAnnouncements, sha256 } from "../../lib/core";
import { openBlasWheel } from "../../lib/engine/blas/wheels";
import { fetchWheel, type Wheel } from "../../lib/engine/native/wheel";

describe("the wheel with OpenBLAS", () => {
  it.each([
    ["linux", "x64"],
    ["linux", "arm64"],
    ["darwin", "x64"],
    ["darwin", "arm64"],
    ["win32", "x64"],
  ])("is pinned for %s-%s", (platform, arch) => {
    const { requirement, platforms, sha256: sum, address } = openBlasWheel(platform, arch);
    expect(requirement).toMatch(/^scipy-openblas32==\d/);
    expect(sum).toMatch(/^[0-9a-f]{64}$/);
    const file = new URL(address!).pathname.split("/").pop();
    expect(file).toContain(`${requirement.split("==")[1]}-py3-none-${platforms[0]}`);
  });

  it("is refused for a platform that has none", () => {
    expect(() => openBlasWheel("freebsd", "x64")).toThrow(EngineError);
    expect(() => openBlasWheel("freebsd", "x64")).toThrow(/no OpenBLAS for freebsd-x64[\s\S]*keep the wasm engine/);
  });
});

describe("fetching a wheel", () => {
  const content = Buffer.from("a wheel");
  let [server, host, folder]: [Server | undefined, string, string] = [undefined, "", ""];
  const wheel = (changes: Partial<Wheel> = {}): Wheel => ({
    ...{ requirement: "some==1", platforms: ["any"], sha256: sha256(content), ...changes },
  });
  const noPip = () => Promise.reject(new EngineError("there is no pip"));
  const pip = async () => {
    await writeFile(join(folder, "some.whl"), content);
    return "";
  };
  const said: string[] = [];

  beforeAll(async () => {
    server = createServer(({ url }, response) => response.writeHead(url === "/a.whl" ? 200 : 404).end(content));
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server!.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "wheel-"));
    said.length = 0;
    redirectAnnouncements((line) => said.push(line));
  });

  it("takes what pip gives", async () => {
    expect(await fetchWheel(wheel({ address: `http://${host}/none` }), folder, pip)).toBe(join(folder, "some.whl"));
    expect(said).toEqual([]);
  });

  it("goes to its own address where pip gives none, and says so", async () => {
    const path = await fetchWheel(wheel({ address: `http://${host}/a.whl` }), folder, noPip);
    expect(await readFile(path)).toEqual(content);
    expect(said).toEqual([`pip does not give some==1; downloading it from ${host}`]);
  });

  it("is pip's error where there is no other address", async () => {
    await expect(fetchWheel(wheel(), folder, noPip)).rejects.toThrow("there is no pip");
  });

  it("says who does not answer", async () => {
    const none = fetchWheel(wheel({ address: `http://${host}/none.whl` }), folder, noPip);
    await expect(none).rejects.toThrow(/none\.whl cannot be had from 127\.0\.0\.1:\d+: .*404[\s\S]*remedy/);
    const nobody = fetchWheel(wheel({ address: "http://127.0.0.1:9/a.whl" }), folder, noPip);
    await expect(nobody).rejects.toThrow(DownloadError);
  });

  it.each([
    ["pip", pip],
    ["its address", noPip],
  ])("refuses another file from %s", async (_from, run) => {
    const other = wheel({ sha256: "0".repeat(64), address: `http://${host}/a.whl` });
    await expect(fetchWheel(other, folder, run)).rejects.toThrow(/has the checksum [0-9a-f]{64}, not 0{64}/);
  });
});
