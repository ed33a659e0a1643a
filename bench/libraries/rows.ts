import { mf } from "./mf";
import { officialGru4rec } from "./official-gru4rec";
import { recBoleGru4rec, recBoleSasrec } from "./recbole";

export const { epoch: libraryGru4recEpoch, evaluation: libraryGru4recEvaluation } = recBoleGru4rec;
export const { epoch: librarySasrecEpoch, evaluation: librarySasrecEvaluation } = recBoleSasrec;
export const { epoch: libraryOfficialEpoch, evaluation: libraryOfficialEvaluation } = officialGru4rec;
export const { epoch: libraryMfEpoch, evaluation: libraryMfEvaluation } = mf;
