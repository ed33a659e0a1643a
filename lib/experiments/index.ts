export { studyRequests, type RequestStudy, type RequestStudyOptions, type RequestStudyRow } from "./request-study";
export { requestStageTable, requestStudyTable } from "./request-study-table";
