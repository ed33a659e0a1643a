import { retainedRows, rowCount, selectRows } from "../../data";
import type { Task } from "../../experiments";
import { loadRatingsModel } from "./models";
import type { Ratings } from "./types";

/** Ratings: predict labels 0 and 1 of user-item pairs, forget some of the rows they were learnt from. */
export const ratingsTask: Omit<Task<Ratings>, "requests" | "audits"> = {
  code: __filename,

  rows({ split: { train }, request }, learner) {
    return learner === "original" ? train : selectRows(train, retainedRows(train, request.forgetRows));
  },

  rowCount,

  /** Logits on the test rows, the validation rows and the rows to forget. */
  scores(model, { split: { test, valid }, request: { train, forgetRows } }) {
    const at = (column: Int32Array) => forgetRows.map((row) => column[row]);
    return {
      test: model.score(test.user, test.item),
      valid: model.score(valid.user, valid.item),
      forget: model.score(at(train.user), at(train.item)),
    };
  },

  save: (model, path) => model.save(path),
  load: loadRatingsModel,
};
