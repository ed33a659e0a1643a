import { data } from "recsys-unlearning";
import { describe, expect } from "vitest";
import { long } from "../../long";

const folder = process.env["RECSYS_DATA"] ?? "";

// real files: run where RECSYS_DATA names a folder that holds them
describe.skipIf(folder === "").each(["ml-100k", "ml-1m"])("requests on %s", (name) => {
  long("by user, period and predicate agree with a plain count over its rows", async () => {
    const { interactions } = await data.loadDataset(name);
    const { train } = data.ifruSplit(interactions, { forgetFraction: 0 });
    const first = train.users.toRaw(0);
    const rows = [...train.user.keys()];
    expect([...data.usersRequest(train, [first]).forgetRows]).toEqual(rows.filter((row) => train.user[row] === 0));
    const times = train.time as Float64Array;
    const middle = times.slice().sort()[times.length >> 1];
    const late = data.periodRequest(train, { from: middle });
    expect(late.forgetRows.length).toBe(rows.filter((row) => times[row] >= middle).length);
    const same = data.rowsRequest(train, ({ time }) => time !== null && time >= middle, "late");
    expect(same.description.rowsSha256).toBe(late.description.rowsSha256);
    expect(() => data.usersRequest(train, ["0", first, "-1"])).toThrow(/2 of 3 users .*"0", "-1"/);
  });
});
