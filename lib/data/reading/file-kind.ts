import { InvalidDataError } from "../../core";

/** The bytes that a kind is told from. */
export const headBytes = 512;

/** What a file is by its first bytes: read as it is, unpacked, or not read. */
export type FileKind = "plain" | "gzip" | "zip" | "parquet";

interface UnreadKind {
  /** What it is, with its article. */
  readonly name: string;
  readonly remedy: string;
  /** Where its mark stands. */
  readonly at?: number;
  readonly mark: readonly number[] | string;
  /** Whether a zero byte must be near, since the mark may begin a text. */
  readonly binary?: boolean;
}

const table = (how: string) => `write its table as CSV or Parquet: ${how}`;

const unreadKinds: readonly UnreadKind[] = [
  { name: "a tar archive", at: 257, mark: "ustar", remedy: "unpack it and give one file: tar -xf FILE" },
  { name: "a bzip2 file", at: 4, mark: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], remedy: "unpack it: bunzip2 -k FILE" },
  { name: "an xz file", mark: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], remedy: "unpack it: unxz -k FILE" },
  { name: "a zstd file", mark: [0x28, 0xb5, 0x2f, 0xfd], remedy: "unpack it: unzstd FILE" },
  { name: "an lz4 file", mark: [0x04, 0x22, 0x4d, 0x18], remedy: "unpack it: unlz4 FILE" },
  { name: "an lzip file", mark: "LZIP", binary: true, remedy: "unpack it: lzip -dk FILE" },
  {
    name: "a 7z archive",
    mark: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
    remedy: "unpack it and give one file: 7z x FILE",
  },
  { name: "a RAR archive", mark: "Rar!", binary: true, remedy: "unpack it and give one file: unrar x FILE" },
  { name: "a compress (.Z) file", mark: [0x1f, 0x9d], remedy: "unpack it: uncompress FILE" },
  {
    name: "an SQLite database",
    mark: "SQLite format 3\0",
    remedy: table("sqlite3 -header -csv FILE 'select * from TABLE'"),
  },
  { name: "a NumPy array (.npy)", mark: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], remedy: table("numpy.savetxt") },
  {
    name: "an HDF5 file",
    mark: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a],
    remedy: table("pandas.read_hdf, then to_csv"),
  },
  { name: "an Arrow or Feather file", mark: "ARROW1", remedy: table("pandas.read_feather, then to_csv") },
  { name: "a Feather file", mark: "FEA1", binary: true, remedy: table("pandas.read_feather, then to_csv") },
  { name: "an Avro file", mark: "Obj\u0001", binary: true, remedy: table("fastavro, then csv") },
  { name: "an ORC file", mark: "ORC", binary: true, remedy: table("pandas.read_orc, then to_csv") },
  { name: "an encrypted Parquet file", mark: "PARE", binary: true, remedy: "write it without encryption" },
  {
    name: "an old Excel workbook (.xls)",
    mark: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    remedy: "save its sheet as CSV",
  },
  { name: "a PDF document", mark: "%PDF-", remedy: "give the file of interactions itself" },
  { name: "a MATLAB file", mark: "MATLAB 5.0 MAT-file", remedy: table("scipy.io.loadmat, then csv") },
  { name: "an R file of saved objects", mark: "RDX", binary: true, remedy: table("write.csv in R") },
  { name: "a pickle", mark: [0x80, 0x02], remedy: table("pandas.read_pickle, then to_csv") },
  { name: "a pickle", mark: [0x80, 0x03], remedy: table("pandas.read_pickle, then to_csv") },
  { name: "a pickle", mark: [0x80, 0x04, 0x95], remedy: table("pandas.read_pickle, then to_csv") },
  { name: "a pickle", mark: [0x80, 0x05, 0x95], remedy: table("pandas.read_pickle, then to_csv") },
  {
    name: "a web page",
    mark: "<!DOCTYPE",
    remedy: "this is no data: the address may need a log-in; fetch the file again",
  },
  {
    name: "a web page",
    mark: "<!doctype",
    remedy: "this is no data: the address may need a log-in; fetch the file again",
  },
  { name: "a web page", mark: "<html", remedy: "this is no data: the address may need a log-in; fetch the file again" },
  { name: "an XML file", mark: "<?xml", remedy: "write its records as CSV or JSON lines" },
  { name: "a pointer of Git LFS", mark: "version https://git-lfs", remedy: "fetch the file itself: git lfs pull" },
];

/** What zip archives of other programs hold. */
const unreadArchives: readonly (readonly [RegExp, string, string])[] = [
  [/^xl\/workbook/, "an Excel workbook", "save its sheet as CSV"],
  [/^word\//, "a Word document", "give the file of interactions itself"],
  [/^content\.xml$/, "an OpenDocument file", "save its sheet as CSV"],
  [/\.npy$/, "a NumPy archive (.npz)", table("numpy.load, then numpy.savetxt")],
  [/(^|\/)data\.pkl$/, "a PyTorch file", table("torch.load, then csv")],
  [/^META-INF\//, "a Java archive", "give the file of interactions itself"],
];

/** What a file is. @param head its first `headBytes` bytes @throws InvalidDataError for a kind that is not read */
export function kindOf(head: Uint8Array, where: string): FileKind {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 0x03 || head[2] === 0x05)) return "zip";
  if (startsWith(head, "PAR1", 0)) return "parquet";
  requireText(head, where);
  return "plain";
}

/** @throws InvalidDataError when bytes, perhaps unpacked ones, begin a kind of file that is not read */
function requireText(head: Uint8Array, where: string): void {
  const kind = unreadKinds.find(
    ({ mark, at = 0, binary = false }) => startsWith(head, mark, at) && (!binary || head.includes(0)),
  );
  if (kind !== undefined) throw unread(kind.name, kind.remedy, where);
  if (isOldPickle(head)) throw unread("a pickle", table("pandas.read_pickle, then to_csv"), where);
}

/** @throws InvalidDataError when what was unpacked is packed itself */
export function requireUnpacked(head: Uint8Array, where: string): void {
  requireText(head, where);
  if (head[0] === 0x1f && head[1] === 0x8b)
    throw unread("a gzip file inside another archive", "unpack the outer one", where);
  if (startsWith(head, "PK\u0003\u0004", 0))
    throw unread("a zip archive inside another one", "unpack the outer one", where);
  if (startsWith(head, "PAR1", 0))
    throw unread("a packed Parquet file", "unpack it: Parquet is compressed inside", where);
}

/** @throws InvalidDataError when the members of a zip archive say that it is another program's file */
export function requireArchiveOfFiles(members: readonly string[], where: string): void {
  for (const [pattern, name, remedy] of unreadArchives)
    if (members.some((member) => pattern.test(member))) throw unread(name, remedy, where);
}

function unread(name: string, remedy: string, where: string): InvalidDataError {
  return new InvalidDataError(`this is ${name}`, { where, remedy });
}

function startsWith(head: Uint8Array, mark: readonly number[] | string, at: number): boolean {
  const bytes = typeof mark === "string" ? [...Buffer.from(mark, "latin1")] : mark;
  return head.length >= at + bytes.length && bytes.every((byte, k) => head[at + k] === byte);
}

/** Pickles of protocols 0 and 1, which are text in part: `(lp0` or `ccopy_reg`. */
function isOldPickle(head: Uint8Array): boolean {
  return /^(\([ldi]p?\d+\n|c(copy_reg|__builtin__|builtins|collections|numpy|pandas)[a-z_.]*\n)/.test(
    Buffer.from(head.subarray(0, 64)).toString("latin1"),
  );
}
